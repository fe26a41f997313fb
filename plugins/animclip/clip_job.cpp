// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animclip/clip_job.h"

#include <filesystem>
#include <system_error>

#include "plugins/animclip/background_tasks.h"
#include "plugins/animclip/clip_file.h"

namespace anim {

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
  report.first_stream_time = units.first.payload.stream_time;
  report.last_stream_time = units.last.payload.stream_time;
  report.first_wall_time = units.first.payload.wall_time;
  auto place = file.publish();
  if (!place) return place.error();
  report.place = *place;
  return report;
}

}  // namespace anim
