// SPDX-License-Identifier: LGPL-2.1-or-later
// The answers to queries, in the times and the rate of the output.
#pragma once

#include <optional>

#include <gst/gst.h>

#include "plugins/animsampling/settings.h"
#include "plugins/animsampling/stream_progress.h"

namespace anim {

/// Made for one query. Every answer is nothing where the pad's default one will do, else what the
/// query function returns.
class Queries {
 public:
  /// The pads are not owned.
  Queries(GstPad* sink, GstPad* src, const SamplingSettings& settings,
          const StreamProgress& progress)
      : sink_(sink), src_(src), settings_(settings), progress_(progress) {}

  /// A query that came to the sink pad.
  [[nodiscard]] std::optional<gboolean> answer_upstream(GstQuery* query) const;
  /// A query that came to the source pad.
  [[nodiscard]] std::optional<gboolean> answer_downstream(GstQuery* query) const;

 private:
  [[nodiscard]] std::optional<gboolean> answer_in_output_time(GstQuery* query) const;
  gboolean answer_allocation(GstQuery* query) const;
  gboolean answer_latency(GstQuery* query) const;
  gboolean answer_position(GstQuery* query) const;
  gboolean answer_duration(GstQuery* query) const;
  gboolean answer_seeking(GstQuery* query) const;
  gboolean answer_segment(GstQuery* query) const;
  [[nodiscard]] std::optional<Nanoseconds> output_duration() const;

  GstPad* sink_;
  GstPad* src_;
  SamplingSettings settings_;
  const StreamProgress& progress_;
};

}  // namespace anim
