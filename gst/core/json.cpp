// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/json.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "gst/core/text.h"

namespace anim {
namespace {

constexpr std::size_t kLongestNumber = 40;
constexpr std::size_t kLongestReason = 300;
constexpr int kNumberOverflow = 406;  // the parser's number of "number overflow"

Error refusal(ErrorCode code, std::string message) {
  return {code, std::move(message), {}};
}

std::string line_and_column(std::string_view text, std::size_t position) {
  const std::string_view before = text.substr(0, position == 0 ? 0 : position - 1);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return "line " + std::to_string(lines + 1) + ", column " +
         std::to_string(before.size() - line_start + 1);
}

// The parser's words without its own number and position; bytes that are no text are dropped.
std::string reason_of(std::string_view what) {
  const std::size_t number = what.find("] ");
  if (number != std::string_view::npos) what.remove_prefix(number + 2);
  const std::size_t position = what.find(": ");
  if (what.starts_with("parse error at ") && position != std::string_view::npos) {
    what.remove_prefix(position + 2);
  }
  std::string out(what.substr(0, kLongestReason));
  std::erase_if(out, [](char c) { return c < 0x20 || c == 0x7F; });
  return out;
}

std::string shortened(const std::string& number) {
  return number.size() > kLongestNumber ? number.substr(0, kLongestNumber) + "…" : number;
}

/// Builds the tree from the parser's events. Not recursive, so that depth costs no stack.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {}

  bool null() override { return add(JsonValue::Kind::Null) != nullptr; }
  bool boolean(bool value) override {
    JsonValue* added = add(JsonValue::Kind::Bool);
    if (added != nullptr) added->boolean = value;
    return added != nullptr;
  }
  bool number_integer(std::int64_t value) override { return number(std::to_string(value)); }
  bool number_unsigned(std::uint64_t value) override { return number(std::to_string(value)); }
  bool number_float(double, const std::string& written) override { return number(written); }
  bool string(std::string& value) override {
    JsonValue* added = add(JsonValue::Kind::String);
    if (added != nullptr) added->text = std::move(value);
    return added != nullptr;
  }
  bool binary(nlohmann::json::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(JsonValue::Kind::Object); }
  bool start_array(std::size_t) override { return open(JsonValue::Kind::Array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    Level& level = open_.back();
    if (!level.seen.insert(name).second) {
      error_ = refusal(ErrorCode::InvalidArgument,
                       joined_path(path(), name) + ": is given twice; a name stands once");
      return false;
    }
    level.value->names.push_back(std::move(name));
    return true;
  }

  bool parse_error(std::size_t position, const std::string& written,
                   const nlohmann::detail::exception& error) override {
    if (error.id == kNumberOverflow) {
      error_ = refusal(ErrorCode::InvalidArgument, next_path() + ": " + shortened(written) +
                                                       " is beyond the numbers that are read");
      return false;
    }
    error_ = refusal(ErrorCode::InvalidArgument,
                     "the task is not JSON: " + line_and_column(text_, position) + ": " +
                         reason_of(error.what()));
    return false;
  }

  Result<JsonValue> take() {
    if (error_) return *error_;
    return std::move(root_);
  }

 private:
  struct Level {
    JsonValue* value;
    std::set<std::string> seen;
  };

  [[nodiscard]] std::string path() const {
    std::string out;
    for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
      const JsonValue& value = *open_[i].value;
      const bool is_object = value.kind == JsonValue::Kind::Object;
      out =
          joined_path(out, is_object ? value.names.back() : std::to_string(value.items.size() - 1));
    }
    return out;
  }

  // Of the value that comes next.
  [[nodiscard]] std::string next_path() const {
    if (open_.empty()) return "the task";
    const JsonValue& value = *open_.back().value;
    const bool is_object = value.kind == JsonValue::Kind::Object;
    return joined_path(path(), is_object ? value.names.back() : std::to_string(value.items.size()));
  }

  // The new value, at the end of the one that is open; null when there are too many.
  JsonValue* add(JsonValue::Kind kind) {
    if (++count_ > limits_.values) {
      error_ = refusal(ErrorCode::LimitExceeded,
                       "the task holds more than " + std::to_string(limits_.values) + " values");
      return nullptr;
    }
    JsonValue* value = &root_;
    // The open value's own address stays: only the innermost list or object ever grows.
    if (!open_.empty()) value = &open_.back().value->items.emplace_back();
    value->kind = kind;
    return value;
  }

  bool number(std::string written) {
    JsonValue* added = add(JsonValue::Kind::Number);
    if (added != nullptr) added->text = std::move(written);
    return added != nullptr;
  }

  bool open(JsonValue::Kind kind) {
    if (open_.size() >= limits_.depth) {
      error_ =
          refusal(ErrorCode::LimitExceeded,
                  "the task is nested more than " + std::to_string(limits_.depth) + " levels deep");
      return false;
    }
    JsonValue* added = add(kind);
    if (added != nullptr) open_.push_back({added, {}});
    return added != nullptr;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  JsonLimits limits_;
  JsonValue root_;
  std::vector<Level> open_;
  std::size_t count_ = 0;
  std::optional<Error> error_;
};

// As deep as the tree, which parse_json() has bounded.
void write(std::string& out, const JsonValue& value) {
  switch (value.kind) {
    case JsonValue::Kind::Null:
      out += "null";
      return;
    case JsonValue::Kind::Bool:
      out += value.boolean ? "true" : "false";
      return;
    case JsonValue::Kind::Number:
      out += value.text;
      return;
    case JsonValue::Kind::String:
      out += json_string(value.text);
      return;
    case JsonValue::Kind::Array:
    case JsonValue::Kind::Object:
      break;
  }
  const bool is_object = value.kind == JsonValue::Kind::Object;
  out += is_object ? '{' : '[';
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    if (i > 0) out += ',';
    if (is_object) out += json_string(value.names[i]) + ":";
    write(out, value.items[i]);
  }
  out += is_object ? '}' : ']';
}

}  // namespace

const JsonValue* JsonValue::find(std::string_view name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? nullptr : &items[static_cast<std::size_t>(found - names.begin())];
}

Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return refusal(ErrorCode::LimitExceeded, "the task is " + std::to_string(text.size()) +
                                                 " bytes long, at most " +
                                                 std::to_string(limits.bytes) + " are allowed");
  }
  // The parser takes a NUL for the end of the text.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return refusal(ErrorCode::InvalidArgument,
                   "the task is not JSON: " + line_and_column(text, nul + 1) + ": a NUL character");
  }
  Builder builder(text, limits);
  nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json_text(const JsonValue& value) {
  std::string out;
  write(out, value);
  return out;
}

std::string joined_path(std::string_view path, std::string_view name) {
  const std::string shown = in_quotes(name);  // one line, bounded
  std::string out(path);
  out += '/';
  for (const char c : std::string_view(shown).substr(1, shown.size() - 2)) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string described(const JsonValue& value) {
  switch (value.kind) {
    case JsonValue::Kind::Null:
      return "null";
    case JsonValue::Kind::Bool:
      return value.boolean ? "true" : "false";
    case JsonValue::Kind::Number:
      return shortened(value.text);
    case JsonValue::Kind::String:
      return in_quotes(value.text);
    case JsonValue::Kind::Array:
      return "a list";
    case JsonValue::Kind::Object:
      return "an object";
  }
  return {};
}

}  // namespace anim
