// SPDX-License-Identifier: LGPL-2.1-or-later
// An object store on loopback: s3rver keeps the objects; before it, every request's signature is
// made again by the official clients' own code (ali-oss, @smithy/signature-v4) and compared.
// Also a topic of MNS, a webhook, a redirect, and faults on demand.
//
// Usage: node store_server.js SETTINGS.json; prints its port. Settings: modules (folder of
// node_modules), directory, buckets, id, secret, token, region.
//   GET  /_/log      what was asked: method, path, host, status, bytes sent, bodies of messages
//   POST /_/faults   [{method, path?, status? | reset? | hang? | lost? | etag?}], each for one
//                    request: an answer, a reset after so many bytes, none, work without an answer
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const path = require('path');

const settings = JSON.parse(fs.readFileSync(process.argv[2]));
const load = name => require(path.join(settings.modules, name));
const ossSigning = load('ali-oss/lib/common/signUtils');
const { SignatureV4 } = load('@smithy/signature-v4');
const { Sha256 } = load('@aws-crypto/sha256-js');
const S3rver = load('s3rver');

const log = [];
let faults = [];

// Names and decoded values; null where there is no '='.
function queryOf(text) {
  const out = {};
  for (const part of text.split('&').filter(Boolean)) {
    const at = part.indexOf('=');
    const name = decodeURIComponent(at < 0 ? part : part.slice(0, at));
    out[name] = at < 0 ? null : decodeURIComponent(part.slice(at + 1));
  }
  return out;
}

function isFresh(stamp, seconds) {
  const iso = stamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const age = (Date.now() - Date.parse(iso)) / 1000;
  return age > -5 && age < seconds;
}

function verifyOss(req, target) {
  const { id, secret, region } = settings;
  const query = { ...target.query };
  if (req.headers.authorization) {
    const given = req.headers.authorization;
    const expected = ossSigning.authorizationV4(
      id, secret, region, req.method, { headers: req.headers, queries: query }, target.bucket,
      target.key, []);
    return given === expected && isFresh(req.headers['x-oss-date'], 900) &&
      (!settings.token || req.headers['x-oss-security-token'] === settings.token);
  }
  const given = query['x-oss-signature'];
  delete query['x-oss-signature'];
  const date = query['x-oss-date'];
  const canonical = ossSigning.getCanonicalRequest(
    req.method, { headers: {}, queries: query }, target.bucket, target.key, []);
  const expected = ossSigning.getSignatureV4(
    secret, date.split('T')[0], region, ossSigning.getStringToSign(region, date, canonical));
  return given === expected && isFresh(date, Number(query['x-oss-expires'])) &&
    (!settings.token || query['x-oss-security-token'] === settings.token);
}

function signer() {
  return new SignatureV4({
    credentials: { accessKeyId: settings.id, secretAccessKey: settings.secret,
      sessionToken: settings.token || undefined },
    region: settings.region, service: 's3', sha256: Sha256, uriEscapePath: false,
  });
}

const dateOf = stamp =>
  new Date(stamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));

async function verifyS3(req, target) {
  const query = {};
  for (const [name, value] of Object.entries(target.query)) query[name] = value ?? '';
  const request = { method: req.method, protocol: 'http:', hostname: '', path: target.path, query,
    headers: {} };
  if (req.headers.authorization) {
    const [, signed] = /SignedHeaders=([^,]*)/.exec(req.headers.authorization);
    for (const name of signed.split(';')) request.headers[name] = req.headers[name];
    const stamp = req.headers['x-amz-date'];
    const again = await signer().sign(request, { signingDate: dateOf(stamp) });
    return again.headers.authorization === req.headers.authorization && isFresh(stamp, 900);
  }
  const given = query['X-Amz-Signature'];
  const stamp = query['X-Amz-Date'];
  const expiresIn = Number(query['X-Amz-Expires']);
  for (const name of Object.keys(query)) if (name.startsWith('X-Amz-')) delete query[name];
  request.headers = { host: req.headers.host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
  const plain = new Set(['x-amz-content-sha256']);
  const again = await signer().presign(request, {
    expiresIn, signingDate: dateOf(stamp), unhoistableHeaders: plain, unsignableHeaders: plain });
  return again.query['X-Amz-Signature'] === given && isFresh(stamp, expiresIn);
}

// By the description of the protocol alone.
function verifyMns(req) {
  const extra = Object.keys(req.headers).filter(name => name.startsWith('x-mns-')).sort()
    .map(name => `${name}:${req.headers[name]}\n`).join('');
  const text = `${req.method}\n${req.headers['content-md5'] || ''}\n` +
    `${req.headers['content-type']}\n${req.headers.date}\n${extra}${req.url}`;
  const sum = crypto.createHmac('sha1', settings.secret).update(text).digest('base64');
  return req.headers.authorization === `MNS ${settings.id}:${sum}` &&
    Math.abs(Date.now() - Date.parse(req.headers.date)) < 900e3 &&
    (!settings.token || req.headers['security-token'] === settings.token);
}

// Bucket and key, of the path or with the bucket before the host ("bucket.store.localhost").
function targetOf(req) {
  const [encoded, query = ''] = req.url.split('?', 2);
  const virtual = /^([^.]+)\.store\.localhost(:|$)/.exec(req.headers.host || '');
  const full = virtual ? `/${virtual[1]}${encoded}` : encoded;
  const [, bucket, ...rest] = full.split('/');
  return { bucket, key: decodeURIComponent(rest.join('/')), query: queryOf(query), path: encoded,
    full };
}

function refuse(res, status, code) {
  res.writeHead(status, { 'Content-Type': 'application/xml' });
  res.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>refused</Message></Error>`);
}

function bodyOf(req) {
  return new Promise(resolve => {
    const parts = [];
    req.on('data', part => parts.push(part)).on('end', () => resolve(Buffer.concat(parts)));
  });
}

function takeFault(req) {
  const at = faults.findIndex(fault =>
    fault.method === req.method && (!fault.path || req.url.includes(fault.path)));
  return at < 0 ? null : faults.splice(at, 1)[0];
}

// True when the request ends here.
function fail(fault, req, res) {
  if (fault.status) {
    req.resume().on('end', () => refuse(res, fault.status, fault.code || 'InternalError'));
    return true;
  }
  if (fault.hang) return true;
  if (fault.reset !== undefined) {
    let got = 0;
    req.on('data', part => {
      got += part.length;
      if (got >= fault.reset) req.socket.resetAndDestroy();
    });
    return true;
  }
  if (fault.lost) {
    const end = res.end.bind(res);
    res.write = () => true;
    res.end = () => { req.socket.resetAndDestroy(); return end(); };
    return false;
  }
  const writeHead = res.writeHead.bind(res);
  res.writeHead = (status, ...rest) => {
    res.setHeader('ETag', fault.etag);
    return writeHead(status, ...rest);
  };
  return false;
}

async function main() {
  const completed = new Set();
  const app = new S3rver({ directory: settings.directory, silent: true,
    configureBuckets: settings.buckets.map(name => ({ name })) });
  await app.configureBuckets();
  const serve = app.callback();

  async function store(req, res, entry) {
    const target = targetOf(req);
    const oss = (req.headers.authorization || '').startsWith('OSS4-') ||
      'x-oss-signature' in target.query;
    entry.dialect = oss ? 'oss' : 's3';
    let verified = false;
    try {
      verified = await (oss ? verifyOss(req, target) : verifyS3(req, target));
    } catch (error) {
      entry.trouble = String(error);
    }
    if (!verified) {
      req.resume();
      refuse(res, 403, 'SignatureDoesNotMatch');
      return;
    }
    // What the stores answer, and s3rver does not.
    if (req.method === 'POST' && target.query.uploadId) {
      if (completed.has(target.query.uploadId)) {
        req.resume().on('end', () => refuse(res, 404, 'NoSuchUpload'));
        return;
      }
      completed.add(target.query.uploadId);
    }
    const query = Object.entries(target.query)
      .filter(([name]) => !/^x-(oss|amz)-/i.test(name))
      .map(([name, value]) => encodeURIComponent(name) +
        (value === null ? '' : '=' + encodeURIComponent(value))).join('&');
    req.url = target.full + (query ? '?' + query : '');
    for (const name of Object.keys(req.headers)) {
      if (/^(authorization|x-oss-.*|x-amz-.*)$/.test(name)) delete req.headers[name];
    }
    req.headers.host = 'localhost';
    serve(req, res);
  }

  const server = http.createServer(async (req, res) => {
    if (req.url === '/_/log') {
      res.end(JSON.stringify(log));
      return;
    }
    if (req.url === '/_/faults') {
      faults = JSON.parse(await bodyOf(req));
      res.end();
      return;
    }
    const entry = { method: req.method, path: req.url.split('?')[0], host: req.headers.host,
      type: req.headers['content-type'], range: req.headers.range, sent: 0 };
    log.push(entry);
    const write = res.write.bind(res);
    res.write = (part, ...rest) => {
      entry.sent += part.length;
      return write(part, ...rest);
    };
    res.on('close', () => { entry.status = res.statusCode; });
    const fault = takeFault(req);
    if (fault && fail(fault, req, res)) return;
    if (entry.path.startsWith('/redirect')) {
      res.writeHead(302, { Location: 'file:///etc/passwd' });
      res.end();
    } else if (entry.path === '/hook') {
      entry.body = (await bodyOf(req)).toString();
      res.end('taken');
    } else if (/^\/topics\/[^/]+\/messages$/.test(entry.path)) {
      entry.body = (await bodyOf(req)).toString();
      if (!verifyMns(req)) return refuse(res, 403, 'SignatureDoesNotMatch');
      res.writeHead(201, { 'Content-Type': 'text/xml' });
      res.end('<Message xmlns="http://mns.aliyuncs.com/doc/v1/"><MessageId>1</MessageId></Message>');
    } else {
      await store(req, res, entry);
    }
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
}

main();
