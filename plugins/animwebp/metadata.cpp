// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animwebp/metadata.h"

#include <gst/tag/tag.h>

#include "gst/glue/handle.h"

namespace anim {
namespace {

constexpr const char* kTags[] = {
    GST_TAG_TITLE,
    GST_TAG_DESCRIPTION,
    GST_TAG_ARTIST,
    GST_TAG_COPYRIGHT,
    GST_TAG_KEYWORDS,
    GST_TAG_DATE,
    GST_TAG_DATE_TIME,
    GST_TAG_GEO_LOCATION_NAME,
    GST_TAG_GEO_LOCATION_LATITUDE,
    GST_TAG_GEO_LOCATION_LONGITUDE,
    GST_TAG_GEO_LOCATION_ELEVATION,
    GST_TAG_DEVICE_MANUFACTURER,
    GST_TAG_DEVICE_MODEL,
};

glue::Owned<GstTagList> chosen(const GstTagList* tags) {
  auto out = glue::adopt(gst_tag_list_new_empty());
  for (const char* tag : kTags) {
    for (guint i = 0; i < gst_tag_list_get_tag_size(tags, tag); ++i) {
      gst_tag_list_add_value(out.get(), GST_TAG_MERGE_APPEND, tag,
                             gst_tag_list_get_value_index(tags, tag, i));
    }
  }
  return out;
}

Bytes bytes_of(GstBuffer* raw) {
  if (raw == nullptr) return {};
  const auto buffer = glue::adopt(raw);
  Bytes out(gst_buffer_get_size(buffer.get()));
  gst_buffer_extract(buffer.get(), 0, out.data(), out.size());
  return out;
}

}  // namespace

PictureMetadata metadata_of(const GstTagList* tags) {
  if (tags == nullptr) return {};
  const auto list = chosen(tags);
  if (gst_tag_list_is_empty(list.get()) != FALSE) return {};
  return {.exif = bytes_of(gst_tag_list_to_exif_buffer_with_tiff_header(list.get())),
          .xmp = bytes_of(gst_tag_list_to_xmp_buffer(list.get(), TRUE, nullptr))};
}

}  // namespace anim
