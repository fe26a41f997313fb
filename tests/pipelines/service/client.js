// SPDX-License-Identifier: LGPL-2.1-or-later
// The service's official client: a line of JSON in, a line of JSON out.
//   node client.js MODULES ENDPOINT ID SECRET
// {"call": ACTION, "request": {…}}  makes the call: {"body": …} or {"error": CODE, …}
// {"process": INSTRUCTIONS, "bucket": …, "key": …}  asks at a bucket, as ali-oss signs it
// {"sign": ACTION, "request": {…}, "headers": {…}}  signs it alone: {"method", "target", "headers"}
'use strict';
const path = require('path');
const readline = require('readline');
const [, , modules, endpoint, accessKeyId, accessKeySecret] = process.argv;
const load = name => require(path.join(modules, name));
const { default: Client, Config, OpenApiRequest, Params } = load('@alicloud/openapi-client');
const { default: OpenApi } = load('@alicloud/openapi-util');
const { default: Util, RuntimeOptions } = load('@alicloud/tea-util');

const client = new Client(new Config({ accessKeyId, accessKeySecret, endpoint, protocol: 'http' }));

// As the SDK of this API shrinks them: what is no text goes as JSON in a text.
function queryOf(request) {
  const shrunk = Object.entries(request).map(([name, value]) => [name, typeof value === 'object'
    ? OpenApi.arrayToStringWithSpecifiedStyle(value, name, 'json') : value]);
  return OpenApi.query(Object.fromEntries(shrunk));
}

async function call(action, request) {
  const params = new Params({ action, version: '2020-09-30', protocol: 'HTTPS', pathname: '/',
    method: 'POST', authType: 'AK', style: 'RPC', reqBodyType: 'formData', bodyType: 'json' });
  try {
    const answer = await client.callApi(params, new OpenApiRequest({ query: queryOf(request) }),
      new RuntimeOptions({ autoretry: false, readTimeout: 20000, connectTimeout: 20000 }));
    return { body: answer.body };
  } catch (error) {
    return { error: error.code || error.name, message: error.message, data: error.data };
  }
}

function sign(action, request, headers) {
  const algorithm = 'ACS3-HMAC-SHA256';
  const payload = OpenApi.hexEncode(OpenApi.hash(Util.toBytes(''), algorithm));
  const out = { method: 'POST', pathname: '/', query: queryOf(request), headers: {
    host: endpoint, 'x-acs-version': '2020-09-30', 'x-acs-action': action,
    'x-acs-date': OpenApi.getTimestamp(), 'x-acs-signature-nonce': Util.getNonce(),
    'x-acs-content-sha256': payload, ...headers } };
  out.headers.Authorization =
    OpenApi.getAuthorization(out, algorithm, payload, accessKeyId, accessKeySecret);
  const query = Object.entries(out.query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return { method: out.method, target: `/?${query}`, headers: out.headers };
}

async function ask(process, bucket, key) {
  const OSS = load('ali-oss');
  const store = new OSS({ endpoint: `http://${endpoint}`, region: 'oss-cn-hangzhou', bucket,
    accessKeyId, accessKeySecret, authorizationV4: true, sldEnable: true, secure: false });
  try {
    const { data } = await store.request({ method: 'POST', bucket, object: key,
      subres: 'x-oss-async-process', content: Buffer.from(`x-oss-async-process=${process}`),
      successStatuses: [200] });
    return { body: JSON.parse(data) };
  } catch (error) {
    return { error: error.code, message: error.message };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    const answer = async () => {
      if (command.call) return call(command.call, command.request);
      if (command.process) return ask(command.process, command.bucket, command.key);
      return sign(command.sign, command.request, command.headers);
    };
    console.log(JSON.stringify(await answer()));
  }
})();
