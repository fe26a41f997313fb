// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animclip/clip_job.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include "gst/core/clip_units.h"
#include "gst/core/plan.h"
#include "gst/core/sampling.h"
#include "gst/glue/clock_time.h"
#include "plugins/animclip/background_tasks.h"
#include "plugins/animclip/clip_file.h"

namespace anim {
namespace {

// Samples with an Interval seldom fall on the clip's end itself.
const Unit& last_shown(const Clip& clip, const Units& units) {
  const SamplePlan plan = sample_plan(clip.look, clip.to - clip.from);
  SamplingPlan grid = SamplingPlan::from(plan.interval, plan.rate, Rational(0), Rational(1));
  if (grid.takes_every_frame()) return units.last;
  grid.start = std::max(clip.from, units.stretches.front().begin) + plan.start;
  std::uint64_t count = grid.first_sample_at(clip.to + kRounding + Nanoseconds(1));
  if (plan.max_frames != 0) count = std::min(count, plan.max_frames);
  if (count == 0) return units.last;
  const Unit* unit = on_screen(units, grid.start + grid.output_time(count - 1));
  return unit != nullptr ? *unit : units.last;
}

GstClockTime stream_time(const Unit& unit) {
  const auto offset = unit.payload.stream_offset;
  return offset ? clock_time(unit.time + *offset) : GST_CLOCK_TIME_NONE;
}

}  // namespace

Result<ClipReport> make_clip(const Clip& clip, const Units& units,
                             const ClipPipeline::Progress& progress) {
  if (units.stretches.empty()) {
    return Error{ErrorCode::OutOfRange,
                 "nothing of the clip's time can be shown: no picture of it is kept, or none that "
                 "decoding can begin with",
                 {}};
  }
  stand_back(clip.niceness);
  ClipFile file;
  if (Status opened = file.open(clip.place); !opened) return opened.error();
  ClipPipeline pipeline;
  if (Status made = pipeline.make(clip, units, file.temporary()); !made) return made.error();
  const auto frames = pipeline.run(progress);
  if (!frames) return frames.error();
  ClipReport report;
  std::error_code ignored;
  report.bytes = std::filesystem::file_size(file.temporary(), ignored);
  report.frames = *frames;
  report.first_stream_time = stream_time(units.first);
  report.last_stream_time = stream_time(last_shown(clip, units));
  report.first_wall_time = units.first.time.count() + units.first.payload.wall_offset;
  auto place = file.publish();
  if (!place) return place.error();
  report.place = *place;
  return report;
}

}  // namespace anim
