// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/oss_process.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <vector>

#include "gst/core/ascii.h"
#include "gst/core/json.h"
#include "gst/core/rational.h"
#include "gst/core/text.h"

namespace anim::service {
namespace {

constexpr std::string_view kName = "x-oss-async-process";
constexpr std::int64_t kLongest = 1'000'000'000'000;  // milliseconds

using Parameters = std::map<std::string, std::string, std::less<>>;

Error refusal(const std::string& why) {
  return {ErrorCode::InvalidArgument, std::string(kName) + ": " + why, {}};
}

/// Writes the members of a JSON object.
class Members {
 public:
  void text(std::string_view name, const std::string& value) { raw(name, json_string(value)); }
  void raw(std::string_view name, const std::string& json) {
    json_ += std::string(json_.empty() ? "{" : ",") + json_string(name) + ":" + json;
  }
  [[nodiscard]] std::string json() const { return json_ + "}"; }

 private:
  std::string json_;
};

// "name,a_1,b_2": its parameters. One that is unknown or given twice is refused.
Result<Parameters> parameters_of(std::string_view action, std::string_view name,
                                 std::span<const std::string_view> known) {
  Parameters out;
  if (!action.starts_with(name)) {
    return refusal(in_quotes(action) + " is not " + std::string(name) + ",…");
  }
  action.remove_prefix(name.size());
  while (!action.empty()) {
    if (action[0] != ',') return refusal(in_quotes(action) + " is where a comma should be");
    action.remove_prefix(1);
    const std::string_view field = action.substr(0, action.find(','));
    action.remove_prefix(field.size());
    const std::size_t bar = std::min(field.find('_'), field.size());
    const std::string_view key = field.substr(0, bar);
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      return refusal(in_quotes(field) + " of " + std::string(name) + " is not one of " +
                     listed(known) + hint(key, known));
    }
    const std::string value(field.substr(std::min(bar + 1, field.size())));
    if (value.empty()) return refusal(in_quotes(field) + " has no value");
    if (!out.emplace(key, value).second) return refusal(in_quotes(key) + " is given twice");
  }
  return out;
}

Result<std::int64_t> whole_number_of(const Parameters& given, const char* name, std::int64_t least,
                                     std::int64_t most) {
  const std::string& text = given.find(name)->second;
  const auto out = whole_number<std::int64_t>(text);
  if (out && *out >= least && *out <= most) return *out;
  return refusal(std::string(name) + "_" + in_quotes(text) + " is no whole number from " +
                 std::to_string(least) + " to " + std::to_string(most));
}

// Milliseconds as seconds in decimals.
std::string seconds_text(std::int64_t milliseconds) {
  return exact_decimal(Rational(milliseconds, 1000)).value_or("0");
}

// RFC 4648, section 5, without padding or with it. Nothing for any other text.
std::optional<std::string> from_base64url(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return {};
    bits = bits << 6U | static_cast<unsigned>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xFFU);
  }
  // What is left over is no whole byte, and nothing.
  const bool is_whole = count < 6 && (bits & ((1U << count) - 1)) == 0;
  return is_whole ? std::optional(std::move(out)) : std::nullopt;
}

Result<std::string> decoded(const Parameters& given, const char* name) {
  const std::string& text = given.find(name)->second;
  auto out = from_base64url(text);
  if (out && !out->empty() && is_utf8(*out)) return std::move(*out);
  return refusal(std::string(name) + "_" + in_quotes(text) + " is no text in URL-safe Base64");
}

/// A whole number of the animation, and the field that it becomes.
struct NumberRow {
  const char* name;
  const char* field;
  std::int64_t least;
  std::int64_t most;
  bool is_time;
};
constexpr auto kNumbers = std::to_array<NumberRow>({
    {"ss", "StartTime", 0, kLongest, true},
    {"num", "Number", 0, 2'147'483'647, false},
    {"inter", "Interval", 0, kLongest, true},
    {"w", "Width", 32, 4096, false},
    {"h", "Height", 32, 4096, false},
});

// A rate as a plain decimal, which is one in JSON, too.
bool is_rate(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  constexpr double kMost = 240;
  return error == std::errc() && stop == end && value <= kMost && text[0] >= '0' &&
         text[0] <= '9' && text.find('.') != text.size() - 1 &&
         (text[0] != '0' || text.size() == 1 || text[1] == '.');
}

// The entry of Animations, but for its place.
Result<Members> animation_of(std::string_view action) {
  constexpr std::array<std::string_view, 8> kKnown = {"ss",  "f", "num", "inter",
                                                      "fps", "w", "h",   "scaletype"};
  const auto given = parameters_of(action, "video/animation", kKnown);
  if (!given) return given.error();
  Members out;
  if (!given->contains("f")) return refusal("f is missing: gif or webp");
  out.text("Format", given->find("f")->second);
  for (const NumberRow& row : kNumbers) {
    if (!given->contains(row.name)) continue;
    const auto number = whole_number_of(*given, row.name, row.least, row.most);
    if (!number) return number.error();
    out.raw(row.field, row.is_time ? seconds_text(*number) : std::to_string(*number));
  }
  if (const auto fps = given->find("fps"); fps != given->end()) {
    if (!is_rate(fps->second)) {
      return refusal("fps_" + in_quotes(fps->second) + " is no number up to 240");
    }
    out.raw("FrameRate", fps->second);
  }
  if (const auto type = given->find("scaletype"); type != given->end()) {
    out.text("ScaleType", type->second);
  }
  return out;
}

/// Where the result goes, and who is told.
struct Saving {
  std::string uri;
  std::optional<std::string> topic;
};

Result<Saving> saving_of(std::string_view action, const std::string& bucket) {
  constexpr std::array<std::string_view, 2> kPlace = {"b", "o"};
  constexpr std::array<std::string_view, 1> kTopic = {"topic"};
  constexpr std::string_view kNotify = "/notify";
  const std::size_t notify = action.find(kNotify);
  const auto place = parameters_of(action.substr(0, notify), "sys/saveas", kPlace);
  if (!place) return place.error();
  if (!place->contains("o")) return refusal("sys/saveas has no o_, the key of the result");
  const auto key = decoded(*place, "o");
  if (!key) return key.error();
  if (!place->contains("b") && bucket.find_first_of("{}") != std::string::npos) {
    return refusal("sys/saveas needs b_, as the video's bucket has a brace in its name");
  }
  const auto other = place->contains("b") ? decoded(*place, "b") : Result<std::string>(bucket);
  if (!other) return other.error();
  Saving out{"oss://" + *other + "/" + *key, {}};
  if (notify == std::string_view::npos) return out;
  const auto told = parameters_of(action.substr(notify), kNotify, kTopic);
  if (!told) return told.error();
  if (!told->contains("topic")) return refusal("notify has no topic_");
  const auto topic = decoded(*told, "topic");
  if (!topic) return topic.error();
  out.topic = *topic;
  return out;
}

}  // namespace

Result<std::string> process_in(const HttpHead& head, std::string_view body) {
  std::string in_query;
  for (const auto& [name, value] : form_fields(head.query()).value_or(Fields())) {
    if (name == kName) in_query = value;
  }
  if (body.empty() && !in_query.empty()) return in_query;
  if (!in_query.empty()) return refusal("it is in the query and in the body; once is enough");
  const std::string start = std::string(kName) + "=";
  if (!body.starts_with(start)) return refusal("it is missing");
  body.remove_prefix(start.size());
  auto process = percent_decoded(body, false);
  if (process && !process->empty()) return std::move(*process);
  return refusal("it is empty, or has a '%' without two hexadecimal digits behind it");
}

Result<std::string> process_definition(std::string_view process, const ObjectName& source,
                                       const std::string& project) {
  const std::size_t bar = process.find('|');
  if (bar == std::string_view::npos) {
    return refusal("there is no |sys/saveas,…, where the result goes");
  }
  auto animation = animation_of(process.substr(0, bar));
  if (!animation) return animation.error();
  const auto saving = saving_of(process.substr(bar + 1), source.bucket);
  if (!saving) return saving.error();
  animation->text("URI", saving->uri);
  Members place;
  place.text("URI", "oss://" + source.bucket + "/" + source.key);
  Members task;
  task.text("ProjectName", project);
  task.raw("Sources", "[" + place.json() + "]");
  task.raw("Targets", R"([{"Image":{"Animations":[)" + animation->json() + "]}}]");
  if (saving->topic) {
    Members topic;
    topic.text("TopicName", *saving->topic);
    task.raw("Notification", R"({"MNS":)" + topic.json() + "}");
  }
  return task.json();
}

}  // namespace anim::service
