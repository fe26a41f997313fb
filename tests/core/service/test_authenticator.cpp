// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <doctest/doctest.h>

#include "gst/core/service/acs_signature.h"
#include "gst/core/service/authenticator.h"
#include "gst/core/store/digest.h"
#include "signed_request.h"

using namespace anim;
using namespace anim::service;
using signed_request::kDate;
using signed_request::set_header;

namespace {

Authenticator authenticator(std::size_t nonces = 100) {
  return Authenticator(*AccessKeys::parse("LTAIkey s3cret\nother s3cret"), nonces);
}

// "" when the call is good.
std::string_view code_of(Authenticator& door, const HttpHead& head, std::string_view body = "",
                         Moment now = kDate) {
  const auto check = door.check(head, body, now);
  const auto* error = std::get_if<ApiError>(&check);
  return error != nullptr ? name_of(error->code).name : std::string_view();
}

// Signs it again, with all headers it must sign.
void sign(HttpHead& head, std::string_view body) {
  set_header(head, "x-acs-content-sha256", hex(sha256(body)));
  const auto old = parse_acs_authorization(*signed_request::head().header("authorization"));
  const auto canonical = acs_canonical_request(head, old->signed_headers, hex(sha256(body)));
  std::string text(*signed_request::head().header("authorization"));
  text.replace(text.find("Signature=") + 10, 64,
               acs_signature(*canonical, signed_request::kSecret));
  set_header(head, "authorization", text);
}

}  // namespace

TEST_CASE("a request of the official client is let in, once") {
  Authenticator door = authenticator();
  CHECK(code_of(door, signed_request::head()) == "");
  CHECK(code_of(door, signed_request::head()) == "SignatureNonceUsed");
  CHECK(code_of(door, signed_request::head(), "", kDate + kMaxSkew) == "SignatureNonceUsed");
}

TEST_CASE("what was changed on the way is refused") {
  Authenticator door = authenticator();
  HttpHead head = signed_request::head();
  SUBCASE("the query") {
    head.target += "&MaxResults=1";
  }
  SUBCASE("the path") {
    head.target.insert(1, "x");
  }
  SUBCASE("the method") {
    head.method = "GET";
  }
  SUBCASE("the action") {
    set_header(head, "x-acs-action", "ListTasks");
  }
  SUBCASE("the host") {
    set_header(head, "host", "127.0.0.1:8081");
  }
  SUBCASE("the nonce") {
    set_header(head, "x-acs-signature-nonce", "0123456789abcdee");
  }
  SUBCASE("one digit of the signature") {
    std::string text(*head.header("authorization"));
    text.back() ^= 1;
    set_header(head, "authorization", text);
  }
  CHECK(code_of(door, head) == "SignatureDoesNotMatch");
  CHECK(code_of(door, signed_request::head()) == "");  // no nonce was lost
}

TEST_CASE("the body is signed by its hash") {
  Authenticator door = authenticator();
  CHECK(code_of(door, signed_request::head(), "a=b") == "SignatureDoesNotMatch");
  HttpHead head = signed_request::head();
  sign(head, "a=b");
  CHECK(code_of(door, head, "a=c") == "SignatureDoesNotMatch");
  CHECK(code_of(door, head, "a=b") == "");
}

TEST_CASE("another key does not fit") {
  Authenticator door(*AccessKeys::parse("LTAIkey another"));
  CHECK(code_of(door, signed_request::head()) == "SignatureDoesNotMatch");
  Authenticator empty(*AccessKeys::parse("x y"));
  CHECK(code_of(empty, signed_request::head()) == "InvalidAccessKeyId.NotFound");
}

TEST_CASE("the time counts") {
  Authenticator door = authenticator();
  const HttpHead head = signed_request::head();
  CHECK(code_of(door, head, "", kDate + kMaxSkew + Moment(1)) == "InvalidTimeStamp.Expired");
  CHECK(code_of(door, head, "", kDate - kMaxSkew - Moment(1)) == "InvalidTimeStamp.Expired");
  CHECK(code_of(door, head, "", kDate - kMaxSkew) == "");
  HttpHead other = head;
  set_header(other, "x-acs-date", "2024-08-20T07:03:07.0Z");
  CHECK(code_of(door, other) == "InvalidTimeStamp.Format");
}

TEST_CASE("headers that count must be there once and signed") {
  Authenticator door = authenticator();
  HttpHead head = signed_request::head();
  SUBCASE("none at all") {
    head.headers.clear();
  }
  SUBCASE("no nonce") {
    std::erase_if(head.headers, [](auto& f) { return f.first == "x-acs-signature-nonce"; });
  }
  SUBCASE("another action beside") {
    head.headers.emplace_back("x-acs-action", "ListTasks");
  }
  SUBCASE("another authorization beside") {
    head.headers.emplace_back("authorization", std::string(*head.header("authorization")));
  }
  SUBCASE("one of the service that is not signed") {
    head.headers.emplace_back("x-acs-security-token", "x");
  }
  SUBCASE("a type that is not signed") {
    head.headers.emplace_back("content-type", "text/html");
  }
  CHECK(code_of(door, head) == "IncompleteSignature");
}

TEST_CASE("too many nonces are refused, none forgotten") {
  Authenticator door = authenticator(1);
  CHECK(code_of(door, signed_request::head()) == "");
  HttpHead head = signed_request::head();
  set_header(head, "x-acs-signature-nonce", "another");
  sign(head, "");
  CHECK(code_of(door, head) == "Throttling");
  CHECK(code_of(door, signed_request::head()) == "SignatureNonceUsed");
}

TEST_CASE("a request's mark is that of its key and nonce") {
  // Each door is new, as after a restart.
  const auto mark_of = [](const HttpHead& head, std::string_view body = "") {
    return std::get<std::string>(authenticator().check(head, body, kDate));
  };
  HttpHead head = signed_request::head();
  const std::string mark = mark_of(head);
  sign(head, "a=b");
  CHECK(mark_of(head, "a=b") == mark);
  set_header(head, "x-acs-signature-nonce", "another");
  sign(head, "");
  CHECK(mark_of(head) != mark);
}
