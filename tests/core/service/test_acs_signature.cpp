// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/service/acs_signature.h"
#include "signed_request.h"

using namespace anim::service;

// aliyun/darabonba-openapi, golang/utils/client_test.go.
TEST_CASE("the known answer of the official Go client") {
  const HttpHead head{
      .method = "", .target = "/?test=ok&empty=", .headers = {{"x-acs-test", "http,https"}}};
  const auto canonical = acs_canonical_request(
      head, {"x-acs-test"}, "55e12e91650d2fec56ec74e1d3e4ddbfce2ef3a65890c2a19ecf88a307e76a23");
  REQUIRE(canonical);
  CHECK(acs_signature(*canonical, "secret") ==
        "4ab59fffe3c5738ff8a2729f90cc04fe18b02a4b15b2102cbaf92f9ff3df2ea3");
}

TEST_CASE("the signature of the official npm client") {
  const HttpHead head = signed_request::head();
  const auto authorization = parse_acs_authorization(*head.header("authorization"));
  REQUIRE(authorization);
  CHECK(authorization->key_id == signed_request::kKeyId);
  CHECK(authorization->signed_headers.size() == 6);
  const auto canonical = acs_canonical_request(head, authorization->signed_headers,
                                               *head.header("x-acs-content-sha256"));
  REQUIRE(canonical);
  CHECK(acs_signature(*canonical, signed_request::kSecret) == authorization->signature);
  CHECK(authorization->signature == signed_request::kSignature);
}

TEST_CASE("what is no such header is not taken for one") {
  const std::string digits(64, 'a');
  CHECK(parse_acs_authorization("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=b;c,Signature=" +
                                digits));
  CHECK(parse_acs_authorization("ACS3-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=" +
                                digits));
  for (const std::string& text : {
           std::string(),
           std::string("ACS3-HMAC-SHA256"),
           "ACS3-HMAC-SHA256Credential=a,SignedHeaders=b,Signature=" + digits,
           "ACS3-HMAC-SHA256 Credential=,SignedHeaders=b,Signature=" + digits,
           "ACS3-HMAC-SHA256 Credential=a,Signature=" + digits,
           "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=c;b,Signature=" + digits,
           "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=b;b,Signature=" + digits,
           "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=" + digits + "0",
           "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=" + digits + ",x",
           "ACS3-RSA-SHA256 Credential=a,SignedHeaders=b,Signature=" + digits,
       }) {
    CAPTURE(text);
    CHECK_FALSE(parse_acs_authorization(text));
  }
}

TEST_CASE("what cannot be signed has no canonical request") {
  const HttpHead bad_query{.method = "GET", .target = "/?a=%", .headers = {}};
  CHECK_FALSE(acs_canonical_request(bad_query, {}, ""));
  const HttpHead no_header{.method = "GET", .target = "/", .headers = {}};
  CHECK_FALSE(acs_canonical_request(no_header, {"host"}, ""));
}
