// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/nested_sources.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "gst/core/playlist.h"
#include "gst/core/task_file.h"
#include "gst/core/text.h"
#include "gst/glue/handle.h"

namespace anim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestPlaylist = std::size_t{16} << 20;
constexpr int kDeepest = 3;  // a master playlist, its variants, and one more

Error refusal(const NestedRules& rules, const std::string& uri, const std::string& why) {
  return {ErrorCode::InvalidArgument,
          in_quotes(rules.place.uri) + " is refused: it names " + in_quotes(uri) + ", " + why,
          {}};
}

Status check_nested_file(const NestedRules& rules, const std::string& uri) {
  if (rules.folder.empty()) return refusal(rules, uri, "but a source on the web has no files here");
  const auto place = source_place(uri);
  if (!place) return place.error();
  std::error_code error;
  const fs::path file = fs::weakly_canonical(place->key, error);
  if (error || !is_below(rules.folder, file.string())) {
    return refusal(rules, uri, "which is not below " + rules.folder);
  }
  if (fs::exists(file, error) && !fs::is_regular_file(file, error)) {
    return refusal(rules, uri, "which is no ordinary file");
  }
  return success();
}

// `reference` as the demuxer resolves it; GStreamer writes file:/x for file:///x.
std::string resolved(const std::string& base, const std::string& reference) {
  const auto joined = glue::adopt(gst_uri_join_strings(base.c_str(), reference.c_str()));
  std::string uri = joined ? joined.get() : reference;
  if (uri.starts_with("file:/") && !uri.starts_with("file://")) uri.insert(5, "//");
  return uri;
}

bool is_playlist_name(const std::string& uri) {
  const std::string path = uri.substr(0, uri.find_first_of("?#"));
  return path.ends_with(".m3u8") || path.ends_with(".m3u");
}

Status check_hls(const NestedRules& rules, const std::string& base, std::string_view text,
                 int depth) {
  for (const std::string& reference : hls_references(text)) {
    const std::string uri = resolved(base, reference);
    if (Status status = check_nested(rules, uri); !status) return status;
    if (uri_scheme(uri) != "file" || !is_playlist_name(uri)) continue;
    if (depth >= kDeepest) return refusal(rules, uri, "which is too many playlists deep");
    const auto nested = read_small_file(source_place(uri).value().key, kLongestPlaylist);
    // One that cannot be read is for the demuxer to say.
    if (!nested) continue;
    if (Status status = check_hls(rules, uri, *nested, depth + 1); !status) return status;
  }
  return success();
}

Status check_dash(const NestedRules& rules, std::string_view text) {
  for (const std::string& reference : dash_references(text)) {
    if (Status status = check_nested(rules, reference); !status) return status;
  }
  return success();
}

// A file:// URI for a file, as the demuxer resolves references against it.
std::string base_of(const NestedRules& rules) {
  if (rules.file.empty()) return rules.place.uri;
  const auto uri = glue::adopt(gst_filename_to_uri(rules.file.c_str(), nullptr));
  return uri ? uri.get() : "";
}

/// Gathers a playlist while it passes; of the pad's streaming thread.
struct PlaylistWatch {
  NestedRules rules;
  std::function<void(Error)> refuse;
  std::string text{};
  bool is_refused = false;

  // The demuxer reads it at its end, so what is refused by then was not followed.
  GstPadProbeReturn probe(GstPadProbeInfo* info) {
    const bool is_event = (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) != 0;
    if (!is_refused) {
      const Status status = is_event ? look_at(GST_PAD_PROBE_INFO_EVENT(info))
                                     : take(GST_PAD_PROBE_INFO_BUFFER(info));
      is_refused = !status;
      if (is_refused) refuse(status.error());
    }
    return is_refused ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
  }

  Status take(GstBuffer* buffer) {
    const std::size_t size = gst_buffer_get_size(buffer);
    if (text.size() + size > kLongestPlaylist) {
      return Error{ErrorCode::LimitExceeded,
                   in_quotes(rules.place.uri) + " is a playlist of more than 16 MiB",
                   {}};
    }
    const std::size_t before = text.size();
    text.resize(before + size);
    gst_buffer_extract(buffer, 0, text.data() + before, size);
    return success();
  }

  Status look_at(GstEvent* event) const {
    if (GST_EVENT_TYPE(event) != GST_EVENT_EOS) return success();
    if (text.find("#EXTM3U") != std::string::npos) return check_hls(rules, base_of(rules), text, 1);
    return check_dash(rules, text);
  }
};

/// What is connected to a bin, and to the readers in it.
struct ReaderWatch {
  NestedRules rules;
  std::function<void(Error)> refuse;

  void look_at(GstElement* reader) const {
    const auto uri = glue::adopt(gst_uri_handler_get_uri(GST_URI_HANDLER(reader)));
    if (!uri) return;
    const Status status = check_nested(rules, uri.get());
    if (status) return;
    refuse(status.error());
    if (g_object_class_find_property(G_OBJECT_GET_CLASS(reader), "location") != nullptr) {
      g_object_set(reader, "location", nullptr, nullptr);
    }
  }
};

using SharedWatch = std::shared_ptr<ReaderWatch>;

void free_watch(gpointer watch, GClosure* /*closure*/) {
  delete static_cast<SharedWatch*>(watch);
}

void location_changed(GObject* reader, GParamSpec* /*spec*/, gpointer watch) {
  (*static_cast<SharedWatch*>(watch))->look_at(GST_ELEMENT(reader));
}

void reader_added(GstBin* /*bin*/, GstBin* /*parent*/, GstElement* element, gpointer watch) {
  if (!GST_IS_URI_HANDLER(element) ||
      gst_uri_handler_get_uri_type(GST_URI_HANDLER(element)) != GST_URI_SRC) {
    return;
  }
  const auto& shared = *static_cast<SharedWatch*>(watch);
  // The demuxer uses one reader for many places.
  g_signal_connect_data(element, "notify::location", G_CALLBACK(location_changed),
                        new SharedWatch(shared), free_watch, static_cast<GConnectFlags>(0));
  shared->look_at(element);
}

}  // namespace

NestedRules nested_rules(const Place& place, const std::string& file,
                         const std::string& storage_root, std::vector<std::string> schemes) {
  NestedRules rules{place, file, {}, std::move(schemes)};
  std::error_code error;
  if (place.kind == Place::Kind::Bucket) {
    rules.folder = fs::canonical(storage_root, error).string();
  } else if (place.kind == Place::Kind::File) {
    rules.folder = fs::canonical(file, error).parent_path().string();
  }
  return rules;
}

Status check_nested(const NestedRules& rules, const std::string& uri) {
  const std::string scheme = uri_scheme(uri);
  if (scheme == "file") return check_nested_file(rules, uri);
  const bool is_web = scheme == "http" || scheme == "https";
  const bool is_allowed =
      std::find(rules.schemes.begin(), rules.schemes.end(), scheme) != rules.schemes.end();
  if (is_web && is_allowed) return success();
  return refusal(
      rules, uri,
      is_web ? "whose scheme is not allowed here (allowed-schemes)" : "which no playlist may name");
}

void watch_playlist(GstPad* pad, NestedRules rules, std::function<void(Error)> refuse) {
  constexpr auto kTypes =
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
  // parsebin shows a ghost of the pad that the demuxer is linked to.
  const auto real = GST_IS_GHOST_PAD(pad)
                        ? glue::adopt(gst_ghost_pad_get_target(GST_GHOST_PAD(pad)))
                        : glue::share(pad);
  gst_pad_add_probe(
      real.get(), kTypes,
      [](GstPad* /*pad*/, GstPadProbeInfo* info, gpointer self) -> GstPadProbeReturn {
        return static_cast<PlaylistWatch*>(self)->probe(info);
      },
      new PlaylistWatch{std::move(rules), std::move(refuse)},
      [](gpointer self) { delete static_cast<PlaylistWatch*>(self); });
}

void watch_nested_sources(GstBin* bin, NestedRules rules, std::function<void(Error)> refuse) {
  auto* watch = new SharedWatch(
      std::make_shared<ReaderWatch>(ReaderWatch{std::move(rules), std::move(refuse)}));
  g_signal_connect_data(bin, "deep-element-added", G_CALLBACK(reader_added), watch, free_watch,
                        static_cast<GConnectFlags>(0));
}

}  // namespace anim
