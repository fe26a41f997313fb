// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/closed_hls.h"

#include <map>
#include <utility>

#include "gst/core/hls_playlist.h"
#include "gst/core/text.h"
#include "gst/glue/handle.h"

namespace anim {
namespace {

constexpr int kDeepest = 3;  // a master playlist, its variants, and one more
constexpr std::size_t kMostKeys = 1000;
constexpr std::size_t kKeySize = 16;
constexpr std::size_t kLongestDataKey = 256;  // every segment's line repeats it

// `reference` at `base` (RFC 3986, section 5), otherwise as written: a query may be signed.
std::string resolved(const std::string& base, const std::string& reference) {
  if (gst_uri_is_valid(reference.c_str()) != FALSE) {
    // GLib and others write file:/x for file:///x.
    const bool is_short = reference.starts_with("file:/") && !reference.starts_with("file://");
    return is_short ? "file://" + reference.substr(5) : reference;
  }
  constexpr auto kAsWritten =
      static_cast<GUriFlags>(G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED);
  const auto joined =
      glue::adopt(g_uri_resolve_relative(base.c_str(), reference.c_str(), kAsWritten, nullptr));
  return joined ? joined.get() : reference;
}

/// What is made out of one presentation.
class Closing {
 public:
  Closing(std::string text, std::string base, const NestedRules& rules, StopSignal& stop)
      : text_(std::move(text)), base_(std::move(base)), rules_(rules), stop_(stop) {}

  Result<ClosedHls> close() {
    if (Status status = find_segments(); !status) return status.error();
    for (HlsResource& map : playlist_.maps) {
      if (Status status = settle(map.uri); !status) return status.error();
    }
    for (HlsSegment& segment : playlist_.segments) {
      if (Status status = settle(segment.media.uri); !status) return status.error();
      if (!segment.key) continue;
      if (Status status = take_key(playlist_.keys[*segment.key]); !status) return status.error();
    }
    return ClosedHls{write_hls(playlist_), !playlist_.has_end};
  }

 private:
  // Down to a media playlist.
  Status find_segments() {
    for (int depth = 1;; ++depth) {
      auto read = read_hls(text_);
      if (!read) return of_source(read.error());
      playlist_ = std::move(*read);
      if (playlist_.variants.empty()) break;
      const std::string uri = resolved(base_, best_variant(playlist_.variants).uri);
      if (depth > kDeepest) return too_deep(uri);
      auto next = read_nested(rules_, uri, kLongestPlaylist, stop_);
      if (!next) return of_source(next.error());
      text_ = std::move(next->body);
      base_ = std::move(next->url);
    }
    if (!playlist_.segments.empty()) return success();
    return of_source({ErrorCode::ReadFailed, "it is a playlist without segments", {}});
  }

  Status settle(std::string& uri) {
    uri = resolved(base_, uri);
    length_ += uri.size();
    if (length_ > kLongestPlaylist) {
      return of_source({ErrorCode::LimitExceeded, "its URIs are longer than 16 MiB in all", {}});
    }
    return check_nested(rules_, uri);
  }

  [[nodiscard]] Status check_data_key(const std::string& uri) const {
    if (uri.size() <= kLongestDataKey) return success();
    return of_source(
        {ErrorCode::LimitExceeded, "it has a key in a data: URI of more than 256 bytes", {}});
  }

  // A key becomes a part of the playlist, once.
  Status take_key(HlsKey& key) {
    if (key.uri.starts_with("data:")) return check_data_key(key.uri);
    const std::string uri = resolved(base_, key.uri);
    auto known = keys_.find(uri);
    if (known == keys_.end()) {
      if (keys_.size() >= kMostKeys) {
        return of_source({ErrorCode::LimitExceeded, "it has more than 1000 keys", {}});
      }
      const auto read = read_nested(rules_, uri, kKeySize, stop_);
      if (!read) return of_source(read.error());
      if (read->body.size() != kKeySize) {
        return of_source({ErrorCode::ReadFailed,
                          "its key " + in_quotes(bare_url(uri)) + " is not 16 bytes long",
                          {}});
      }
      const auto text = glue::adopt(
          g_base64_encode(reinterpret_cast<const guchar*>(read->body.data()), kKeySize));
      known = keys_.emplace(uri, std::string("data:;base64,") + text.get()).first;
    }
    key.uri = known->second;
    return success();
  }

  [[nodiscard]] Error of_source(const Error& error) const {
    const std::string name = in_quotes(rules_.place.uri);
    if (error.message.starts_with(name)) return error;
    return {error.code, name + ": " + error.message, error.detail};
  }

  [[nodiscard]] Error too_deep(const std::string& uri) const {
    return {ErrorCode::InvalidArgument,
            in_quotes(rules_.place.uri) + " is refused: it leads to " + in_quotes(uri) +
                ", which is too many playlists deep",
            {}};
  }

  std::string text_;
  std::string base_;
  const NestedRules& rules_;
  StopSignal& stop_;
  HlsPlaylist playlist_;
  std::map<std::string, std::string> keys_;  ///< as data: URIs, by where they are
  std::size_t length_ = 0;                   ///< of all URIs so far
};

}  // namespace

Result<ClosedHls> closed_hls(std::string text, std::string base, const NestedRules& rules,
                             StopSignal& stop) {
  return Closing(std::move(text), std::move(base), rules, stop).close();
}

}  // namespace anim
