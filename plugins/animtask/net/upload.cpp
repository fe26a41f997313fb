// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/net/upload.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include "gst/core/store/digest.h"
#include "gst/core/text.h"

namespace anim {
namespace {

Error unreadable_file(const Place& place) {
  return {ErrorCode::WriteFailed,
          "cannot write " + in_quotes(place.uri) + ": its temporary file cannot be read",
          {}};
}

std::optional<Digest> md5_of(const std::string& file, const FileRange& range) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(file.c_str(), "rb"),
                                                           std::fclose);
  if (!in || fseeko(in.get(), static_cast<off_t>(range.offset), SEEK_SET) != 0) return {};
  Md5 sum;
  std::array<char, 65536> part{};
  for (std::uint64_t left = range.length; left > 0;) {
    const std::size_t got =
        std::fread(part.data(), 1, std::min<std::uint64_t>(part.size(), left), in.get());
    if (got == 0) return {};
    sum.add({part.data(), got});
    left -= got;
  }
  return sum.finish();
}

// "\"9A03…\"" of one request is the MD5, but for what a key service of Amazon's has encrypted.
bool is_mismatch(const HttpAnswer& answer, const std::string& expected) {
  std::string etag = answer.header("etag");
  std::erase(etag, '"');
  for (char& c : etag) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  const bool is_other = answer.header("x-amz-server-side-encryption").starts_with("aws:") ||
                        !answer.header("x-amz-server-side-encryption-customer-algorithm").empty();
  return !is_other && etag != expected;
}

// One request with a part of the file, checked by both sides.
Result<HttpAnswer> put(const StoreClient& store, const Place& place, ObjectRequest request) {
  const auto sum = md5_of(request.file, request.range);
  if (!sum) return unreadable_file(place);
  request.method = "PUT";
  request.headers.emplace_back("Content-MD5", base64(*sum));
  const std::string expected = hex(*sum);
  HttpAnswer answer = store.send(place, request, [&](HttpAnswer& got) {
    if (!is_mismatch(got, expected)) return;
    got = {};
    got.trouble = "what arrived there has another checksum";
  });
  if (answer.is_success()) return answer;
  return write_refusal(place, answer);
}

/// An upload in parts.
class Multipart {
 public:
  Multipart(const StoreClient& store, const Place& place, const std::string& file)
      : store_(store), place_(place), file_(file) {}

  Status run(const std::string& content_type, const std::vector<FileRange>& parts) {
    if (Status status = begin(content_type); !status) return status;
    Status status = success();
    for (std::size_t i = 0; i < parts.size() && status; ++i) status = send_part(parts[i]);
    if (status) status = complete();
    if (!status) take_back();
    return status;
  }

 private:
  Status begin(const std::string& content_type) {
    const HttpAnswer answer = store_.send(place_, {.method = "POST",
                                                   .query = {{"uploads", ""}},
                                                   .headers = {{"Content-Type", content_type}}});
    const auto id = xml_text(answer.body, "UploadId");
    if (!answer.is_success() || !id) return write_refusal(place_, answer);
    id_ = *id;
    return success();
  }

  Status send_part(const FileRange& range) {
    ObjectRequest request;
    request.query = {{"partNumber", std::to_string(etags_.size() + 1)}, {"uploadId", id_}};
    request.file = file_;
    request.range = range;
    const auto answer = put(store_, place_, std::move(request));
    if (!answer) return answer.error();
    etags_.push_back(answer->header("etag"));
    return success();
  }

  // S3 may begin to answer 200 before it knows, and tell of an error in the body. When the answer
  // to a request that worked was lost, the same request again finds no such upload.
  Status complete() {
    const HttpAnswer answer = store_.send(place_, {.method = "POST",
                                                   .query = {{"uploadId", id_}},
                                                   .headers = {{"Content-Type", "application/xml"}},
                                                   .body = complete_multipart_body(etags_)});
    if (answer.is_success() && answer.body.find("<Error>") == std::string::npos) return success();
    if (xml_text(answer.body, "Code") == "NoSuchUpload" && is_whole()) return success();
    return write_refusal(place_, answer);
  }

  [[nodiscard]] bool is_whole() const {
    const auto facts = store_.look_at(place_);
    std::error_code error;
    return facts.ok() && facts->size == std::filesystem::file_size(file_, error) && !error;
  }

  // Also when we were stopped, and then not for long.
  void take_back() {
    StopSignal never;
    const StoreClient store = store_.hurried(never);
    [[maybe_unused]] const HttpAnswer answer =
        store.send(place_, {.method = "DELETE", .query = {{"uploadId", id_}}});
  }

  const StoreClient& store_;
  const Place& place_;
  const std::string& file_;
  std::string id_;
  std::vector<std::string> etags_;
};

}  // namespace

Status upload(const StoreClient& store, const Place& place, const std::string& file,
              const std::string& content_type, const MultipartRule& rule) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return unreadable_file(place);
  const std::vector<FileRange> parts = parts_of(size, rule);
  if (parts.size() > 1) return Multipart(store, place, file).run(content_type, parts);
  ObjectRequest request;
  request.headers = {{"Content-Type", content_type}};
  request.file = file;
  request.range = parts.front();
  const auto answer = put(store, place, std::move(request));
  return answer ? success() : Status(answer.error());
}

}  // namespace anim
