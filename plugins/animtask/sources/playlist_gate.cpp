// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/playlist_gate.h"

#include <string>
#include <string_view>
#include <utility>

#include "gst/core/dash_manifest.h"
#include "gst/core/text.h"
#include "gst/glue/handle.h"
#include "gst/glue/report.h"
#include "plugins/animtask/net/stop_signal.h"
#include "plugins/animtask/sources/bin_parts.h"
#include "plugins/animtask/sources/closed_hls.h"

namespace anim {
namespace {

constexpr const char* kGated = "anim-playlist-gate";
constexpr const char* kNowhere = "data:,%3Cnothing/%3E";
constexpr std::string_view kHls = "application/x-hls";
constexpr std::string_view kDash = "application/dash+xml";

bool is_flushing(GstPad* pad) {
  GST_OBJECT_LOCK(pad);
  const bool flushing = GST_PAD_IS_FLUSHING(pad);
  GST_OBJECT_UNLOCK(pad);
  return flushing;
}

// Where what comes through `pad` was read, after redirects; "" when nobody says.
std::string place_upstream(GstPad* pad) {
  const auto query = glue::adopt(gst_query_new_uri());
  if (gst_pad_query(pad, query.get()) == FALSE) return {};
  gchar* uri = nullptr;
  gchar* redirected = nullptr;
  gst_query_parse_uri(query.get(), &uri);
  gst_query_parse_uri_redirection(query.get(), &redirected);
  const auto first = glue::adopt(uri);
  const auto last = glue::adopt(redirected);
  if (last) return last.get();
  return first ? first.get() : "";
}

/// Of the pad's streaming thread.
class PlaylistGate {
 public:
  PlaylistGate(std::string type, NestedRules rules, std::function<void(Error)> refuse)
      : type_(std::move(type)), rules_(std::move(rules)), refuse_(std::move(refuse)) {}

  GstPadProbeReturn probe(GstPad* pad, GstPadProbeInfo* info) {
    if ((info->type & GST_PAD_PROBE_TYPE_QUERY_UPSTREAM) != 0) {
      return is_open_ ? answer(GST_PAD_PROBE_INFO_QUERY(info)) : GST_PAD_PROBE_OK;
    }
    if (is_refused_) return GST_PAD_PROBE_DROP;
    if (is_open_) return GST_PAD_PROBE_OK;
    if ((info->type & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
      take(GST_PAD_PROBE_INFO_BUFFER(info));
      return GST_PAD_PROBE_DROP;
    }
    if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) != GST_EVENT_EOS) return GST_PAD_PROBE_OK;
    return open(pad) ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
  }

 private:
  void refuse(Error error) {
    is_refused_ = true;
    refuse_(std::move(error));
  }

  void take(GstBuffer* buffer) {
    const std::size_t size = gst_buffer_get_size(buffer);
    const std::size_t before = text_.size();
    if (before + size > kLongestPlaylist) {
      refuse({ErrorCode::LimitExceeded,
              in_quotes(rules_.place.uri) + " is a playlist of more than 16 MiB",
              {}});
      return;
    }
    text_.resize(before + size);
    gst_buffer_extract(buffer, 0, text_.data() + before, size);
  }

  // The demuxer reads it at its end. False: it gets none.
  bool open(GstPad* pad) {
    StopSignal stop([pad] { return is_flushing(pad); });
    const std::string base = this->base(pad);
    const auto passed = type_ == kHls ? presentation(pad, base, stop) : manifest();
    if (stop.is_stopped()) return false;
    if (!passed) {
      refuse(passed.error());
      return false;
    }
    if (type_ != kHls) place_ = base;
    is_open_ = true;
    // Past the pad itself, which is at its end by now; the events before it have come through.
    const auto demuxer = glue::adopt(gst_pad_get_peer(pad));
    if (!demuxer) return false;
    auto* buffer = gst_buffer_new_memdup(passed->data(), passed->size());
    return gst_pad_chain(demuxer.get(), buffer) == GST_FLOW_OK;
  }

  Result<std::string> presentation(GstPad* pad, const std::string& base, StopSignal& stop) {
    auto closed = closed_hls(std::move(text_), base, rules_, stop);
    if (!closed) return closed.error();
    const auto element = glue::adopt(gst_pad_get_parent_element(pad));
    if (closed->is_live && element) {
      glue::post_warning(element.get(),
                         {ErrorCode::OutOfRange,
                          in_quotes(rules_.place.uri) +
                              " has no end (live): what it listed when it was opened is read",
                          {}});
    }
    return std::move(closed->text);
  }

  Result<std::string> manifest() {
    for (const std::string& reference : dash_references(text_)) {
      if (Status status = check_nested(rules_, reference); !status) return status.error();
    }
    const Status status = type_ == kDash ? check_dash(text_) : success();
    if (status) return std::move(text_);
    return Error{
        status.error().code, in_quotes(rules_.place.uri) + ": " + status.error().message, {}};
  }

  // What references are relative to. In a store they are keys, which no demuxer can read.
  [[nodiscard]] std::string base(GstPad* pad) const {
    if (!rules_.file.empty()) {
      const auto uri = glue::adopt(gst_filename_to_uri(rules_.file.c_str(), nullptr));
      return uri ? uri.get() : "";
    }
    const std::string read = rules_.place.kind == Place::Kind::Http ? place_upstream(pad) : "";
    return read.empty() ? rules_.place.uri : read;
  }

  // A demuxer reads again at the URI, and resolves references against where that was redirected.
  GstPadProbeReturn answer(GstQuery* query) const {
    if (GST_QUERY_TYPE(query) != GST_QUERY_URI) return GST_PAD_PROBE_OK;
    gst_query_set_uri(query, kNowhere);
    if (!place_.empty()) gst_query_set_uri_redirection(query, place_.c_str());
    return GST_PAD_PROBE_HANDLED;
  }

  const std::string type_;  ///< the playlist's
  const NestedRules rules_;
  const std::function<void(Error)> refuse_;
  std::string text_;
  std::string place_;  ///< what references of a manifest are relative to
  bool is_refused_ = false;
  bool is_open_ = false;
};

}  // namespace

void gate_playlist(GstPad* pad, const GstCaps* type, NestedRules rules,
                   std::function<void(Error)> refuse) {
  constexpr auto kTypes =
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
                                   GST_PAD_PROBE_TYPE_QUERY_UPSTREAM);
  // parsebin shows a ghost of the pad that the demuxer is linked to.
  const auto real = real_pad(pad);
  // parsebin may try several demuxers.
  if (g_object_get_data(G_OBJECT(real.get()), kGated) != nullptr) return;
  g_object_set_data(G_OBJECT(real.get()), kGated, GINT_TO_POINTER(TRUE));
  gst_pad_add_probe(
      real.get(), kTypes,
      [](GstPad* probed, GstPadProbeInfo* info, gpointer self) -> GstPadProbeReturn {
        return static_cast<PlaylistGate*>(self)->probe(probed, info);
      },
      new PlaylistGate(gst_structure_get_name(gst_caps_get_structure(type, 0)), std::move(rules),
                       std::move(refuse)),
      [](gpointer self) { delete static_cast<PlaylistGate*>(self); });
}

}  // namespace anim
