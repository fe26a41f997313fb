// SPDX-License-Identifier: LGPL-2.1-or-later
// HLS playlists (RFC 8216): read into what counts for video, and written with nothing else in them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gst/core/error.h"

namespace anim {

struct HlsRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

/// What a playlist names: a URI as it stands there, and the part of it that is meant.
struct HlsResource {
  std::string uri;
  std::optional<HlsRange> range;  ///< all of it without one
};

using HlsBlock = std::array<std::uint8_t, 16>;

/// A key of AES-128.
struct HlsKey {
  std::string uri;
  std::optional<HlsBlock> iv;  ///< a segment's number without one
};

struct HlsSegment {
  HlsResource media;
  std::string seconds;               ///< a decimal number
  std::uint64_t number = 0;          ///< its media sequence number
  std::optional<std::size_t> key{};  ///< of the playlist's keys
  std::optional<std::size_t> map{};  ///< of the playlist's maps
  bool is_discontinuous = false;     ///< what comes before does not go on here
};

/// One rendering of the presentation, a playlist of its own.
struct HlsVariant {
  std::string uri;
  std::uint64_t bandwidth = 0;  ///< bits a second
  std::uint64_t pixels = 0;     ///< width times height; 0 = not stated
  std::string codecs;           ///< as RFC 6381 has them, joined with commas; "" = not stated
};

struct HlsPlaylist {
  std::vector<HlsVariant> variants;  ///< of a master playlist, which has no segments
  std::vector<HlsSegment> segments;
  std::vector<HlsKey> keys;
  std::vector<HlsResource> maps;  ///< beginnings that segments need (EXT-X-MAP)
  bool has_end = false;           ///< no segments will be added later
};

/// Reads a playlist. Without segments and variants it is empty, which is no error here. Fails with
/// Unsupported where segments are encrypted in another way than AES-128, with LimitExceeded beyond
/// 100000 segments or URIs of 8 KiB, with InvalidArgument where a tag does not say what it should.
[[nodiscard]] Result<HlsPlaylist> read_hls(std::string_view text);

/// The variant to make animations of: of those whose video can be decoded here the one with the
/// largest pictures, then with the highest bandwidth, then the first. There must be one.
[[nodiscard]] const HlsVariant& best_variant(const std::vector<HlsVariant>& variants);

/// A media playlist of these segments, with an end.
[[nodiscard]] std::string write_hls(const HlsPlaylist& playlist);

}  // namespace anim
