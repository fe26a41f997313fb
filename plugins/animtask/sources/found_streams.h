// SPDX-License-Identifier: LGPL-2.1-or-later
// The streams that a source turns out to have: the video that is decoded, the others, and what
// stands in the way of decoding it.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gst/gst.h>

#include "gst/glue/handle.h"
#include "plugins/animtask/failure.h"

namespace anim {

/// The caps of a pad, or those that it could have.
[[nodiscard]] glue::Owned<GstCaps> caps_of(GstPad* pad);

/// Of one source. Thread-safe.
class FoundStreams {
 public:
  explicit FoundStreams(std::string uri) : uri_(std::move(uri)) {}

  enum class Role { Chosen, OtherVideo, OtherMedia };
  /// What the stream of `pad` is to the task: the first video is chosen.
  Role add(GstPad* pad);

  [[nodiscard]] bool has_chosen() const;
  /// Whether there is any stream.
  [[nodiscard]] bool are_any() const;
  /// In words.
  [[nodiscard]] std::string chosen_stream() const;

  /// Takes note of a message about missing decoders or encryption.
  void note(GstMessage* message);

  /// Why there is no video among the streams; nothing when there is.
  [[nodiscard]] std::optional<Failure> without_video() const;
  /// What keeps the video from being decoded, as it was noted; nothing when nothing was. parsebin
  /// may not even show a stream that nobody here decodes.
  [[nodiscard]] std::optional<Failure> obstacle() const;

 private:
  [[nodiscard]] bool lacks_decoder() const;
  [[nodiscard]] Failure missing_video() const;

  const std::string uri_;
  mutable std::mutex mutex_;  // guards what follows
  glue::Owned<GstPad> chosen_;
  glue::Owned<GstCaps> missing_;             // of video that nobody decodes
  std::vector<glue::Owned<GstPad>> others_;  // streams that are not video
  bool is_encrypted_ = false;
};

}  // namespace anim
