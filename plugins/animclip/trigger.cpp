// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animclip/trigger.h"

#include <chrono>
#include <utility>

#include "gst/core/task_result.h"
#include "gst/core/uri.h"
#include "gst/core/uri_template.h"

namespace anim {
namespace {

constexpr const char* kEventName = "animclip-capture";

Result<std::string> place_of(const std::string& location, AnimationFormat format, guint id) {
  if (Status checked = check_location(location); !checked) return checked.error();
  TemplateValues values;
  values.created = utc_time(
      std::chrono::duration_cast<Moment>(std::chrono::system_clock::now().time_since_epoch()));
  auto text = expand_template(location, values, {}, format, id);
  if (!text) return text.error();
  const auto place = output_place(*text);
  if (!place) return place.error();
  if (place->kind == Place::Kind::File) return place->key;
  return Error{ErrorCode::InvalidArgument,
               "location: \"" + *text + "\" is no path; clips are written as files",
               {}};
}

Result<Nanoseconds> roll(const char* name, GstClockTime asked, Nanoseconds otherwise) {
  if (!GST_CLOCK_TIME_IS_VALID(asked)) return otherwise;
  if (asked <= kLongestRoll) return Nanoseconds(static_cast<std::int64_t>(asked));
  return Error{ErrorCode::LimitExceeded,
               "a clip is asked for with a " + std::string(name) + " of more than an hour",
               {}};
}

}  // namespace

std::optional<Trigger> trigger_of(const GstEvent* event) {
  const GstStructure* structure = gst_event_get_structure(const_cast<GstEvent*>(event));
  if (structure == nullptr || gst_structure_has_name(structure, kEventName) == FALSE) return {};
  Trigger out;
  const gchar* location = gst_structure_get_string(structure, "location");
  if (location != nullptr) out.location = location;
  gst_structure_get_uint64(structure, "running-time", &out.running_time);
  gst_structure_get_uint64(structure, "pre-roll", &out.pre_roll);
  gst_structure_get_uint64(structure, "post-roll", &out.post_roll);
  return out;
}

Status check_location(const std::string& location) {
  if (location.empty()) {
    return Error{ErrorCode::InvalidArgument,
                 "location is not set: say where clips go, as in "
                 "/clips/{t_year}{t_mon}{t_day}-{index}.{autoext}",
                 {}};
  }
  const Status checked = check_sourceless_template(location);
  if (checked) return success();
  return Error{checked.error().code, "location: " + checked.error().message, {}};
}

Result<Clip> clip_of(const Trigger& trigger, const ClipSettings& settings,
                     const AnimationRequest& look, guint id, Nanoseconds time, Nanoseconds now) {
  constexpr Nanoseconds kFurthest{static_cast<std::int64_t>(kLongestRoll)};
  if (time - now > kFurthest) {
    return Error{
        ErrorCode::LimitExceeded, "a clip is asked for more than an hour ahead of the stream", {}};
  }
  auto place =
      place_of(trigger.location.empty() ? settings.location : trigger.location, look.format, id);
  if (!place) return place.error();
  const auto before = roll("pre-roll", trigger.pre_roll, settings.before());
  if (!before) return before.error();
  const auto after = roll("post-roll", trigger.post_roll, settings.after());
  if (!after) return after.error();
  Clip clip;
  clip.id = id;
  clip.place = std::move(*place);
  clip.look = look;
  clip.trigger = time;
  clip.from = time - *before;
  clip.to = time + *after;
  clip.niceness = static_cast<int>(settings.nice);
  return clip;
}

}  // namespace anim
