// SPDX-License-Identifier: LGPL-2.1-or-later
// One connection to the stream: from its URI to parsed, mostly still encoded video at a sink pad.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include <gst/gst.h>

#include "examples/live-clip/anchor.h"
#include "examples/live-clip/taps.h"
#include "gst/glue/handle.h"

namespace live_clip {

/// What a connection does.
struct ConnectionSettings {
  std::string uri;
  std::optional<MomentKind> moments;  ///< look for these
  double threshold = 0;               ///< of scenes, percent
};

/// Lives in a pipeline that is playing: enters it in the constructor and leaves it in the
/// destructor, without the pipeline's other elements noticing but for a time without frames.
///
///     uridecodebin ! (parser) ! (tee) ! sink's pad
///                                tee. ! scene tap
///     uridecodebin ! loudness tap
///
/// Errors are messages on the bus whose source is_inside(). The end of the stream, and a stream
/// without video, are element messages `live-clip-ended` {reason: string}.
class Connection {
 public:
  /// The reason of a stream that came to its end.
  static constexpr const char* kEnd = "the stream has ended";

  /// `pipeline` and `sink` (a sink pad of an element in it) outlive this.
  Connection(GstElement* pipeline, GstPad* sink, const ConnectionSettings& settings);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  /// May wait until the sink has taken its last frame.
  ~Connection();

  [[nodiscard]] bool is_inside(GstObject* object) const;

  /// Video frames so far.
  [[nodiscard]] std::uint64_t frames() const { return frames_; }

 private:
  static gboolean on_continue(GstElement* source, GstPad* pad, GstCaps* caps, gpointer self);
  static void on_pad(GstElement* source, GstPad* pad, gpointer self);
  static void on_no_more_pads(GstElement* source, gpointer self);
  static GstPadProbeReturn on_output(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  void take_video(GstPad* pad, const GstCaps* caps);
  void take_sound(GstPad* pad);
  GstElement* build_video(const GstCaps* caps);
  void expose(GstElement* last);
  GstElement* add(anim::glue::Owned<GstElement> element);
  void end(const std::string& reason);

  GstElement* pipeline_;
  GstPad* sink_;
  ConnectionSettings settings_;
  Anchor anchor_;
  anim::glue::Owned<GstElement> bin_;
  GstElement* source_ = nullptr;  // owned by bin_, as the next two
  std::mutex pads_;               // several threads of the source may add pads
  GstElement* video_ = nullptr;   // under pads_: the first element behind the source's video
  GstElement* sound_ = nullptr;   // under pads_: the loudness tap
  std::atomic<std::uint64_t> frames_ = 0;
};

}  // namespace live_clip
