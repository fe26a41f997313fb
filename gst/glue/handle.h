// SPDX-License-Identifier: LGPL-2.1-or-later
// Owned handles for the C types of GLib and GStreamer, and frames that are mapped while they live.
#pragma once

#include <memory>
#include <utility>

#include <gst/gst.h>
#include <gst/video/video.h>

namespace anim::glue {

/// How each C type is given back.
struct Release {
  void operator()(GstBuffer* p) const { gst_buffer_unref(p); }
  void operator()(GstCaps* p) const { gst_caps_unref(p); }
  void operator()(GstEvent* p) const { gst_event_unref(p); }
  void operator()(GstMessage* p) const { gst_message_unref(p); }
  void operator()(GstQuery* p) const { gst_query_unref(p); }
  void operator()(GstSample* p) const { gst_sample_unref(p); }
  void operator()(GstTagList* p) const { gst_tag_list_unref(p); }
  void operator()(GstStructure* p) const { gst_structure_free(p); }
  void operator()(GstVideoConverter* p) const { gst_video_converter_free(p); }
  void operator()(GstObject* p) const { gst_object_unref(p); }
  void operator()(GstElement* p) const { gst_object_unref(p); }
  void operator()(GstPad* p) const { gst_object_unref(p); }
  void operator()(GstBufferPool* p) const { gst_object_unref(p); }
  void operator()(GstBus* p) const { gst_object_unref(p); }
  void operator()(GError* p) const { g_error_free(p); }
  void operator()(GChecksum* p) const { g_checksum_free(p); }
  void operator()(gchar* p) const { g_free(p); }
};

/// The owner of one reference to a C object.
template <class T>
using Owned = std::unique_ptr<T, Release>;

/// Takes over a reference that the caller holds (transfer full).
template <class T>
[[nodiscard]] Owned<T> adopt(T* object) {
  return Owned<T>(object);
}

/// Takes a reference of its own (transfer none).
[[nodiscard]] inline Owned<GstBuffer> share(GstBuffer* p) {
  return adopt(gst_buffer_ref(p));
}
[[nodiscard]] inline Owned<GstCaps> share(GstCaps* p) {
  return adopt(gst_caps_ref(p));
}
[[nodiscard]] inline Owned<GstEvent> share(GstEvent* p) {
  return adopt(gst_event_ref(p));
}
[[nodiscard]] inline Owned<GstTagList> share(GstTagList* p) {
  return adopt(gst_tag_list_ref(p));
}
[[nodiscard]] inline Owned<GstElement> share(GstElement* p) {
  return adopt(static_cast<GstElement*>(gst_object_ref(p)));
}
[[nodiscard]] inline Owned<GstPad> share(GstPad* p) {
  return adopt(static_cast<GstPad*>(gst_object_ref(p)));
}

/// A video frame, mapped as long as this lives. False when the buffer could not be mapped.
class MappedFrame {
 public:
  MappedFrame(const GstVideoInfo& info, GstBuffer* buffer, GstMapFlags flags)
      : mapped_(gst_video_frame_map(&frame_, &info, buffer, flags)) {}
  MappedFrame(const MappedFrame&) = delete;
  MappedFrame& operator=(const MappedFrame&) = delete;
  ~MappedFrame() {
    if (mapped_) gst_video_frame_unmap(&frame_);
  }

  explicit operator bool() const { return mapped_; }
  [[nodiscard]] GstVideoFrame* get() { return &frame_; }
  [[nodiscard]] const GstVideoFrame* get() const { return &frame_; }

 private:
  GstVideoFrame frame_{};
  bool mapped_;
};

}  // namespace anim::glue
