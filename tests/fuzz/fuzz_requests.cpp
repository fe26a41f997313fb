// SPDX-License-Identifier: LGPL-2.1-or-later
// Any bytes as a request of the service ("METHOD TARGET", headers, an empty line, the body): no
// stranger is let in, and what is refused is refused with one bounded line of UTF-8.
// libFuzzer: as fuzz_task_json.cpp says, with tests/fuzz/corpus/requests.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gst/core/ascii.h"
#include "gst/core/service/authenticator.h"
#include "gst/core/service/byte_range.h"
#include "gst/core/service/object_list.h"
#include "gst/core/service/oss_presigned.h"
#include "gst/core/service/oss_process.h"
#include "gst/core/service/parameters.h"
#include "gst/core/service/task_query.h"
#include "gst/core/text.h"

namespace {

using namespace anim;
using namespace anim::service;

constexpr Moment kNow = std::chrono::seconds(1724137387);

// The key's id is that of the corpus, which was signed with another secret.
const AccessKeys& keys() {
  static const AccessKeys kKeys = *AccessKeys::parse("LTAIkey n0t-that-0ne");
  return kKeys;
}

void require(bool holds, const char* what, std::string_view shown) {
  if (holds) return;
  std::fprintf(stderr, "%s: %.*s\n", what, static_cast<int>(shown.size()), shown.data());
  std::abort();
}

void check_message(const std::string& message) {
  require(!message.empty() && message.size() < 4096, "a message is empty or too long", message);
  require(is_utf8(message), "a message is no UTF-8", message);
}

std::string take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string line(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// Leaves the body in `text`.
HttpHead head_of(std::string_view& text) {
  HttpHead head;
  const std::string first = take_line(text);
  const std::size_t blank = std::min(first.find(' '), first.size());
  head.method = first.substr(0, blank);
  head.target = first.substr(std::min(blank + 1, first.size()));
  for (std::string line = take_line(text); !line.empty(); line = take_line(text)) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    head.headers.emplace_back(lower_case(line.substr(0, colon)),
                              trimmed(line.substr(std::min(colon + 1, line.size()))));
  }
  return head;
}

void check_refused(const CallCheck& check) {
  const auto* error = std::get_if<ApiError>(&check);
  require(error != nullptr, "a stranger is let in", "");
  check_message(error->message);
}

void check_signatures(const HttpHead& head, std::string_view body) {
  Authenticator authenticator(keys());
  check_refused(authenticator.check(head, body, kNow));
  const ObjectName object =
      object_in(head.path()).value_or(ObjectName{bucket_in(head.path()).value_or(""), ""});
  require(is_utf8(object.key), "a key is no UTF-8", object.key);
  check_refused(check_oss_signature(head, body, object, keys(), kNow));
  const auto error = check_presigned(head, object, keys(), kNow);
  require(error.has_value(), "a stranger is let in", head.target);
  check_message(error->message);
}

void check_list(const HttpHead& head) {
  const auto query = form_fields(head.query());
  if (!query) return;
  const auto request = list_request(*query);
  if (!request) return check_message(request.error().message);
  require(request->most >= 1 && request->most <= 1000, "a page has no size", head.target);
  const std::string xml = list_xml("b", *request, {.objects = {}, .folders = {}, .next = "k"});
  require(is_utf8(xml), "an answer is no UTF-8", xml);
}

void check_range(const HttpHead& head) {
  constexpr std::uint64_t kSize = 1000;
  const ByteRange range = byte_range(head.header("range").value_or(""), kSize);
  if (range.kind != ByteRange::Kind::Part) return;
  const bool is_inside = range.bytes.length >= 1 && range.bytes.offset < kSize &&
                         range.bytes.length <= kSize - range.bytes.offset;
  require(is_inside, "a range is not inside", head.target);
}

void check_process(const HttpHead& head, std::string_view body) {
  const auto process = process_in(head, body);
  if (!process) return check_message(process.error().message);
  const auto definition = process_definition(*process, {"b", "k.mp4"}, "p");
  if (!definition) return check_message(definition.error().message);
  require(is_utf8(*definition), "a definition is no UTF-8", *definition);
}

void check_task_list(const HttpHead& head, std::string_view body) {
  Parameters parameters(head, body);
  const TaskQuery query = task_query(parameters);
  if (parameters.error()) return check_message(parameters.error()->message);
  require(query.max_results >= 1 && query.max_results <= kMaxPage, "a page has no size",
          head.target);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const HttpHead head = head_of(text);
  check_signatures(head, text);
  check_list(head);
  check_range(head);
  check_process(head, text);
  check_task_list(head, text);
  return 0;
}
