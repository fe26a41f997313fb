// SPDX-License-Identifier: LGPL-2.1-or-later
// Opening a source down to decoded video: the first video stream, held at its first picture.
//
//   filesrc | souphttpsrc ! parsebin ! samplegate ! decodebin ! (held until release())
//
// Only the first video stream of parsebin is linked; the others stay unlinked, so audio is never
// decoded. samplegate drops the units that no sample needs, and seeks over long gaps.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/core/uri.h"
#include "gst/glue/handle.h"
#include "plugins/animtask/failure.h"
#include "plugins/animtask/sources/extent.h"
#include "plugins/animtask/sources/facts.h"
#include "plugins/animtask/sources/found_streams.h"
#include "plugins/animtask/sources/reader.h"
#include "plugins/animtask/sources/reading.h"
#include "plugins/animtask/sources/source_counts.h"

namespace anim {

/// The elements of one source inside a bin. Events come from streaming threads.
class Source {
 public:
  struct Events {
    std::function<void()> picture;         ///< the first picture is there and held
    std::function<void(Failure)> failure;  ///< there will be none
    /// Tells the gate what is wanted of such a stream.
    std::function<void(GstElement*, const UnitFacts&)> set_wanted;
    std::function<void(GstPad*)> video_pad;  ///< encoded and decoded video, before its first data
  };

  Source(GstBin* bin, SourceInput input, Events events);
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source();

  /// Checks the file, makes the elements and puts them into the bin, in NULL.
  [[nodiscard]] Status open();

  /// Brings the elements to the state of a bin that has gone there without them. False: one of
  /// them cannot, and has said why.
  [[nodiscard]] bool follow_bin();

  /// Takes the elements out of the bin; not from a streaming thread.
  void close();

  /// The pad with decoded video; its sticky events are there once `picture` was called.
  [[nodiscard]] GstPad* decoded() const { return decoded_.get(); }

  /// Lets the held picture and what follows go on. The pad must be linked.
  void release();

  /// Whether the first picture is there.
  [[nodiscard]] bool has_picture() const { return has_picture_; }

  /// Pictures that have passed the decoded pad, units that the gate has left out, and bytes that
  /// the reader has given.
  [[nodiscard]] SourceCounts counts() const;

  /// Where the video ended on its own, clearly before the length that its container states.
  [[nodiscard]] std::optional<Extent::Shortfall> shortfall() const { return extent_.shortfall(); }

  /// Nobody wants more: an end that comes from now on is none of its own.
  void stop_measuring() { extent_.stop(); }

  /// Why the source does not count as read: its server gave less than it had stated.
  [[nodiscard]] std::optional<Failure> broke_off() const;

  /// Ends the stream at the decoder, which gives out what it still holds. Waits for the unit that
  /// is being decoded.
  void end();

  /// Whether `object` is one of the source's elements or inside one.
  [[nodiscard]] bool contains(GstObject* object) const;

  /// Whether its server says (ERROR `message`) that the source is elsewhere, and the reader may not
  /// go there by itself. What the parts of a playlist say does not count.
  [[nodiscard]] bool has_moved(GstMessage* message) const;

  /// Whether no stream was found and nothing reads any more: parsebin swallows the error of a
  /// demuxer that gives up while it is being connected (GStreamer 1.22). When this lasts, the
  /// reason is gave_up().
  [[nodiscard]] bool is_at_rest() const;
  [[nodiscard]] Failure gave_up() const;

  /// Takes note of a message of the source's elements (missing decoders, encryption).
  void note(GstMessage* message) { streams_.note(message); }

  /// Why the source failed, as its ERROR `message` and what was noted before tell; nothing when
  /// the message concerns another stream than the chosen one.
  [[nodiscard]] std::optional<Failure> explain(GstMessage* message);

 private:
  static void stream_added(GstElement* parsebin, GstPad* pad, gpointer self);
  static void picture_pad_added(GstElement* decodebin, GstPad* pad, gpointer self);
  static gint parser_selected(GstElement* parsebin, GstPad* pad, GstCaps* caps,
                              GstElementFactory* factory, gpointer self);
  static GstPadProbeReturn other_data(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn first_unit(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn gate_ended(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn without_alpha(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn hold(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn count(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  void refuse(Error error);
  void adopt(glue::Owned<GstElement>& slot, GstElement* element);
  void choose(GstPad* pad);
  void link_decoder(GstPad* pad);
  [[nodiscard]] bool is_over_http() const;
  [[nodiscard]] bool may_seek() const;

  GstBin* bin_;
  const SourceInput input_;
  const Place& place_;
  Events events_;
  // Kept beyond close(), so that a late message can still be told to be theirs.
  glue::Owned<GstElement> reader_;
  glue::Owned<GstElement> parsebin_;
  glue::Owned<GstElement> gate_;
  glue::Owned<GstElement> decodebin_;
  Reading reading_;
  FoundStreams streams_;
  Extent extent_;
  bool is_closed_ = false;
  glue::Owned<GstPad> decoded_;
  gulong hold_id_ = 0;
  std::atomic<std::uint64_t> decoded_frames_ = 0;
  std::atomic<bool> has_picture_ = false;
  std::atomic<bool> is_cut_short_ = false;  ///< the reader broke off before the gate had enough

  std::mutex mutex_;           // guards what follows
  glue::Owned<GstPad> entry_;  // what the chosen stream is linked to
};

}  // namespace anim
