// SPDX-License-Identifier: LGPL-2.1-or-later
// What is wrong with a source, in words: what it has instead of video, which decoder is missing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <gst/gst.h>

#include "gst/core/task.h"
#include "plugins/animtask/failure.h"

namespace anim {

/// Whether these are the caps of encoded or raw pictures.
[[nodiscard]] bool is_video(const GstCaps* caps);

/// "H.264 (High Profile)", or the media type where GStreamer has no name for it.
[[nodiscard]] std::string describe_stream(const GstCaps* caps);

/// The source holds no video; `streams` are those that it has, described.
[[nodiscard]] Failure no_video(const std::string& uri, const std::vector<std::string>& streams);

/// No element here decodes `caps`. Names the Debian package of one that does, where known.
[[nodiscard]] Failure missing_decoder(const std::string& uri, const GstCaps* caps);

/// The source's content is protected.
[[nodiscard]] Failure encrypted(const std::string& uri);

/// The stream ended without one decoded picture.
[[nodiscard]] Failure no_picture(const std::string& uri, const std::string& stream);

/// The part of the timeline that `source` gives has no picture: it begins after the video's end, or
/// after the place where the video is damaged.
[[nodiscard]] Failure no_picture_in_part(const TaskSource& source, bool is_damaged);

/// What gst-inspect calls an element.
[[nodiscard]] std::string long_name(GstObject* element);

/// An element of the source gave up without a word; `tried` is its long name, "" when none was
/// found.
[[nodiscard]] Failure unreadable(const std::string& uri, const std::string& tried);

/// A server that gave nothing.
[[nodiscard]] Failure unreachable(const std::string& uri);

/// A server that gave less than it had stated, in bytes.
[[nodiscard]] Failure broken_off(const std::string& uri, std::uint64_t given, std::uint64_t stated);

/// A playlist whose segments are playlists, or containers in containers.
[[nodiscard]] Error nested_too_deep(const std::string& uri, bool is_playlist);

/// Standard input without a byte.
[[nodiscard]] Failure empty_input();

/// A container that cannot be read from front to back.
[[nodiscard]] Failure needs_a_file(const std::string& uri);

/// Data whose type was found out, and which no element here takes apart.
[[nodiscard]] Failure nothing_reads(const std::string& uri, const GstCaps* caps);

/// Whether an ERROR message says only that its stream stopped: the words of GstBaseSrc and its kin
/// when somebody else knows why.
[[nodiscard]] bool gives_no_reason(GstMessage* message);

/// An element of the source gave up: which one was tried, and what it said.
[[nodiscard]] Failure unreadable(const std::string& uri, GstMessage* message);

}  // namespace anim
