// SPDX-License-Identifier: LGPL-2.1-or-later
#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/service/oss_presigned.h"

using namespace anim;
using namespace anim::service;

namespace {

constexpr Moment kDate = std::chrono::seconds(1724137387);
const ObjectName kObject{"b", "v d/a.mp4"};

// As a client makes it; test_service_objects.py holds this against the official one.
HttpHead signed_head(const std::string& method = "GET", std::uint32_t seconds = 60) {
  RequestToSign request;
  request.method = method;
  request.bucket = kObject.bucket;
  request.key = kObject.key;
  const Fields query = presigned_query(request, {StoreKind::Oss, "r", "20240820T070307Z"},
                                       {"id", "secret", ""}, seconds);
  return {method, "/b/v%20d/a.mp4" + query_text(query), {}};
}

std::string_view code_of(const HttpHead& head, Moment now = kDate,
                         const ObjectName& object = kObject) {
  const auto error = check_presigned(head, object, *AccessKeys::parse("id secret"), now);
  return error ? name_of(error->code).name : std::string_view();
}

HttpHead changed(const std::string& from, const std::string& to) {
  HttpHead head = signed_head();
  const std::size_t place = head.target.find(from);
  REQUIRE(place != std::string::npos);
  head.target.replace(place, from.size(), to);
  return head;
}

}  // namespace

TEST_CASE("a signed URL is good until its end") {
  using std::chrono::minutes;
  using std::chrono::seconds;
  CHECK(is_presigned(signed_head()));
  CHECK_FALSE(is_presigned({"GET", "/b/k?x=1", {}}));
  CHECK(code_of(signed_head()) == "");
  CHECK(code_of(signed_head(), kDate + seconds(60)) == "");
  CHECK(code_of(signed_head(), kDate + seconds(61)) == "AccessDenied");
  CHECK(code_of(signed_head(), kDate - minutes(14)) == "");
  CHECK(code_of(signed_head(), kDate - minutes(16)) == "InvalidTimeStamp.Expired");
  CHECK(code_of(signed_head("GET", 604'801)) == "IncompleteSignature");
}

TEST_CASE("a signed URL is good for what it was signed for") {
  HttpHead head = signed_head();
  head.method = "PUT";
  CHECK(code_of(head) == "SignatureDoesNotMatch");
  CHECK(code_of(signed_head(), kDate, {"b", "other"}) == "SignatureDoesNotMatch");
  CHECK(code_of(changed("x-oss-expires=60", "x-oss-expires=61")) == "SignatureDoesNotMatch");
  CHECK(code_of(changed("x-oss-signature=", "x-oss-signature=0")) == "SignatureDoesNotMatch");
  CHECK(code_of(changed("?", "?x-oss-process=y&")) == "SignatureDoesNotMatch");
  CHECK(code_of(changed("?", "?x-oss-expires=60&")) == "IncompleteSignature");
  CHECK(code_of(changed("x-oss-credential=id", "x-oss-credential=ie")) ==
        "InvalidAccessKeyId.NotFound");
  CHECK(code_of(changed("x-oss-credential=id%2F20240820%2Fr%2F", "x-oss-credential=")) ==
        "IncompleteSignature");
  CHECK(code_of(changed("x-oss-credential=", "a=")) == "IncompleteSignature");
  CHECK(code_of(changed("20240820T07", "20240820Tab")) == "InvalidTimeStamp.Format");
}
