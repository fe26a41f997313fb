// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/nested_sources.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "gst/core/task_file.h"
#include "gst/core/text.h"
#include "gst/glue/handle.h"

namespace anim {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestPart = std::uint64_t{128} << 20;

Error refusal(const NestedRules& rules, const std::string& uri, const std::string& why) {
  return {ErrorCode::InvalidArgument,
          in_quotes(rules.place.uri) + " is refused: it leads to " + in_quotes(uri) + ", " + why,
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

bool allows(const NestedRules& rules, std::string_view scheme) {
  return std::find(rules.schemes.begin(), rules.schemes.end(), scheme) != rules.schemes.end();
}

bool has_property(GstElement* element, const char* name) {
  return g_object_class_find_property(G_OBJECT_GET_CLASS(element), name) != nullptr;
}

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
    if (has_property(reader, "location")) g_object_set(reader, "location", nullptr, nullptr);
  }
};

using SharedWatch = std::shared_ptr<ReaderWatch>;

/// What one reader has given of a part; of its streaming thread.
struct PartWatch {
  SharedWatch readers;
  std::uint64_t bytes = 0;

  // A demuxer uses one reader for part after part.
  GstPadProbeReturn probe(GstPadProbeInfo* info) {
    if ((info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) != 0) {
      if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_SEGMENT) bytes = 0;
      return GST_PAD_PROBE_OK;
    }
    const std::uint64_t before = bytes;
    bytes += gst_buffer_get_size(GST_PAD_PROBE_INFO_BUFFER(info));
    if (bytes <= kLargestPart) return GST_PAD_PROBE_OK;
    if (before <= kLargestPart) {
      readers->refuse({ErrorCode::LimitExceeded,
                       in_quotes(readers->rules.place.uri) + " has a segment of more than 128 MiB",
                       {}});
    }
    return GST_PAD_PROBE_DROP;
  }
};

void free_watch(gpointer watch, GClosure* /*closure*/) {
  delete static_cast<SharedWatch*>(watch);
}

void location_changed(GObject* reader, GParamSpec* /*spec*/, gpointer watch) {
  (*static_cast<SharedWatch*>(watch))->look_at(GST_ELEMENT(reader));
}

void watch_part(GstElement* reader, const SharedWatch& readers) {
  const auto pad = glue::adopt(gst_element_get_static_pad(reader, "src"));
  if (!pad) return;
  gst_pad_add_probe(
      pad.get(),
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
      [](GstPad* /*pad*/, GstPadProbeInfo* info, gpointer self) -> GstPadProbeReturn {
        return static_cast<PartWatch*>(self)->probe(info);
      },
      new PartWatch{readers}, [](gpointer self) { delete static_cast<PartWatch*>(self); });
}

void reader_added(GstBin* /*bin*/, GstBin* /*parent*/, GstElement* element, gpointer watch) {
  if (!GST_IS_URI_HANDLER(element) ||
      gst_uri_handler_get_uri_type(GST_URI_HANDLER(element)) != GST_URI_SRC) {
    return;
  }
  const auto& shared = *static_cast<SharedWatch*>(watch);
  limit_redirects(element, shared->rules);
  g_signal_connect_data(element, "notify::location", G_CALLBACK(location_changed),
                        new SharedWatch(shared), free_watch, static_cast<GConnectFlags>(0));
  watch_part(element, shared);
  shared->look_at(element);
}

}  // namespace

NestedRules nested_rules(const Place& place, const std::string& file,
                         const std::string& storage_root, std::vector<std::string> schemes) {
  NestedRules rules{place, file, {}, std::move(schemes)};
  std::error_code error;
  if (file.empty()) return rules;
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
  if (is_web && allows(rules, scheme)) return success();
  return refusal(
      rules, uri,
      is_web ? "whose scheme is not allowed here (allowed-schemes)" : "which no playlist may name");
}

bool may_redirect(const NestedRules& rules) {
  return allows(rules, "http") && allows(rules, "https");
}

void limit_redirects(GstElement* reader, const NestedRules& rules) {
  if (may_redirect(rules) || !has_property(reader, "automatic-redirect")) return;
  g_object_set(reader, "automatic-redirect", FALSE, nullptr);
}

Result<Fetched> read_nested(const NestedRules& rules, const std::string& uri, std::size_t most,
                            StopSignal& stop) {
  if (Status status = check_nested(rules, uri); !status) return status.error();
  if (uri_scheme(uri) != "file") {
    return fetch(
        uri, most, [&](const std::string& next) { return check_nested(rules, next); }, stop);
  }
  auto text = read_small_file(source_place(uri).value().key, most);
  if (!text) return text.error();
  return Fetched{std::move(*text), uri};
}

void watch_nested_sources(GstBin* bin, NestedRules rules, std::function<void(Error)> refuse) {
  auto* watch = new SharedWatch(
      std::make_shared<ReaderWatch>(ReaderWatch{std::move(rules), std::move(refuse)}));
  g_signal_connect_data(bin, "deep-element-added", G_CALLBACK(reader_added), watch, free_watch,
                        static_cast<GConnectFlags>(0));
}

}  // namespace anim
