// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/decoder_chain.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <gst/video/video.h>

namespace anim {
namespace {

using namespace glue;

// Elements with one way in and one way out whose frames leave at other times than they came, or
// are made of several.
constexpr auto kChangeFrames =
    std::to_array<std::string_view>({"avdeinterlace", "deinterlace", "imagefreeze", "interlace",
                                     "intervalsampler", "ivtc", "videorate"});

// The pad of a real element to which `sink` is linked: ghost pads lead into bins and out of them.
Owned<GstPad> source_of(GstPad* sink) {
  auto pad = adopt(gst_pad_get_peer(sink));
  while (pad && GST_IS_PROXY_PAD(pad.get())) {
    if (GST_IS_GHOST_PAD(pad.get())) {
      pad = adopt(gst_ghost_pad_get_target(GST_GHOST_PAD(pad.get())));
      continue;
    }
    const auto outside = adopt(GST_PAD(gst_proxy_pad_get_internal(GST_PROXY_PAD(pad.get()))));
    pad = adopt(outside ? gst_pad_get_peer(outside.get()) : nullptr);
  }
  return pad;
}

// The element whose pad `sink` is linked to; null when there is none.
Owned<GstElement> element_before(GstPad* sink) {
  const auto pad = source_of(sink);
  return adopt(pad ? gst_pad_get_parent_element(pad.get()) : nullptr);
}

/// The pads of an element at one moment.
struct Ways {
  int in = 0;
  int out = 0;
  Owned<GstPad> first_in;
};

Ways ways_of(GstElement* element) {
  Ways ways;
  GST_OBJECT_LOCK(element);
  ways.in = element->numsinkpads;
  ways.out = element->numsrcpads;
  if (element->sinkpads != nullptr) ways.first_in = share(GST_PAD(element->sinkpads->data));
  GST_OBJECT_UNLOCK(element);
  return ways;
}

std::string_view factory_of(GstElement* element) {
  GstElementFactory* factory = gst_element_get_factory(element);
  return factory != nullptr ? GST_OBJECT_NAME(factory) : "";
}

// "t (tee)"
std::string described(GstElement* element) {
  const auto name = adopt(gst_element_get_name(element));
  return std::string(name.get()) + " (" + std::string(factory_of(element)) + ")";
}

// Why frames that came through `element` are not simply those of a decoder.
std::optional<std::string> obstacle_at(GstElement* element, const Ways& ways) {
  if (ways.in == 0) return described(element) + " gives the frames and is no decoder";
  if (ways.in != 1 || ways.out != 1) {
    return described(element) + " has several inputs or outputs, which may need other frames";
  }
  const auto* changes = std::find(kChangeFrames.begin(), kChangeFrames.end(), factory_of(element));
  if (changes == kChangeFrames.end()) return std::nullopt;
  return described(element) + " changes the frames' times or makes one frame of several";
}

// The decoder passes on what it is told, and a demuxer may act on it for everybody behind it.
std::optional<std::string> obstacle_before_decoder(GstElement* decoder) {
  Ways ways = ways_of(decoder);
  while (ways.in == 1) {
    const auto element = element_before(ways.first_in.get());
    if (!element) return std::nullopt;
    ways = ways_of(element.get());
    const char* klass = gst_element_get_metadata(element.get(), GST_ELEMENT_METADATA_KLASS);
    if (klass == nullptr || std::strstr(klass, "Demux") != nullptr) return std::nullopt;
    if (ways.in == 1 && ways.out > 1) {
      return described(element.get()) + " gives the encoded stream to others too";
    }
  }
  return std::nullopt;
}

Error unsupported(std::string why) {
  return {ErrorCode::Unsupported, std::move(why), {}};
}

}  // namespace

Result<Owned<GstPad>> decoder_before(GstPad* sink) {
  auto before = element_before(sink);
  while (before) {
    Ways ways = ways_of(before.get());
    const bool is_decoder = GST_IS_VIDEO_DECODER(before.get());
    auto obstacle =
        is_decoder ? obstacle_before_decoder(before.get()) : obstacle_at(before.get(), ways);
    if (obstacle) return unsupported(*std::move(obstacle));
    if (is_decoder) return std::move(ways.first_in);
    before = element_before(ways.first_in.get());
  }
  return unsupported("there is no decoder");
}

}  // namespace anim
