// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/bin_parts.h"

#include <algorithm>
#include <vector>

#include "plugins/animtask/sources/source_words.h"

namespace anim {
namespace {

std::string_view klass_of(GstElement* element) {
  return gst_element_class_get_metadata(GST_ELEMENT_GET_CLASS(element), GST_ELEMENT_METADATA_KLASS);
}

// All elements inside `bin`, outermost last.
std::vector<glue::Owned<GstElement>> all_elements(GstBin* bin) {
  std::vector<glue::Owned<GstElement>> out;
  GstIterator* each = gst_bin_iterate_recurse(bin);
  GValue item = G_VALUE_INIT;
  while (gst_iterator_next(each, &item) == GST_ITERATOR_OK) {
    out.push_back(glue::share(GST_ELEMENT(g_value_get_object(&item))));
    g_value_reset(&item);
  }
  g_value_unset(&item);
  gst_iterator_free(each);
  return out;
}

bool has_running_pad(GstElement* element) {
  bool runs = false;
  gst_element_foreach_pad(
      element,
      [](GstElement* /*element*/, GstPad* pad, gpointer found) -> gboolean {
        if (gst_pad_get_task_state(pad) == GST_TASK_STARTED) *static_cast<bool*>(found) = true;
        return TRUE;
      },
      &runs);
  return runs;
}

std::string_view factory_of(const glue::Owned<GstElement>& element) {
  return GST_OBJECT_NAME(gst_element_get_factory(element.get()));
}

}  // namespace

glue::Owned<GstPad> real_pad(GstPad* pad) {
  return GST_IS_GHOST_PAD(pad) ? glue::adopt(gst_ghost_pad_get_target(GST_GHOST_PAD(pad)))
                               : glue::share(pad);
}

bool has_part(GstBin* bin, std::string_view factory) {
  const auto parts = all_elements(bin);
  return std::any_of(parts.begin(), parts.end(),
                     [factory](const auto& element) { return factory_of(element) == factory; });
}

bool is_adaptive(GstBin* bin) {
  const auto parts = all_elements(bin);
  return std::any_of(parts.begin(), parts.end(), [](const auto& element) {
    return klass_of(element.get()).find("Adaptive") != std::string_view::npos;
  });
}

Above parts_above(GstPad* pad) {
  Above out;
  auto at = real_pad(pad);
  while (at) {
    const auto element = glue::adopt(gst_pad_get_parent_element(at.get()));
    if (!element) break;  // the bin's own entry
    const std::string_view klass = klass_of(element.get());
    if (klass.find("Demux") != klass.npos) ++out.demuxers;
    if (klass.find("Adaptive") != klass.npos) out.is_adaptive = true;
    const auto entry = glue::adopt(gst_element_get_static_pad(element.get(), "sink"));
    at = entry ? glue::adopt(gst_pad_get_peer(entry.get())) : glue::Owned<GstPad>();
  }
  return out;
}

bool has_running_task(GstElement* element) {
  if (has_running_pad(element)) return true;
  if (!GST_IS_BIN(element)) return false;
  const auto parts = all_elements(GST_BIN(element));
  return std::any_of(parts.begin(), parts.end(),
                     [](const auto& part) { return has_running_pad(part.get()); });
}

std::string demuxer_name(GstBin* bin) {
  std::string name;
  for (const auto& element : all_elements(bin)) {
    if (klass_of(element.get()).find("Demux") != std::string_view::npos) {
      name = long_name(GST_OBJECT(element.get()));
    }
  }
  return name;
}

glue::Owned<GstCaps> type_without_reader(GstBin* bin) {
  GstCaps* type = nullptr;
  for (const auto& element : all_elements(bin)) {
    if (factory_of(element) != "typefind") return {};
    g_object_get(element.get(), "caps", &type, nullptr);
  }
  return glue::adopt(type);
}

bool is_for_other_media(GstObject* object) {
  if (!GST_IS_ELEMENT(object)) return false;
  const std::string_view klass = klass_of(GST_ELEMENT(object));
  const bool codec = klass.find("Parser") != klass.npos || klass.find("Decoder") != klass.npos;
  const bool other = klass.find("Audio") != klass.npos || klass.find("Subtitle") != klass.npos;
  return codec && other;
}

}  // namespace anim
