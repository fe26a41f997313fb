// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/store/digest.h"
#include "gst/core/store/signature.h"

using namespace anim;

namespace {

std::string field(const Fields& fields, const std::string& name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& field) { return field.first == name; });
  return found == fields.end() ? std::string() : found->second;
}

// "…Signature=<this>".
std::string signature_in(const std::string& authorization) {
  const std::string name = "Signature=";
  return authorization.substr(authorization.find(name) + name.size());
}

// The request of the tests of the official Go client (signer_test.go).
RequestToSign oss_request() {
  RequestToSign request;
  request.method = "PUT";
  request.bucket = "bucket";
  request.key = "1234+-/123/1.txt";
  request.query = {{"param1", "value1"}, {"+param1", "value3"}, {"|param1", "value4"},
                   {"+param2", ""},      {"|param2", ""},       {"param2", ""}};
  return request;
}

const Credentials kShort = {"ak", "sk", ""};
const Credentials kAmazon = {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                             ""};
const SigningScope kAmazonScope = {StoreKind::S3, "us-east-1", "20130524T000000Z"};
const char* const kEmptySum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

RequestToSign amazon_request() {
  RequestToSign request;
  request.host = "examplebucket.s3.amazonaws.com";
  request.bucket = "examplebucket";
  request.payload_sha256 = kEmptySum;
  return request;
}

std::string amazon_signature(const RequestToSign& request) {
  return signature_in(field(signed_headers(request, kAmazonScope, kAmazon), "Authorization"));
}

}  // namespace

TEST_CASE("OSS: headers, as the official client signs them") {
  RequestToSign request = oss_request();
  request.headers = {{"x-oss-head1", "value"},
                     {"abc", "value"},
                     {"ZAbc", "value"},
                     {"XYZ", "value"},
                     {"content-type", "text/plain"}};
  const Fields headers =
      signed_headers(request, {StoreKind::Oss, "cn-hangzhou", "20231216T162057Z"}, kShort);
  CHECK(field(headers, "Authorization") ==
        "OSS4-HMAC-SHA256 Credential=ak/20231216/cn-hangzhou/oss/aliyun_v4_request,Signature="
        "e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe");
  CHECK(field(headers, "x-oss-content-sha256") == "UNSIGNED-PAYLOAD");
  CHECK(field(headers, "x-oss-date") == "20231216T162057Z");
  CHECK(field(headers, "XYZ") == "value");
}

TEST_CASE("OSS: additional headers are listed and signed") {
  RequestToSign request = oss_request();
  request.headers = {{"x-oss-head1", "value"},
                     {"abc", "value"},
                     {"ZAbc", "value"},
                     {"XYZ", "value"},
                     {"content-type", "text/plain"}};
  request.also_sign = {"ZAbc", "abc", "x-oss-head1"};
  const Fields headers =
      signed_headers(request, {StoreKind::Oss, "cn-hangzhou", "20231216T172512Z"}, kShort);
  CHECK(field(headers, "Authorization") ==
        "OSS4-HMAC-SHA256 Credential=ak/20231216/cn-hangzhou/oss/aliyun_v4_request,"
        "AdditionalHeaders=abc;zabc,Signature="
        "4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f");
}

TEST_CASE("OSS: a presigned query") {
  RequestToSign request = oss_request();
  request.headers = {{"x-oss-head1", "value"},
                     {"abc", "value"},
                     {"ZAbc", "value"},
                     {"XYZ", "value"},
                     {"content-type", "application/octet-stream"}};
  const Fields query =
      presigned_query(request, {StoreKind::Oss, "cn-hangzhou", "20231217T025437Z"}, kShort, 599);
  CHECK(field(query, "x-oss-signature") ==
        "a39966c61718be0d5b14e668088b3fa07601033f6518ac7b523100014269c0fe");
  CHECK(field(query, "x-oss-signature-version") == "OSS4-HMAC-SHA256");
  CHECK(field(query, "x-oss-date") == "20231217T025437Z");
  CHECK(field(query, "x-oss-expires") == "599");
  CHECK(field(query, "x-oss-credential") == "ak/20231217/cn-hangzhou/oss/aliyun_v4_request");
}

TEST_CASE("S3: the examples of the Amazon S3 API reference") {
  RequestToSign get = amazon_request();
  get.key = "test.txt";
  get.headers = {{"Range", "bytes=0-9"}};
  CHECK(field(signed_headers(get, kAmazonScope, kAmazon), "Authorization") ==
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");

  RequestToSign put = amazon_request();
  put.method = "PUT";
  put.key = "test$file.text";
  put.headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                 {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
  put.payload_sha256 = hex(sha256("Welcome to Amazon S3."));
  CHECK(amazon_signature(put) ==
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");

  RequestToSign lifecycle = amazon_request();
  lifecycle.query = {{"lifecycle", ""}};
  CHECK(amazon_signature(lifecycle) ==
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");

  RequestToSign list = amazon_request();
  list.query = {{"prefix", "J"}, {"max-keys", "2"}};
  CHECK(amazon_signature(list) ==
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST_CASE("S3: the presigned example of the Amazon S3 API reference") {
  RequestToSign get = amazon_request();
  get.key = "test.txt";
  const Fields query = presigned_query(get, kAmazonScope, kAmazon, 86400);
  CHECK(field(query, "X-Amz-Signature") ==
        "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
  CHECK(field(query, "X-Amz-SignedHeaders") == "host");
}

TEST_CASE("a session's token is sent and signed") {
  const Credentials session = {"ak", "sk", "the+token/="};
  RequestToSign request = oss_request();
  const SigningScope scope = {StoreKind::Oss, "cn-hangzhou", "20231216T162057Z"};
  const Fields headers = signed_headers(request, scope, session);
  CHECK(field(headers, "x-oss-security-token") == "the+token/=");
  CHECK(field(headers, "Authorization") !=
        field(signed_headers(request, scope, kShort), "Authorization"));
  CHECK(field(presigned_query(request, scope, session, 60), "x-oss-security-token") ==
        "the+token/=");
  CHECK(field(presigned_query(amazon_request(), kAmazonScope, session, 60),
              "X-Amz-Security-Token") == "the+token/=");
}

TEST_CASE("MNS: HMAC-SHA1 over verb, MD5, type, date, x-mns headers and resource") {
  const Fields headers = {{"Content-Type", "text/xml;charset=utf-8"},
                          {"Date", "Tue, 08 Dec 2015 06:13:40 GMT"},
                          {"x-mns-version", "2015-06-06"}};
  const std::string text =
      "POST\n\ntext/xml;charset=utf-8\nTue, 08 Dec 2015 06:13:40 GMT\nx-mns-version:2015-06-06\n"
      "/topics/t/messages";
  CHECK(mns_authorization("POST", "/topics/t/messages", headers, kShort) ==
        "MNS ak:" + base64(hmac_sha1("sk", text)));
  // Computed with `openssl dgst -sha1 -hmac sk -binary | base64`.
  CHECK(mns_authorization("POST", "/topics/t/messages", headers, kShort) ==
        "MNS ak:ABuPssyLi9+HsF+QsOlkTamamZM=");
}

TEST_CASE("names are percent-encoded byte by byte") {
  CHECK(percent_encoded("a-._~Z9") == "a-._~Z9");
  CHECK(percent_encoded("a b+c/%") == "a%20b%2Bc%2F%25");
  CHECK(percent_encoded("\xE4\xB8\xAD") == "%E4%B8%AD");
  CHECK(path_encoded("a b/c+d") == "a%20b/c%2Bd");
  CHECK(query_text({}).empty());
  CHECK(query_text({{"uploads", ""}, {"a b", "c&d"}}) == "?uploads&a%20b=c%26d");
}
