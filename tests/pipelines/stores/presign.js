// SPDX-License-Identifier: LGPL-2.1-or-later
// Signed URLs as the official clients make them, a line for each key (a JSON list on standard
// input): node presign.js MODULES oss|s3 ENDPOINT REGION BUCKET ID SECRET TOKEN
'use strict';
const path = require('path');
const [, , modules, kind, endpoint, region, bucket, id, secret, token] = process.argv;
const load = name => require(path.join(modules, name));

async function oss(keys) {
  const OSS = load('ali-oss');
  const client = new OSS({ endpoint, region: `oss-${region}`, bucket, accessKeyId: id,
    accessKeySecret: secret, stsToken: token || undefined, authorizationV4: true, secure: true });
  for (const key of keys) console.log(await client.signatureUrlV4('GET', 600, undefined, key));
}

async function s3(keys) {
  const { SignatureV4 } = load('@smithy/signature-v4');
  const { Sha256 } = load('@aws-crypto/sha256-js');
  const signer = new SignatureV4({ credentials: { accessKeyId: id, secretAccessKey: secret,
    sessionToken: token || undefined }, region, service: 's3', sha256: Sha256,
  uriEscapePath: false });
  const hidden = new Set(['x-amz-content-sha256']);
  for (const key of keys) {
    const encoded = key.split('/').map(part => encodeURIComponent(part)
      .replace(/[!'()*]/g, c => '%' + c.charCodeAt(0).toString(16).toUpperCase())).join('/');
    const host = `${bucket}.${endpoint}`;
    const signed = await signer.presign({ method: 'GET', protocol: 'https:', hostname: host,
      path: '/' + encoded, query: {}, headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
    { expiresIn: 600, unhoistableHeaders: hidden, unsignableHeaders: hidden });
    const query = Object.entries(signed.query)
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
    console.log(`https://${host}${signed.path}?${query}`);
  }
}

let text = '';
process.stdin.on('data', part => { text += part; }).on('end', () =>
  (kind === 'oss' ? oss : s3)(JSON.parse(text)));
