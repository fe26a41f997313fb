// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/picture_pool.h"

#include <atomic>

#include <gst/video/gstvideopool.h>
#include <gst/video/video.h>

#include "gst/glue/element.h"

namespace anim {
namespace {

class PicturePool {
 public:
  using Parent = GstVideoBufferPool;
  using ParentClass = GstVideoBufferPoolClass;
  static constexpr const char* kTypeName = "GstAnimPicturePool";
  static GType parent_type() { return GST_TYPE_VIDEO_BUFFER_POOL; }

  explicit PicturePool(GstVideoBufferPool* self) : self_(self) {}

  static void class_init(GstVideoBufferPoolClass* klass) {
    GST_BUFFER_POOL_CLASS(klass)->alloc_buffer =
        glue::vfunc<PicturePool, &PicturePool::alloc_buffer>;
  }

  GstFlowReturn alloc_buffer(GstBuffer** buffer, GstBufferPoolAcquireParams* params) {
    const auto flow = GST_BUFFER_POOL_CLASS(glue::parent_class<PicturePool>())
                          ->alloc_buffer(GST_BUFFER_POOL(self_), buffer, params);
    if (flow != GST_FLOW_OK) return flow;
    if (GstVideoMeta* meta = gst_buffer_get_video_meta(*buffer); meta != nullptr) {
      default_map = meta->map;
      meta->map = map;
    }
    return flow;
  }

 private:
  using Map = gboolean (*)(GstVideoMeta*, guint, GstMapInfo*, gpointer*, gint*, GstMapFlags);

  // GstVideoMeta's function. Copies of a buffer keep it, and are of no pool.
  static gboolean map(GstVideoMeta* meta, guint plane, GstMapInfo* info, gpointer* data,
                      gint* stride, GstMapFlags flags) {
    const bool is_from_pool = meta->buffer->pool != nullptr;
    const bool may_write = is_from_pool && gst_buffer_is_all_memory_writable(meta->buffer) != FALSE;
    const auto locked = may_write ? static_cast<GstMapFlags>(flags & ~GST_MAP_WRITE) : flags;
    return default_map.load()(meta, plane, info, data, stride, locked);
  }

  // GStreamer's own, the same for every buffer; set before any buffer has map().
  static inline std::atomic<Map> default_map = nullptr;

  GstVideoBufferPool* self_;
};

// Pictures in system memory, for somebody who looks at their GstVideoMeta.
bool may_have_strides(GstQuery* query) {
  GstCaps* caps = nullptr;
  gst_query_parse_allocation(query, &caps, nullptr);
  return caps != nullptr &&
         gst_caps_features_is_equal(gst_caps_get_features(caps, 0),
                                    GST_CAPS_FEATURES_MEMORY_SYSTEM_MEMORY) != FALSE &&
         gst_query_find_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr) != FALSE;
}

struct Entry {
  guint size = 0;
  guint min = 0;
  guint max = 0;
  bool is_replaceable = true;  ///< no pool, or one of GStreamer's plain kind
};

Entry first_entry(GstQuery* query) {
  Entry entry;
  if (gst_query_get_n_allocation_pools(query) == 0) {
    GstCaps* caps = nullptr;
    gst_query_parse_allocation(query, &caps, nullptr);
    GstVideoInfo info;
    gst_video_info_init(&info);
    entry.is_replaceable = gst_video_info_from_caps(&info, caps) != FALSE;
    entry.size = static_cast<guint>(info.size);
    return entry;
  }
  GstBufferPool* pool = nullptr;
  gst_query_parse_nth_allocation_pool(query, 0, &pool, &entry.size, &entry.min, &entry.max);
  entry.is_replaceable = pool == nullptr || G_OBJECT_TYPE(pool) == GST_TYPE_VIDEO_BUFFER_POOL;
  g_clear_object(&pool);
  return entry;
}

}  // namespace

glue::Owned<GstBufferPool> new_picture_pool() {
  return glue::adopt(
      GST_BUFFER_POOL(gst_object_ref_sink(g_object_new(glue::type<PicturePool>(), nullptr))));
}

void offer_picture_pool(GstQuery* query) {
  if (!may_have_strides(query)) return;
  Entry entry = first_entry(query);
  if (!entry.is_replaceable) return;
  const auto pool = new_picture_pool();
  if (gst_query_get_n_allocation_pools(query) > 0) {
    gst_query_set_nth_allocation_pool(query, 0, pool.get(), entry.size, entry.min, entry.max);
  } else {
    gst_query_add_allocation_pool(query, pool.get(), entry.size, entry.min, entry.max);
  }
}

}  // namespace anim
