// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/hls_playlist.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "gst/core/ascii.h"
#include "gst/core/text.h"

namespace anim {
namespace {

constexpr std::size_t kMostSegments = 100'000;
constexpr std::size_t kLongestUri = 8192;
constexpr std::size_t kLongestNumber = 24;
constexpr std::uint64_t kFarthest = std::uint64_t{1} << 62;  // byte of a file

// Names of RFC 6381 that decoders here may know. Others (Dolby Vision, sound) do not count.
constexpr auto kVideoCodecs = std::to_array<std::string_view>(
    {"avc1", "avc3", "hvc1", "hev1", "vp08", "vp09", "vp8", "vp9", "av01", "mp4v", "mp2v"});

// The next piece of `text` up to `end`; takes it off together with the end.
std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view piece = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return piece;
}

// Takes a number off the beginning of `text`.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data()) return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

/// A tag's attributes (RFC 8216, 4.2), found by their names.
class Attributes {
 public:
  explicit Attributes(std::string_view text) : text_(text) {}

  /// Without its quotes; "" when it is not there.
  [[nodiscard]] std::string_view operator[](std::string_view name) const {
    std::string_view rest = text_;
    while (!rest.empty()) {
      const std::string_view found = trimmed(take_until(rest, '='), kTextSpaces);
      const bool is_quoted = rest.starts_with('"');
      if (is_quoted) rest.remove_prefix(1);
      const std::string_view value = take_until(rest, is_quoted ? '"' : ',');
      if (is_quoted) take_until(rest, ',');
      if (found == name) return is_quoted ? value : trimmed(value, kTextSpaces);
    }
    return {};
  }

 private:
  std::string_view text_;
};

Error wrong(std::string_view line) {
  constexpr std::size_t kShown = 80;
  return {ErrorCode::InvalidArgument,
          "its line " + in_quotes(line.substr(0, kShown)) + " is wrong",
          {}};
}

Result<std::string> uri_of(std::string_view text) {
  if (text.size() > kLongestUri) {
    return Error{ErrorCode::LimitExceeded, "it has a URI of more than 8192 bytes", {}};
  }
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7F && c != '"';
  });
  if (text.empty() || !is_plain || !is_utf8(text)) return wrong(text);
  return std::string(text);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// A hexadecimal number of at most 128 bits.
std::optional<HlsBlock> block_of(std::string_view text) {
  if (!text.starts_with("0x") && !text.starts_with("0X")) return {};
  text.remove_prefix(2);
  HlsBlock out{};
  if (text.empty() || text.size() > 2 * out.size()) return {};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int digit = hex_digit(text[text.size() - 1 - i]);
    if (digit < 0) return {};
    out[out.size() - 1 - i / 2] |= static_cast<std::uint8_t>(i % 2 == 0 ? digit : digit << 4);
  }
  return out;
}

HlsBlock block_of(std::uint64_t number) {
  HlsBlock out{};
  for (std::size_t i = 0; i < sizeof number; ++i) {
    out[out.size() - 1 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return out;
}

std::string hex(const HlsBlock& block) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "0x";
  for (const std::uint8_t byte : block) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::uint64_t pixels_of(std::string_view resolution) {
  const auto width = take_number(resolution);
  if (!width || !resolution.starts_with('x')) return 0;
  resolution.remove_prefix(1);
  const auto height = take_number(resolution);
  constexpr std::uint64_t kLargest = 1 << 20;
  if (!height || *width > kLargest || *height > kLargest) return 0;
  return *width * *height;
}

// 2: video that may be decoded here, or nothing is known; 1: no such video.
int decodability(std::string_view codecs) {
  if (codecs.empty()) return 2;
  while (!codecs.empty()) {
    const std::string_view codec = trimmed(take_until(codecs, ','), kTextSpaces);
    const std::string_view name = codec.substr(0, codec.find('.'));
    if (std::find(kVideoCodecs.begin(), kVideoCodecs.end(), name) != kVideoCodecs.end()) return 2;
  }
  return 1;
}

/// Reads line after line.
class Reader {
 public:
  [[nodiscard]] Result<HlsPlaylist> read(std::string_view text) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    if (!text.starts_with("#EXTM3U")) return wrong(text.substr(0, text.find_first_of("\r\n")));
    while (!text.empty()) {
      const std::string_view line = trimmed(take_until(text, '\n'), kTextSpaces);
      if (Status status = take(line); !status) return status.error();
    }
    return std::move(out_);
  }

 private:
  Status take(std::string_view line) {
    if (line.empty()) return success();
    if (!line.starts_with('#')) return line_is_uri(line);
    std::string_view value = line;
    const std::string_view tag = take_until(value, ':');
    if (tag == "#EXTINF") return take_duration(value);
    if (tag == "#EXT-X-BYTERANGE") return take_range(line, value);
    if (tag == "#EXT-X-KEY") return take_key(line, Attributes(value));
    if (tag == "#EXT-X-MAP") return take_map(line, Attributes(value));
    if (tag == "#EXT-X-STREAM-INF") return take_variant(Attributes(value));
    if (tag == "#EXT-X-ENDLIST") out_.has_end = true;
    if (tag == "#EXT-X-DISCONTINUITY") next_.is_discontinuous = true;
    if (tag == "#EXT-X-MEDIA-SEQUENCE") {
      const auto number = whole_number<std::uint64_t>(value);
      if (!number) return wrong(line);
      number_ = *number;
    }
    return success();
  }

  // A line of its own is what the tags before it are about.
  Status line_is_uri(std::string_view line) {
    auto uri = uri_of(line);
    if (!uri) return uri.error();
    if (variant_) {
      variant_->uri = std::move(*uri);
      out_.variants.push_back(std::move(*variant_));
      variant_.reset();
    } else if (!next_.seconds.empty()) {
      if (out_.segments.size() >= kMostSegments) {
        return Error{ErrorCode::LimitExceeded, "it has more than 100000 segments", {}};
      }
      add_segment(std::move(*uri));
    }
    return success();
  }

  void add_segment(std::string uri) {
    next_.media.uri = std::move(uri);
    if (next_.media.range && !has_offset_ && !out_.segments.empty()) {
      const HlsResource& before = out_.segments.back().media;
      if (before.range && before.uri == next_.media.uri) {
        next_.media.range->offset = before.range->offset + before.range->length;
      }
    }
    next_.number = number_++;
    next_.key = key_;
    next_.map = map_;
    out_.segments.push_back(std::move(next_));
    next_ = {};
  }

  // What is no number there is no segment for players either.
  Status take_duration(std::string_view value) {
    const std::string_view seconds = trimmed(take_until(value, ','), kTextSpaces);
    const bool is_decimal = !seconds.empty() && seconds.size() <= kLongestNumber &&
                            seconds.find_first_not_of("0123456789.") == seconds.npos &&
                            std::count(seconds.begin(), seconds.end(), '.') <= 1;
    next_.seconds = is_decimal ? seconds : std::string_view();
    return success();
  }

  Status take_range(std::string_view line, std::string_view value) {
    has_offset_ = value.find('@') != value.npos;
    next_.media.range = range_of(value);
    return next_.media.range ? success() : Status(wrong(line));
  }

  // "length" or "length@offset".
  static std::optional<HlsRange> range_of(std::string_view value) {
    const auto length = take_number(value);
    std::optional<std::uint64_t> offset = 0;
    if (value.starts_with('@')) {
      value.remove_prefix(1);
      offset = take_number(value);
    }
    if (!length || !offset || !value.empty() || *length == 0) return {};
    // The sum of all that may follow one another stays within 64 bits.
    if (*length > kFarthest / kMostSegments || *offset > kFarthest) return {};
    return HlsRange{*offset, *length};
  }

  Status take_key(std::string_view line, const Attributes& attributes) {
    const std::string_view method = attributes["METHOD"];
    const std::string_view format = attributes["KEYFORMAT"];
    key_.reset();
    if (method == "NONE") return success();
    if (method != "AES-128" || (!format.empty() && format != "identity")) {
      return Error{ErrorCode::Unsupported,
                   "it is encrypted (" + std::string(method.substr(0, kLongestNumber)) +
                       "); only AES-128 can be read",
                   {}};
    }
    auto uri = uri_of(attributes["URI"]);
    if (!uri) return uri.error();
    HlsKey key{std::move(*uri), {}};
    if (const std::string_view iv = attributes["IV"]; !iv.empty()) {
      key.iv = block_of(iv);
      if (!key.iv) return wrong(line);
    }
    key_ = out_.keys.size();
    out_.keys.push_back(std::move(key));
    return success();
  }

  Status take_map(std::string_view line, const Attributes& attributes) {
    auto uri = uri_of(attributes["URI"]);
    if (!uri) return uri.error();
    HlsResource map{std::move(*uri), {}};
    if (const std::string_view range = attributes["BYTERANGE"]; !range.empty()) {
      map.range = range_of(range);
      if (!map.range) return wrong(line);
    }
    map_ = out_.maps.size();
    out_.maps.push_back(std::move(map));
    return success();
  }

  Status take_variant(const Attributes& attributes) {
    variant_ =
        HlsVariant{.uri = {},
                   .bandwidth = whole_number<std::uint64_t>(attributes["BANDWIDTH"]).value_or(0),
                   .pixels = pixels_of(attributes["RESOLUTION"]),
                   .codecs = std::string(attributes["CODECS"])};
    return success();
  }

  HlsPlaylist out_;
  HlsSegment next_;
  bool has_offset_ = false;  ///< the range of next_ says where it begins
  std::optional<HlsVariant> variant_;
  std::optional<std::size_t> key_;
  std::optional<std::size_t> map_;
  std::uint64_t number_ = 0;
};

std::string range_text(const HlsRange& range) {
  return std::to_string(range.length) + "@" + std::to_string(range.offset);
}

std::string map_line(const HlsResource& map) {
  std::string out = "#EXT-X-MAP:URI=\"" + map.uri + "\"";
  if (map.range) out += ",BYTERANGE=\"" + range_text(*map.range) + "\"";
  return out + "\n";
}

}  // namespace

Result<HlsPlaylist> read_hls(std::string_view text) {
  return Reader().read(text);
}

const HlsVariant& best_variant(const std::vector<HlsVariant>& variants) {
  const auto rank = [](const HlsVariant& variant) {
    return std::tuple(decodability(variant.codecs), variant.pixels, variant.bandwidth);
  };
  return *std::max_element(
      variants.begin(), variants.end(),
      [&](const HlsVariant& a, const HlsVariant& b) { return rank(a) < rank(b); });
}

std::string write_hls(const HlsPlaylist& playlist) {
  std::string out = "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-PLAYLIST-TYPE:VOD\n";
  std::optional<std::size_t> key;
  std::optional<std::size_t> map;
  for (const HlsSegment& segment : playlist.segments) {
    if (segment.key) {
      const HlsKey& made = playlist.keys[*segment.key];
      out += "#EXT-X-KEY:METHOD=AES-128,URI=\"" + made.uri +
             "\",IV=" + hex(made.iv.value_or(block_of(segment.number))) + "\n";
    } else if (key) {
      out += "#EXT-X-KEY:METHOD=NONE\n";
    }
    key = segment.key;
    if (segment.map && segment.map != map) out += map_line(playlist.maps[*segment.map]);
    map = segment.map;
    if (segment.is_discontinuous) out += "#EXT-X-DISCONTINUITY\n";
    out += "#EXTINF:" + segment.seconds + ",\n";
    if (segment.media.range) out += "#EXT-X-BYTERANGE:" + range_text(*segment.media.range) + "\n";
    out += segment.media.uri + "\n";
  }
  return out + "#EXT-X-ENDLIST\n";
}

}  // namespace anim
