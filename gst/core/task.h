// SPDX-License-Identifier: LGPL-2.1-or-later
// The task: which sources, which animations of them, and whom to tell. Valid by construction when
// it comes from parse_task().
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gst/core/fit.h"
#include "gst/core/rational.h"

namespace anim {

inline constexpr std::size_t kMaxSources = 11;
inline constexpr std::size_t kMaxAnimations = 250;  // each has threads of its own
inline constexpr std::size_t kMaxUserDataBytes = 2048;
inline constexpr int kMaxFrameRate = 240;

/// What kind of file an animation becomes.
enum class AnimationFormat { Webp, Gif };

/// "webp", "gif": the value of Format, and the extension of {autoext}.
[[nodiscard]] std::string_view to_string(AnimationFormat format);

/// The largest width and height of a format, in pixels: 16383 or 65535.
[[nodiscard]] int largest_side(AnimationFormat format);

/// "stretch", "crop", "fill", "fit": the values of ScaleType and the nicks of fitscale.
[[nodiscard]] std::string_view to_string(ScaleType type);

/// How colours that a palette lacks are approached.
enum class Dither { Auto, None, Ordered, FloydSteinberg };

/// "auto", "none", "ordered", "floyd-steinberg": the values of Dither and the nicks of animgifenc.
[[nodiscard]] std::string_view to_string(Dither dither);

/// What the pictures show, by which a WebP is coded with or without loss.
enum class Content { Auto, Photo, Screen };

/// "auto", "photo", "screen": the values of Content and the nicks of animwebpenc.
[[nodiscard]] std::string_view to_string(Content content);

/// Which frames become samples.
enum class SamplingMode {
  Interval,  ///< those on screen at regular moments; every frame without an Interval
  Key,       ///< random access points
  Even,      ///< as many as asked for, evenly over what there is
  Scene,     ///< of those of Interval each that looks different from the one before
};

/// "interval", "key", "even", "scene": the values of Mode.
[[nodiscard]] std::string_view to_string(SamplingMode mode);

/// A wanted width or height.
struct Side {
  enum class Kind {
    Source,  ///< left out: the source's own
    Ratio,   ///< `value` in (0, 1] of the source's
    Pixels,  ///< `value` whole pixels, 2 or more
    Follow,  ///< −1: follows the other side in proportion
  };
  Kind kind = Kind::Source;
  Rational value{0};

  friend bool operator==(const Side&, const Side&) = default;
};

/// The source's part that counts: seconds on the source's own timeline, 0 = its first frame.
struct TaskSource {
  std::string path;  ///< in the JSON: "/Sources/0"
  std::string uri;   ///< as written; a valid place for a source (uri.h)
  Rational start_time{0};
  std::optional<Rational> duration;  ///< absent: to the end
};

/// One entry of Animations.
struct AnimationRequest {
  std::string path;  ///< in the JSON: "/Targets/0/Image/Animations/1"
  AnimationFormat format = AnimationFormat::Webp;
  std::string uri;                     ///< a template (uri_template.h) that is well-formed
  std::optional<Rational> interval;    ///< seconds between samples, > 0; absent: every frame
  std::optional<Rational> frame_rate;  ///< frames shown a second, in (0, 240]
  Rational start_time{0};              ///< seconds on the task's timeline
  std::uint64_t number = 0;            ///< at most that many samples; 0 = to the end
  Side width;
  Side height;
  ScaleType scale_type = ScaleType::Stretch;

  // Ours, not the service's. Absent: the element's own default.
  SamplingMode mode = SamplingMode::Interval;
  std::optional<Rational> threshold;        ///< percent, 0 to 100; Scene alone
  Rational speed{1};                        ///< that many times as fast
  bool reverse = false;                     ///< from the end to the beginning
  bool boomerang = false;                   ///< there and back again
  unsigned loop_count = 0;                  ///< total plays; 0 = for ever
  std::optional<Rational> quality;          ///< WebP 0 to 100; GIF whole, 1 to 100
  bool lossless = false;                    ///< WebP alone
  std::uint64_t target_size = 0;            ///< bytes at most, whatever quality it takes; 0 = any
  std::optional<Content> content;           ///< WebP alone
  std::optional<unsigned> colors;           ///< GIF alone: 2 to 256
  std::optional<Dither> dither;             ///< GIF alone
  std::optional<unsigned> lossy;            ///< GIF alone: percent, 0 to 100
  std::optional<std::uint32_t> background;  ///< 0xAARRGGBB, what ScaleType fill adds
};

/// A whole request.
struct Task {
  std::string project_name;
  std::vector<TaskSource> sources;           ///< 1 to kMaxSources, joined in order
  std::vector<AnimationRequest> animations;  ///< of all targets, in the order of the JSON
  unsigned targets = 0;                      ///< how many Targets they come from
  std::optional<std::string> topic;          ///< Notification.MNS.TopicName, a valid file name
  std::optional<std::string> webhook;        ///< Notification.Webhook.URL, http or https; ours
  std::string user_data;
  std::map<std::string, std::string> tags;
  unsigned alignment_index = 0;
  std::vector<std::string> ignored;  ///< JSON paths of fields that were given and do not count
};

}  // namespace anim
