// SPDX-License-Identifier: LGPL-2.1-or-later
// An element with one sink and one source pad in a GstHarness: what goes in, what comes out, what
// it says on its bus.
#pragma once

#include <string>
#include <vector>

#include <gst/check/gstharness.h>
#include <gst/gst.h>

#include "gst/glue/handle.h"

namespace anim::test {

/// A frame as it comes out.
struct Out {
  int frame;  ///< its first byte
  guint64 pts_ms;
  guint64 duration_ms;
  bool operator==(const Out&) const = default;
};

class FilterBench {
 public:
  /// `line` as of gst-launch-1.0. Without `caps` there are none yet.
  FilterBench(const std::string& line, const char* caps);
  FilterBench(const FilterBench&) = delete;
  FilterBench& operator=(const FilterBench&) = delete;
  ~FilterBench();

  [[nodiscard]] GstHarness* harness() const { return harness_; }
  [[nodiscard]] GstElement* element() const { return harness_->element; }
  [[nodiscard]] GstBus* bus() const { return bus_.get(); }

  /// A frame of `bytes` bytes that are all `number`.
  [[nodiscard]] static glue::Owned<GstBuffer> frame(int number, gsize bytes, GstClockTime pts,
                                                    GstClockTime duration);

  bool send(GstEvent* event) { return gst_harness_push_event(harness_, event) != FALSE; }
  bool end() { return send(gst_event_new_eos()); }
  void flush();
  void segment(GstClockTime start, GstClockTime stop = GST_CLOCK_TIME_NONE, GstClockTime base = 0);
  void caps(const char* text) { gst_harness_set_src_caps_str(harness_, text); }

  /// The next buffer that has come out; null when there is none.
  [[nodiscard]] glue::Owned<GstBuffer> pull_buffer() const;
  [[nodiscard]] std::vector<Out> pull() const;
  /// The next event downstream of this type; earlier ones are thrown away.
  [[nodiscard]] glue::Owned<GstEvent> pull_event(GstEventType type) const;
  [[nodiscard]] glue::Owned<GstEvent> pull_upstream_event(GstEventType type) const;
  /// All that have come out.
  [[nodiscard]] std::vector<GstEventType> events() const;

  [[nodiscard]] glue::Owned<GstMessage> pull_message(GstMessageType type) const;
  /// The text of the next ERROR; empty when there is none.
  [[nodiscard]] std::string error() const;

  /// A number of the property `stats`, in a bin of the element named s.
  [[nodiscard]] guint64 stat(const char* name) const;
  [[nodiscard]] std::string output_caps() const;

 private:
  GstHarness* harness_;
  glue::Owned<GstBus> bus_;
};

}  // namespace anim::test
