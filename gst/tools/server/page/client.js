// SPDX-License-Identifier: LGPL-2.1-or-later
// Calls of the service, signed with WebCrypto: ACS3-HMAC-SHA256 for tasks, OSS signature version 4
// for objects.

const encoder = new TextEncoder();
const hex = bytes => [...new Uint8Array(bytes)].map(b => b.toString(16).padStart(2, '0')).join('');
const sha256 = async text => hex(await crypto.subtle.digest('SHA-256', encoder.encode(text)));

async function hmac(key, text) {
  const bytes = typeof key === 'string' ? encoder.encode(key) : key;
  const hash = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', bytes, hash, false, ['sign']);
  return crypto.subtle.sign('HMAC', imported, encoder.encode(text));
}

// RFC 3986: all but letters, digits and - . _ ~.
const encode = text => encodeURIComponent(text)
  .replace(/[!'()*]/g, c => '%' + c.charCodeAt(0).toString(16).toUpperCase());
const encodePath = path => path.split('/').map(encode).join('/');

// The path of /bucket/key as a URL of this service: without a bucket it would be another host's.
function urlOf(path) {
  if (!/^\/[^/]/.test(path)) throw new Error('there is no bucket');
  return encodePath(path);
}

const now = () => new Date().toISOString().replace(/\.\d+/, '');

/** What the service refused: its code, its sentence and its HTTP status. */
export class ServiceError extends Error {
  constructor(code, message, status) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

// The refusal in an answer: JSON of a call, XML of an object.
async function refusal(answer) {
  const text = await answer.text();
  try {
    const { Code, Message } = JSON.parse(text);
    return new ServiceError(Code, Message, answer.status);
  } catch {
    const xml = new DOMParser().parseFromString(text, 'application/xml');
    const of = name => xml.querySelector(name)?.textContent;
    return new ServiceError(of('Code') || 'HTTP ' + answer.status, of('Message') || text,
      answer.status);
  }
}

/** One key's calls. */
export class Client {
  constructor(id, secret) {
    this.id = id;
    this.secret = secret;
  }

  /** An action of the API; `fields` that are no texts go as JSON, `signal` ends it. The body of the answer. */
  async call(action, fields, signal) {
    const query = Object.entries(fields)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])
      .map(pair => pair.map(encode).join('=')).sort().join('&');
    const payload = await sha256(query);
    const type = 'application/x-www-form-urlencoded';
    const headers = { 'content-type': type, host: location.host, 'x-acs-action': action,
      'x-acs-content-sha256': payload, 'x-acs-date': now(),
      'x-acs-signature-nonce': crypto.randomUUID(), 'x-acs-version': '2020-09-30' };
    const names = Object.keys(headers).sort();
    const canonical = ['POST', '/', '', ...names.map(name => `${name}:${headers[name]}`), '',
      names.join(';'), payload].join('\n');
    const algorithm = 'ACS3-HMAC-SHA256';
    const signature = hex(await hmac(this.secret, `${algorithm}\n${await sha256(canonical)}`));
    delete headers.host;  // the browser's own
    headers.authorization =
      `${algorithm} Credential=${this.id},SignedHeaders=${names.join(';')},Signature=${signature}`;
    const answer = await fetch('/', { method: 'POST', headers, body: query, signal });
    if (!answer.ok) throw await refusal(answer);
    return answer.json();
  }

  scope(date) {
    return `${date.slice(0, 8)}/local/oss/aliyun_v4_request`;
  }

  // The signature of a request to the store whose canonical form is `canonical`.
  async storeSignature(canonical, date) {
    const text = ['OSS4-HMAC-SHA256', date, this.scope(date), await sha256(canonical)].join('\n');
    let key = 'aliyun_v4' + this.secret;
    for (const step of [date.slice(0, 8), 'local', 'oss', 'aliyun_v4_request']) {
      key = await hmac(key, step);
    }
    return hex(await hmac(key, text));
  }

  /** Headers that sign a request to the store. `path` is /bucket/key, not encoded. */
  async storeHeaders(method, path, query = '', type = '') {
    const date = now().replace(/[-:]/g, '');
    const headers = { 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD', 'x-oss-date': date };
    if (type) headers['content-type'] = type;
    const lines = Object.keys(headers).sort().map(name => `${name}:${headers[name]}\n`).join('');
    const canonical = [method, encodePath(path), query, lines, '', 'UNSIGNED-PAYLOAD'].join('\n');
    const signature = await this.storeSignature(canonical, date);
    return { ...headers, authorization: 'OSS4-HMAC-SHA256 Credential=' +
      `${this.id}/${this.scope(date)},Signature=${signature}` };
  }

  /** A URL of an object, good for an hour: for what sends no headers, as a video element. */
  async objectUrl(path) {
    const date = now().replace(/[-:]/g, '');
    const fields = { 'x-oss-credential': `${this.id}/${this.scope(date)}`, 'x-oss-date': date,
      'x-oss-expires': '3600', 'x-oss-signature-version': 'OSS4-HMAC-SHA256' };
    const query = Object.entries(fields).map(pair => pair.map(encode).join('=')).join('&');
    const canonical = ['GET', encodePath(path), query, '', '', 'UNSIGNED-PAYLOAD'].join('\n');
    return `${urlOf(path)}?${query}&x-oss-signature=` +
      await this.storeSignature(canonical, date);
  }

  async storeXml(path, query) {
    const headers = await this.storeHeaders('GET', path, query);
    const url = path === '/' ? path : urlOf(path);
    const answer = await fetch(url + (query ? '?' + query : ''), { headers });
    if (!answer.ok) throw await refusal(answer);
    return new DOMParser().parseFromString(await answer.text(), 'application/xml');
  }

  /** The names of the buckets. */
  async buckets() {
    const xml = await this.storeXml('/', '');
    return [...xml.querySelectorAll('Bucket > Name')].map(name => name.textContent);
  }

  /** The first thousand keys of a bucket, and whether there are more. */
  async keys(bucket) {
    const xml = await this.storeXml(`/${bucket}/`, 'encoding-type=url&list-type=2&max-keys=1000');
    const names = [...xml.querySelectorAll('Contents > Key')];
    return { keys: names.map(name => decodeURIComponent(name.textContent)),
      isCut: xml.querySelector('IsTruncated')?.textContent === 'true' };
  }

  /** Whether there is an object at /bucket/key. */
  async has(path) {
    const headers = await this.storeHeaders('HEAD', path);
    const answer = await fetch(urlOf(path), { method: 'HEAD', headers });
    if (answer.status === 404) return false;
    if (!answer.ok) throw new ServiceError('HTTP ' + answer.status, 'the bucket does not say', answer.status);
    return true;
  }

  /** Puts a file at /bucket/key; `progress` is told the part that has been sent. */
  async put(path, file, progress) {
    const type = file.type || 'application/octet-stream';
    const headers = await this.storeHeaders('PUT', path, '', type);
    const request = new XMLHttpRequest();
    request.open('PUT', urlOf(path));
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = event => progress(event.loaded / event.total);
    await new Promise((resolve, reject) => {
      request.onload = resolve;
      request.onerror = () => reject(new ServiceError('Network', 'the connection broke', 0));
      request.send(file);
    });
    if (request.status !== 200) {
      throw await refusal(new Response(request.responseText, { status: request.status }));
    }
  }
}
