// SPDX-License-Identifier: LGPL-2.1-or-later
// The fields of a task's JSON: which are read, left alone or refused, and which numbers they take.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "gst/core/json_fields.h"
#include "gst/core/rational.h"
#include "gst/core/task.h"

namespace anim::task_schema {

inline constexpr std::string_view kNoVideoFile =
    "it makes a video file; an animation needs no Container and no URI here; leave it out";
inline constexpr std::string_view kOldNotification =
    "it is of an older version of the service; use Notification.MNS.TopicName";

inline constexpr auto kTaskFields = std::to_array<JsonField>({
    {"ProjectName"},
    {"Sources"},
    {"Targets"},
    {"Notification"},
    {"UserData"},
    {"Tags"},
    {"AlignmentIndex"},
    {"CredentialConfig", FieldRule::Ignore},
    {"TargetGroups", FieldRule::Refuse, "HLS packages are not supported; leave it out"},
    {"NotifyEndpoint", FieldRule::Refuse, kOldNotification},
    {"NotifyTopicName", FieldRule::Refuse, kOldNotification},
});
inline constexpr auto kSourceFields = std::to_array<JsonField>({
    {"URI"},
    {"StartTime"},
    {"Duration"},
    {"DisableAudio", FieldRule::Ignore},
    {"AlignMode", FieldRule::Ignore},
    {"Subtitles", FieldRule::Refuse, "subtitles cannot be drawn into an animation; leave it out"},
    {"DisableVideo", FieldRule::RefuseTrue, "an animation is made of the video; leave it out"},
    {"Attached", FieldRule::RefuseTrue, "an animation has one stream; leave it out"},
});
inline constexpr auto kTargetFields = std::to_array<JsonField>({
    {"Image"},
    {"Video", FieldRule::Ignore},
    {"Audio", FieldRule::Ignore},
    {"Subtitle", FieldRule::Ignore},
    {"Segment", FieldRule::Ignore},
    {"Speed", FieldRule::Ignore},
    {"StripMetadata", FieldRule::Ignore},
    {"DisableAudio", FieldRule::Ignore},
    {"DisableVideo", FieldRule::RefuseTrue, "an animation is made of the video; leave it out"},
    {"Container", FieldRule::Refuse, kNoVideoFile},
    {"URI", FieldRule::Refuse, kNoVideoFile},
    {"AttachedPicture", FieldRule::Refuse, kNoVideoFile},
    {"Data", FieldRule::Refuse, kNoVideoFile},
});
inline constexpr auto kImageFields = std::to_array<JsonField>({
    {"Animations"},
    {"Snapshots", FieldRule::Refuse, "single pictures are not supported; leave it out"},
    {"Sprites", FieldRule::Refuse, "sprites are not supported; leave it out"},
});
inline constexpr auto kAnimationFields = std::to_array<JsonField>({
    {"Format"},  {"URI"},       {"Interval"},  {"FrameRate"}, {"StartTime"},  {"Number"},
    {"Width"},   {"Height"},    {"ScaleType"}, {"Mode"},      {"Threshold"},  {"Speed"},
    {"Reverse"}, {"Boomerang"}, {"LoopCount"}, {"Quality"},   {"Lossless"},   {"TargetSize"},
    {"Content"}, {"Colors"},    {"Dither"},    {"Lossy"},     {"Background"},
});
inline constexpr auto kNotificationFields = std::to_array<JsonField>({
    {"MNS"},
    {"RocketMQ", FieldRule::Refuse, "it is not supported; use MNS.TopicName"},
    {"ExtendedMessageURI", FieldRule::Refuse, "it is not supported; use MNS.TopicName"},
    {"Webhook"},
});
inline constexpr auto kMnsFields = std::to_array<JsonField>({{"TopicName"}});
inline constexpr auto kWebhookFields = std::to_array<JsonField>({{"URL"}});

inline bool is_whole_in(Rational value, std::int64_t low, std::int64_t high) {
  return value.is_whole() && value >= Rational(low) && value <= Rational(high);
}

inline const NumberRule kSeconds = {
    "seconds from 0 to 1000000000",
    [](Rational v) { return v >= Rational(0) && v <= Rational(1'000'000'000); }, true};
inline const NumberRule kRate = {
    "frames a second above 0, at most 240",
    [](Rational v) { return v > Rational(0) && v <= Rational(kMaxFrameRate); }, true};
inline const NumberRule kCount = {"a whole number from 0 to 2147483647",
                                  [](Rational v) { return is_whole_in(v, 0, 2'147'483'647); }};
inline const NumberRule kPercent = {
    "a number from 0 to 100", [](Rational v) { return v >= Rational(0) && v <= Rational(100); }};
inline const NumberRule kSpeed = {
    "a number from 0.1 to 100",
    [](Rational v) { return v >= Rational(1, 10) && v <= Rational(100); }, true};
inline const NumberRule kPlays = {"a whole number of plays from 0 (for ever) to 65535",
                                  [](Rational v) { return is_whole_in(v, 0, 65535); }};
inline const NumberRule kFileSize = {"a whole number of bytes from 1 to 4294967294",
                                     [](Rational v) { return is_whole_in(v, 1, 4'294'967'294); }};
inline const NumberRule kGifQuality = {"a whole number from 1 to 100 (Format gif)",
                                       [](Rational v) { return is_whole_in(v, 1, 100); }};
inline const NumberRule kLossy = {"a whole number from 0 to 100",
                                  [](Rational v) { return is_whole_in(v, 0, 100); }};
inline const NumberRule kColors = {"a whole number from 2 to 256",
                                   [](Rational v) { return is_whole_in(v, 2, 256); }};
inline const NumberRule kWebpSide = {
    "-1 (follows the other side), a ratio in (0, 1] or whole pixels from 2 to 16383",
    [](Rational v) {
      return v == Rational(-1) || (v > Rational(0) && v <= Rational(1)) || is_whole_in(v, 2, 16383);
    }};
inline const NumberRule kGifSide = {
    "-1 (follows the other side), a ratio in (0, 1] or whole pixels from 2 to 65535",
    [](Rational v) {
      return v == Rational(-1) || (v > Rational(0) && v <= Rational(1)) || is_whole_in(v, 2, 65535);
    }};

}  // namespace anim::task_schema
