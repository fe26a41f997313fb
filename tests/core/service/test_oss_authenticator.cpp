// SPDX-License-Identifier: LGPL-2.1-or-later
#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/service/oss_authenticator.h"

using namespace anim;
using namespace anim::service;

namespace {

const char* const kBody = "x-oss-async-process=video/animation,f_gif|sys/saveas,o_YQ";
const char* const kCredential =
    "OSS4-HMAC-SHA256 Credential=LTAIkey/20240820/cn-hangzhou/oss/aliyun_v4_request,";
constexpr Moment kDate = std::chrono::seconds(1724137387);

// Signed by the official npm client (ali-oss 6.23.0).
HttpHead signed_head() {
  return {.method = "POST",
          .target = "/b/v%20d/%E7%89%87%201.mp4?x-oss-async-process",
          .headers = {
              {"host", "h"},
              {"x-oss-date", "20240820T070307Z"},
              {"x-oss-content-sha256", "UNSIGNED-PAYLOAD"},
              {"content-md5", "awa8vI2PmPUH9kiTLgblnw=="},
              {"content-type", "video/mp4"},
              {"authorization",
               std::string(kCredential) +
                   "Signature=df481c1907152e512930584cb01cd7120b0b3407cf14574a375a6b3101baa39d"}}};
}

// The same with the host signed, too.
HttpHead with_host() {
  HttpHead head = signed_head();
  head.headers.back().second = std::string(kCredential) +
                               "AdditionalHeaders=host,Signature="
                               "ea87c5f80c522865e440b22dd7a2893012e39a6385ef02b76741aeb102e1c807";
  return head;
}

std::string_view code_of(const HttpHead& head, std::string_view body = kBody, Moment now = kDate,
                         const char* keys = "LTAIkey s3cret") {
  const auto object = object_in(head.path());
  REQUIRE(object);
  const auto check = check_oss_signature(head, body, *object, *AccessKeys::parse(keys), now);
  const auto* error = std::get_if<ApiError>(&check);
  return error != nullptr ? name_of(error->code).name : std::string_view();
}

void set_header(HttpHead& head, const std::string& name, const std::string& value) {
  for (auto& field : head.headers) {
    if (field.first == name) field.second = value;
  }
}

}  // namespace

TEST_CASE("requests of the official client are let in") {
  CHECK(code_of(signed_head()) == "");
  CHECK(code_of(with_host()) == "");
  CHECK(code_of(signed_head(), kBody, kDate + std::chrono::minutes(15)) == "");
}

TEST_CASE("what was changed on the way is refused") {
  HttpHead head = signed_head();
  SUBCASE("the bucket") {
    head.target[1] = 'c';
  }
  SUBCASE("the query") {
    head.target += "&a=b";
  }
  SUBCASE("the method") {
    head.method = "PUT";
  }
  SUBCASE("the type") {
    set_header(head, "content-type", "text/html");
  }
  SUBCASE("the sum of the body") {
    set_header(head, "content-md5", "AAAA");
  }
  SUBCASE("one more header of the store") {
    head.headers.emplace_back("x-oss-meta-a", "b");
  }
  SUBCASE("the hash of the body") {
    set_header(head, "x-oss-content-sha256", "x");
  }
  SUBCASE("the host, when it is signed") {
    head = with_host();
    set_header(head, "host", "g");
  }
  CHECK(code_of(head) == "SignatureDoesNotMatch");
}

TEST_CASE("body, key and time") {
  CHECK(code_of(signed_head(), std::string(kBody) + "x") == "InvalidDigest");
  CHECK(code_of(signed_head(), kBody, kDate, "LTAIkey x") == "SignatureDoesNotMatch");
  CHECK(code_of(signed_head(), kBody, kDate, "x y") == "InvalidAccessKeyId.NotFound");
  CHECK(code_of(signed_head(), kBody, kDate + std::chrono::minutes(16)) ==
        "InvalidTimeStamp.Expired");
  HttpHead head = signed_head();
  set_header(head, "x-oss-date", "Tue, 20 Aug 2024 07:03:07 GMT");
  CHECK(code_of(head) == "InvalidTimeStamp.Format");
}

TEST_CASE("what is no signature") {
  HttpHead head = signed_head();
  SUBCASE("none") {
    head.headers.pop_back();
  }
  SUBCASE("two") {
    head.headers.push_back(head.headers.back());
  }
  SUBCASE("another kind") {
    set_header(head, "authorization", "OSS LTAIkey:abc=");
  }
  SUBCASE("no credential") {
    set_header(head, "authorization", "OSS4-HMAC-SHA256 Signature=a");
  }
  SUBCASE("half a credential") {
    set_header(head, "authorization", "OSS4-HMAC-SHA256 Credential=a/b,Signature=c");
  }
  SUBCASE("blanks") {
    set_header(head, "authorization", "OSS4-HMAC-SHA256  ,  , ");
  }
  CHECK(code_of(head) == "IncompleteSignature");
}

TEST_CASE("what is refused of a header is said") {
  HttpHead head = signed_head();
  const auto message = [&] {
    const CallCheck checked = check_oss_signature(head, kBody, *object_in(head.path()),
                                                  *AccessKeys::parse("LTAIkey s3cret"), kDate);
    REQUIRE(std::holds_alternative<ApiError>(checked));
    return std::get<ApiError>(checked).message;
  };
  std::string names = "a";
  for (int i = 1; i < 65; ++i) names += ";a";
  set_header(head, "authorization",
             "OSS4-HMAC-SHA256 Credential=LTAIkey/20240820/cn-hangzhou/oss/aliyun_v4_request," +
                 ("AdditionalHeaders=" + names) + ",Signature=0");
  CHECK(message() == "AdditionalHeaders names more than 64 headers");
  head = signed_head();
  head.headers.emplace_back("x-oss-date", "20240820T070307Z");
  CHECK(message().ends_with("or an x-oss-… header is there twice"));
}

TEST_CASE("a body that no sum signs") {
  HttpHead head = signed_head();
  std::erase_if(head.headers, [](const auto& field) { return field.first == "content-md5"; });
  CHECK(code_of(head) == "SignatureDoesNotMatch");
  RequestToSign request;
  request.method = head.method;
  request.bucket = "b";
  request.key = object_in(head.path())->key;
  request.query = {{"x-oss-async-process", ""}};
  request.headers = {{"content-type", "video/mp4"}};
  const SigningScope scope{StoreKind::Oss, "cn-hangzhou", "20240820T070307Z"};
  const Fields right = signed_headers(request, scope, {"LTAIkey", "s3cret", {}});
  set_header(head, "authorization", right.back().second);
  CHECK(code_of(head, "") == "");
  CHECK(code_of(head) == "IncompleteSignature");
}

TEST_CASE("objects in paths") {
  const auto object = object_in("/b/a%20b/c%2Fd");
  REQUIRE(object);
  CHECK(object->bucket == "b");
  CHECK(object->key == "a b/c/d");
  for (const char* path : {"", "/", "/b", "/b/", "//a", "b/a", "/b/%", "/%zz/a", "/b/%ff.mp4"}) {
    CAPTURE(path);
    CHECK_FALSE(object_in(path));
  }
}
