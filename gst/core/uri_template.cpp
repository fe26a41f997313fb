// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/uri_template.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "gst/core/text.h"

namespace anim {
namespace {

constexpr std::string_view kTagPrefix = "tags.";
constexpr auto kVariables = std::to_array<std::string_view>(
    {"autoext",     "bucket", "key",   "dirname", "barename", "basename", "ext",
     "streamindex", "index",  "year",  "mon",     "day",      "hour",     "min",
     "sec",         "t_year", "t_mon", "t_day",   "t_hour",   "t_min",    "t_sec"});
constexpr auto kSourcelessVariables = std::to_array<std::string_view>(
    {"autoext", "index", "t_year", "t_mon", "t_day", "t_hour", "t_min", "t_sec"});
constexpr auto kClockVariables =
    std::to_array<std::string_view>({"year", "mon", "day", "hour", "min", "sec"});

// Extensions of pictures and videos: what a file of another Format should not be called.
constexpr auto kMediaExtensions = std::to_array<std::string_view>(
    {"webp", "gif", "png", "apng", "jpg", "jpeg", "avif", "bmp", "mp4", "webm", "mov", "mkv"});

using Tags = std::map<std::string, std::string>;

Error refusal(std::string_view text, const std::string& why) {
  return {ErrorCode::InvalidArgument, in_quotes(text) + ": " + why, {}};
}

struct Piece {
  bool is_variable = false;
  std::string text;
};

// The text and the names between braces, as Python's str.format() has them; "{{" is "{".
Result<std::vector<Piece>> pieces_of(std::string_view text) {
  std::vector<Piece> out;
  const auto literal = [&out](char c) {
    if (out.empty() || out.back().is_variable) out.push_back({});
    out.back().text += c;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '{' && c != '}') {
      literal(c);
      continue;
    }
    if (i + 1 < text.size() && text[i + 1] == c) {
      literal(c);
      ++i;
      continue;
    }
    const std::size_t end = text.find('}', i);
    if (c == '}' || end == std::string_view::npos) {
      return refusal(text, std::string("'") + c + "' stands alone; write " + c + c +
                               " for the character itself");
    }
    out.push_back({true, std::string(text.substr(i + 1, end - i - 1))});
    i = end;
  }
  return out;
}

std::string braces(const std::string& name) {
  return "{" + name + "}";
}

Status check_variable(std::string_view text, const std::string& name, const Tags& tags) {
  if (std::find(kVariables.begin(), kVariables.end(), name) != kVariables.end()) return success();
  if (name == "resolution") {
    return refusal(text, "{resolution} is for transcoded videos, an animation has none");
  }
  if (name.starts_with(kTagPrefix)) {
    const std::string tag = name.substr(kTagPrefix.size());
    if (tags.contains(tag)) return success();
    std::vector<std::string_view> known;
    for (const auto& [key, value] : tags) known.push_back(key);
    return refusal(text, in_quotes(braces(name)) + " needs a tag of that name" +
                             (tags.empty() ? ", and Tags is empty" : hint(tag, known)));
  }
  if (name.find_first_of(":!") != std::string::npos) {
    return refusal(text, in_quotes(braces(name)) + " has a ':' or '!'; a name alone is allowed");
  }
  return refusal(text, in_quotes(braces(name)) + " is not one of " + listed(kVariables) +
                           ", tags.NAME" + hint(name, kVariables));
}

std::string two_digits(int value) {
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%02d", value);
  return buffer.data();
}

std::string four_digits(int value) {
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d", value);
  return buffer.data();
}

std::string clock_value(std::string_view name, const UtcTime& time) {
  if (name == "year") return four_digits(time.year);
  if (name == "mon") return two_digits(time.month);
  if (name == "day") return two_digits(time.day);
  if (name == "hour") return two_digits(time.hour);
  if (name == "min") return two_digits(time.minute);
  return two_digits(time.second);
}

std::string_view base_name(std::string_view key) {
  return key.substr(key.rfind('/') + 1);
}

// Where the extension of a file's name begins, at its last dot; npos for none (".hidden" has none).
std::size_t dot_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == 0 || dot + 1 == name.size() ? std::string_view::npos : dot;
}

std::string_view extension_of(std::string_view key) {
  const std::string_view name = base_name(key);
  const std::size_t dot = dot_of(name);
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

/// Gives the values of one output's variables.
class Expander {
 public:
  Expander(std::string_view text, const TemplateValues& values, const Tags& tags,
           AnimationFormat format, unsigned index)
      : text_(text), values_(values), tags_(tags), format_(format), index_(index) {}

  Result<std::string> operator()() const {
    auto pieces = pieces_of(text_);
    if (!pieces) return pieces.error();
    std::string out;
    bool drop_slash = false;
    for (const Piece& piece : *pieces) {
      if (!piece.is_variable) {
        out += drop_slash && piece.text[0] == '/' ? piece.text.substr(1) : piece.text;
        drop_slash = false;
        continue;
      }
      if (Status known = check_variable(text_, piece.text, tags_); !known) return known.error();
      auto value = value_of(piece.text);
      if (!value) return value;
      out += *value;
      // A source without a folder: "{dirname}/x" is "x", not the root's "/x".
      drop_slash = piece.text == "dirname" && values_.source.key.find('/') == std::string::npos;
    }
    return out;
  }

 private:
  [[nodiscard]] Result<std::string> value_of(const std::string& name) const {
    if (name == "autoext") return std::string(to_string(format_));
    if (name == "index") return std::to_string(index_);
    if (name == "streamindex") return std::to_string(values_.stream_index);
    if (name.starts_with(kTagPrefix)) return tags_.at(name.substr(kTagPrefix.size()));
    if (name.starts_with("t_")) return clock_value(name.substr(2), values_.created);
    const bool of_clock =
        std::find(kClockVariables.begin(), kClockVariables.end(), name) != kClockVariables.end();
    return of_clock ? modified(name) : of_source(name);
  }

  [[nodiscard]] Result<std::string> modified(const std::string& name) const {
    if (values_.source_modified) return clock_value(name, *values_.source_modified);
    return refusal(text_, braces(name) +
                              " is of the time when the source was changed, which is "
                              "not known; use {t_" +
                              name + "}, of the task's time");
  }

  [[nodiscard]] Result<std::string> of_source(const std::string& name) const {
    const Place& source = values_.source;
    if (source.kind == Place::Kind::Stdin) {
      return refusal(text_, braces(name) + ": the source is standard input, which has no name");
    }
    const std::string_view base = base_name(source.key);
    const std::size_t slash = source.key.rfind('/');
    if (name == "key") return source.key;
    if (name == "basename") return std::string(base);
    if (name == "barename") return std::string(base.substr(0, dot_of(base)));
    if (name == "dirname") {
      return slash == std::string::npos ? std::string() : source.key.substr(0, slash);
    }
    if (name == "ext") {
      const std::string_view ext = extension_of(source.key);
      if (!ext.empty()) return std::string(ext);
      return refusal(text_, "{ext}: the source " + in_quotes(source.uri) + " has no extension");
    }
    if (!source.bucket.empty()) return source.bucket;
    return refusal(text_, "{bucket}: the source " + in_quotes(source.uri) + " is in no bucket");
  }

  std::string_view text_;
  const TemplateValues& values_;
  const Tags& tags_;
  AnimationFormat format_;
  unsigned index_;
};

// Equal for two places of the same name; links and mounts are for the file system to tell.
std::string identity(const Place& place) {
  if (place.kind == Place::Kind::Bucket) return "oss:" + place.bucket + "/" + place.key;
  if (place.kind == Place::Kind::S3) return "s3:" + place.bucket + "/" + place.key;
  return "file:" + std::filesystem::path(place.key).lexically_normal().string();
}

std::optional<std::string> extension_warning(const std::string& path, const Place& place,
                                             AnimationFormat format) {
  std::string ext(extension_of(place.key));
  for (char& c : ext) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const bool known =
      std::find(kMediaExtensions.begin(), kMediaExtensions.end(), ext) != kMediaExtensions.end();
  if (!known || ext == to_string(format)) return std::nullopt;
  return path + ": " + in_quotes(place.uri) + " ends in ." + ext + ", but Format is " +
         std::string(to_string(format)) + "; it is written as " + std::string(to_string(format));
}

Result<Place> expanded_place(const AnimationRequest& request, const TemplateValues& values,
                             const Tags& tags, unsigned index) {
  auto uri = expand_template(request.uri, values, tags, request.format, index);
  if (!uri) return uri.error();
  return output_place(*uri);
}

}  // namespace

Status check_template(std::string_view text, const Tags& tags) {
  auto pieces = pieces_of(text);
  if (!pieces) return pieces.error();
  for (const Piece& piece : *pieces) {
    if (!piece.is_variable) continue;
    if (Status known = check_variable(text, piece.text, tags); !known) return known;
  }
  return success();
}

Status check_sourceless_template(std::string_view text) {
  if (Status checked = check_template(text, {}); !checked) return checked;
  const auto pieces = pieces_of(text);
  for (const Piece& piece : *pieces) {
    const auto& allowed = kSourcelessVariables;
    if (!piece.is_variable ||
        std::find(allowed.begin(), allowed.end(), piece.text) != allowed.end()) {
      continue;
    }
    return refusal(text, in_quotes(braces(piece.text)) +
                             " stands for something of a source, which a live stream has not; "
                             "here is " +
                             listed(allowed));
  }
  return success();
}

Result<std::string> expand_template(std::string_view text, const TemplateValues& values,
                                    const Tags& tags, AnimationFormat format, unsigned index) {
  return Expander(text, values, tags, format, index)();
}

std::string with_creation_time(std::string_view text, const UtcTime& created) {
  const auto pieces = pieces_of(text);
  if (!pieces) return std::string(text);
  std::string out;
  for (const Piece& piece : *pieces) {
    if (piece.is_variable) {
      out += piece.text.starts_with("t_") ? clock_value(piece.text.substr(2), created)
                                          : braces(piece.text);
      continue;
    }
    for (const char c : piece.text)
      out += c == '{' || c == '}' ? std::string(2, c) : std::string(1, c);
  }
  return out;
}

Result<std::vector<OutputTarget>> output_targets(const Task& task, const TemplateValues& values) {
  std::vector<OutputTarget> out;
  std::map<std::string, std::string> taken = {
      {identity(values.source), task.sources.empty() ? "the source" : task.sources[0].path}};
  unsigned index = 0;
  for (const AnimationRequest& request : task.animations) {
    const std::string path = request.path + "/URI";
    auto place = expanded_place(request, values, task.tags, ++index);
    if (!place) {
      return Error{place.error().code, path + ": " + place.error().message, place.error().detail};
    }
    const auto [other, is_new] = taken.emplace(identity(*place), request.path);
    if (!is_new) {
      return Error{ErrorCode::InvalidArgument,
                   path + ": " + in_quotes(place->uri) + " is also the place of " + other->second +
                       "; each animation needs its own, as with {index}",
                   {}};
    }
    OutputTarget target{std::move(*place), {}};
    if (auto warning = extension_warning(path, target.place, request.format)) {
      target.warnings.push_back(std::move(*warning));
    }
    out.push_back(std::move(target));
  }
  return out;
}

}  // namespace anim
