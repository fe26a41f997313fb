// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/object_calls.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <optional>

#include "gst/core/ascii.h"
#include "gst/core/service/byte_range.h"
#include "gst/core/service/object_list.h"
#include "gst/core/service/oss_presigned.h"
#include "gst/core/store/digest.h"
#include "gst/core/text.h"
#include "gst/tools/server/bucket_error.h"
#include "gst/tools/server/clock.h"
#include "gst/tools/server/log.h"
#include "gst/tools/server/object_files.h"
#include "gst/tools/server/object_type.h"
#include "gst/tools/server/object_walk.h"

namespace anim::server {
namespace {

using service::ApiCode;
using service::ApiError;
using service::ByteRange;
using service::HttpHead;
using service::ObjectName;

// Of the core's error in the store's words.
ApiError object_error(const Error& error, ApiCode missing) {
  if (error.code == ErrorCode::NotFound) return {missing, error.message};
  ApiError out = service::api_error(error);
  if (out.code == ApiCode::Internal) {
    log(LogLevel::Error, "object-failed", {{"message", error.message}});
  }
  return out;
}

// "Tue, 20 Aug 2024 07:03:07 GMT" (RFC 9110, 5.6.7).
std::string http_date(Moment moment) {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(moment).count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  const std::string form = std::string(kDays[static_cast<std::size_t>(parts.tm_wday)]) + ", %d " +
                           kMonths[static_cast<std::size_t>(parts.tm_mon)] + " %Y %H:%M:%S GMT";
  return {text.data(), std::strftime(text.data(), text.size(), form.c_str(), &parts)};
}

// A range of an object that has changed since is of no use (RFC 9110, 13.1.5).
ByteRange range_of(const HttpHead& head, const OpenObject& object, const std::string& tag) {
  const auto expected = head.header("if-range");
  if (expected && *expected != tag) return {};
  return service::byte_range(head.header("range").value_or(""), object.bytes);
}

// An object is no part of the page: what is in it may be anybody's.
Fields headers_of(const OpenObject& object, const std::string& tag, const std::string& request_id) {
  return {{"x-oss-request-id", request_id},
          {"ETag", tag},
          {"Last-Modified", http_date(object.modified)},
          {"Accept-Ranges", "bytes"},
          {"X-Content-Type-Options", "nosniff"},
          {"Cache-Control", "private"},  // it was signed for one who may read it
          {"Content-Security-Policy", "default-src 'none'; sandbox"}};
}

ServerResponse get_object(const Descriptor& root, const ObjectName& name, const HttpHead& head,
                          const std::string& request_id) {
  auto object = open_object(root, name);
  if (!object) return bucket_error(object_error(object.error(), ApiCode::NoKey), request_id, head);
  const std::string tag = "\"" + object->tag + "\"";
  const ByteRange range = range_of(head, *object, tag);
  const std::string whole = std::to_string(object->bytes);
  if (range.kind == ByteRange::Kind::NotInside) {
    ServerResponse out =
        bucket_error({ApiCode::NotInside, "the object has " + whole + " bytes"}, request_id, head);
    out.headers.emplace_back("Content-Range", "bytes */" + whole);
    return out;
  }
  ServerResponse out{.type = std::string(object_type(name.key)),
                     .headers = headers_of(*object, tag, request_id)};
  FileRange bytes{0, object->bytes};
  if (range.kind == ByteRange::Kind::Part) {
    bytes = range.bytes;
    out.status = 206;
    out.headers.emplace_back("Content-Range", "bytes " + std::to_string(bytes.offset) + "-" +
                                                  std::to_string(bytes.offset + bytes.length - 1) +
                                                  "/" + whole);
  }
  out.file = FileBody{std::move(object->file), bytes};
  return out;
}

ServerResponse list(const Descriptor& root, const std::string& bucket, const HttpHead& head,
                    const std::string& request_id) {
  const auto query = service::form_fields(head.query());
  const auto request = service::list_request(query.value_or(Fields{}));
  if (!request) return bucket_error(service::api_error(request.error()), request_id, head);
  const auto page = list_objects(root, bucket, *request);
  if (!page) return bucket_error(object_error(page.error(), ApiCode::NoBucket), request_id, head);
  return {.type = "application/xml",
          .body = list_xml(bucket, *request, *page),
          .headers = {{"x-oss-request-id", request_id}}};
}

ServerResponse list_buckets(const Descriptor& root, const HttpHead& head,
                            const std::string& request_id) {
  const auto names = bucket_names(root);
  if (!names) return bucket_error(object_error(names.error(), ApiCode::NoBucket), request_id, head);
  return {.type = "application/xml",
          .body = service::buckets_xml(*names),
          .headers = {{"x-oss-request-id", request_id}}};
}

// Sub-resources and headers with which a call would mean something else than it does here.
std::optional<ApiError> check_meaning(const HttpHead& head) {
  constexpr std::array<std::string_view, 4> kHeaders = {"x-oss-date", "x-oss-content-sha256",
                                                        "x-oss-user-agent", "x-oss-request-id"};
  if (!head.query().empty() && !is_presigned(head)) {
    return ApiError{ApiCode::Unsupported, "an object's sub-resources are not there"};
  }
  for (const auto& [name, value] : head.headers) {
    const bool is_known = std::find(kHeaders.begin(), kHeaders.end(), name) != kHeaders.end();
    if (!name.starts_with("x-oss-") || is_known) continue;
    return ApiError{ApiCode::Unsupported, "the header " + in_quotes(name) + " is not there"};
  }
  return {};
}

std::optional<std::uint64_t> length_of(const HttpHead& head) {
  return whole_number<std::uint64_t>(head.header("content-length").value_or(""));
}

/// One of the uploads that may come in at once.
class Place {
 public:
  explicit Place(std::atomic<unsigned>& count) : count_(count), number_(++count) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { --count_; }
  [[nodiscard]] unsigned number() const { return number_; }

 private:
  std::atomic<unsigned>& count_;
  const unsigned number_;
};

/// The body of a PUT on its way into a file.
class Upload : public BodySink {
 public:
  Upload(std::unique_ptr<Place> place, std::unique_ptr<NewObject> object, std::uint64_t most,
         HttpHead head, std::string request_id)
      : place_(std::move(place)),
        object_(std::move(object)),
        left_(most),
        head_(std::move(head)),
        request_id_(std::move(request_id)) {}

  // What cannot be written is heard to its end, as only then it can be answered.
  bool take(std::string_view piece) override {
    if (piece.size() > left_) return false;
    left_ -= piece.size();
    if (status_) status_ = object_->write(piece);
    return true;
  }

  // The disk takes its time. What has come whole is not refused for want of room: `place_` bounds
  // it.
  ServerResponse finish() override {
    return {.later =
                [this](const Turn& turn) {
                  return turn.has_room ? put_in_place() : refused(no_room());
                },
            .wait = Wait::Granted};
  }

 private:
  ServerResponse put_in_place() {
    if (!status_) return refused(object_error(status_.error(), ApiCode::NoBucket));
    const auto sum = head_.header("content-md5");
    if (sum && *sum != base64(object_->sum())) {
      return refused({ApiCode::WrongSum, "Content-MD5 is not that of the body"});
    }
    const auto tag = object_->commit();
    if (!tag) return refused(object_error(tag.error(), ApiCode::NoBucket));
    return {.type = "application/xml",
            .headers = {{"x-oss-request-id", request_id_}, {"ETag", "\"" + *tag + "\""}}};
  }
  [[nodiscard]] ServerResponse refused(const ApiError& error) const {
    return bucket_error(error, request_id_, head_);
  }

  std::unique_ptr<Place> place_;
  std::unique_ptr<NewObject> object_;
  std::uint64_t left_;
  HttpHead head_;
  std::string request_id_;
  Status status_ = success();
};

}  // namespace

std::string_view object_action(const HttpHead& head) {
  const bool is_signed =
      is_presigned(head) || head.header("authorization").value_or("").starts_with("OSS");
  if (head.path() == "/") return head.method == "GET" && is_signed ? "ListBuckets" : "";
  if (head.method == "GET") return service::bucket_in(head.path()) ? "ListObjects" : "GetObject";
  if (head.method == "HEAD") return "HeadObject";
  return head.method == "PUT" ? "PutObject" : "";
}

std::optional<ApiError> ObjectCalls::check(const HttpHead& head, const ObjectName& name) const {
  const bool may_read = head.method == "GET" || head.method == "HEAD";
  if (may_read && is_presigned(head)) {
    if (auto error = service::check_presigned(head, name, keys_, now())) return error;
  } else {
    auto check = service::check_oss_signature(head, "", name, keys_, now());
    if (auto* error = std::get_if<ApiError>(&check)) return std::move(*error);
  }
  if (!settings_.is_elsewhere || !settings_.is_elsewhere(name.bucket)) return {};
  const std::string what = name.bucket.empty() ? "every bucket" : in_quotes(name.bucket);
  return ApiError{ApiCode::Unsupported, what + " is in an object store of its own; ask that"};
}

ServerResponse ObjectCalls::handle(const HttpHead& head, const std::string& request_id) const {
  const auto bucket = service::bucket_in(head.path());
  const auto object = service::object_in(head.path());
  const bool is_list = bucket || head.path() == "/";
  const auto refused = [&](const ApiError& error) { return bucket_error(error, request_id, head); };
  if (!is_list && !object) return refused({ApiCode::InvalidArgument, "the path is no /bucket/key"});
  const ObjectName name = object ? *object : ObjectName{bucket.value_or(""), ""};
  if (auto error = check(head, name)) return refused(*error);
  if (object) {
    if (auto error = check_meaning(head)) return refused(*error);
  }
  return {.later = [=, root = settings_.storage_root](const Turn& turn) -> ServerResponse {
    if (!turn.has_room) return bucket_error(no_room(), request_id, head);
    const auto folder = open_root(root);
    if (!folder) return bucket_error(service::api_error(folder.error()), request_id, head);
    if (object) return get_object(*folder, name, head, request_id);
    return bucket ? list(*folder, name.bucket, head, request_id)
                  : list_buckets(*folder, head, request_id);
  }};
}

std::optional<ApiError> ObjectCalls::check_put(const HttpHead& head, const ObjectName& name) const {
  if (auto error = check(head, name)) return error;
  if (auto error = check_meaning(head)) return error;
  if (length_of(head).value_or(0) <= settings_.upload) return {};
  return ApiError{ApiCode::RequestTooLarge, "an object that is put has at most " +
                                                std::to_string(settings_.upload) + " bytes"};
}

BodyPlan ObjectCalls::put(const HttpHead& head, const std::string& request_id) {
  const auto refused = [&](const ApiError& error) { return bucket_error(error, request_id, head); };
  const auto name = service::object_in(head.path());
  if (!name) return refused({ApiCode::InvalidArgument, "the path is no /bucket/key"});
  if (auto error = check_put(head, *name)) return refused(*error);
  auto place = std::make_unique<Place>(uploads_);
  if (place->number() > settings_.uploads) {
    return refused({ApiCode::Throttled, std::to_string(settings_.uploads) +
                                            " objects come in already; try again later"});
  }
  const auto root = open_root(settings_.storage_root);
  if (!root) return refused(service::api_error(root.error()));
  auto object = NewObject::create(*root, *name);
  if (!object) return refused(object_error(object.error(), ApiCode::NoBucket));
  return std::make_unique<Upload>(std::move(place), std::move(*object), settings_.upload, head,
                                  request_id);
}

}  // namespace anim::server
