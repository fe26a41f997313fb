// SPDX-License-Identifier: LGPL-2.1-or-later
// What a reader gives: how many bytes, and whether its server gives any part that is asked for.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>

#include <gst/gst.h>

namespace anim {

/// Watches one reader. Its streaming thread must have ended before this does.
class Reading {
 public:
  /// Watches `reader`, once.
  void watch(GstElement* reader);

  /// Bytes that it has given, in push or in pull mode.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  /// Whether an HTTP server has stated that it serves ranges of bytes (RFC 9110, 14.3). souphttpsrc
  /// also takes those for seekable that say nothing, and fails when they answer with the whole file
  /// (GStreamer 1.22).
  [[nodiscard]] bool serves_ranges() const { return serves_ranges_; }

  /// Bytes from the beginning.
  struct Cut {
    std::uint64_t given;
    std::uint64_t stated;
  };

  /// Where the reader came to an end before the length that is stated: souphttpsrc takes a
  /// connection that breaks off for the end of the file when it cannot go on (GStreamer 1.22).
  [[nodiscard]] std::optional<Cut> cut_short() const;

 private:
  static GstPadProbeReturn take_bytes(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn take_event(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  void note_end(GstPad* pad);

  std::atomic<std::uint64_t> bytes_ = 0;
  std::uint64_t position_ = 0;  // of the streaming thread
  mutable std::mutex mutex_;    // guards what follows
  std::optional<Cut> cut_;
  std::atomic<bool> serves_ranges_ = false;
};

}  // namespace anim
