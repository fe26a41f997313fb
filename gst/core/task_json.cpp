// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/task_json.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gst/core/json.h"
#include "gst/core/json_fields.h"
#include "gst/core/task_schema.h"
#include "gst/core/text.h"
#include "gst/core/uri.h"
#include "gst/core/uri_template.h"

namespace anim {
namespace {

using namespace task_schema;

constexpr JsonLimits kLimits = {.bytes = kMaxTaskBytes, .depth = 32, .values = 100'000};
constexpr std::string_view kPlaces =
    "oss://bucket/key, s3://bucket/key, a path, file://, http(s):// or -";

// "#RRGGBB" (opaque) or "#AARRGGBB".
std::optional<std::uint32_t> color_of(std::string_view text) {
  if ((text.size() != 7 && text.size() != 9) || text[0] != '#') return std::nullopt;
  std::uint32_t value = text.size() == 7 ? 0xFF : 0;
  for (const char c : text.substr(1)) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const char small = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    const std::size_t digit = kDigits.find(small);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value << 4 | static_cast<std::uint32_t>(digit);
  }
  return value;
}

/// Reads a task, object by object.
class TaskReader {
 public:
  explicit TaskReader(std::string_view root) : fields_(root) {}

  Result<Task> operator()(const JsonValue& root) {
    read_task(root);
    if (fields_.has_refused()) return *fields_.error();
    task_.ignored = fields_.ignored();
    return std::move(task_);
  }

  Result<AnimationRequest> animation_alone(const JsonValue& root) {
    if (given(root, "URI") != nullptr) {
      fields_.refuse("/URI",
                     "is given, but where an animation goes is no part of its look here; "
                     "leave it out");
    }
    read_look_of(root, "");
    if (fields_.has_refused()) return *fields_.error();
    return std::move(task_.animations.front());
  }

 private:
  void read_task(const JsonValue& root) {
    if (!fields_.admits(root, "", kTaskFields)) return;
    task_.project_name = fields_.required(root, "", "ProjectName", "the project's name");
    read_user_data(root);
    read_tags(root);
    read_notification(root);
    read_sources(root);
    read_targets(root);
  }

  void read_user_data(const JsonValue& root) {
    task_.user_data = fields_.text(root, "", "UserData");
    if (task_.user_data.size() > kMaxUserDataBytes) {
      fields_.refuse("/UserData", "is " + std::to_string(task_.user_data.size()) +
                                      " bytes long, at most " + std::to_string(kMaxUserDataBytes) +
                                      " are allowed");
    }
  }

  void read_tags(const JsonValue& root) {
    const JsonValue* tags = given(root, "Tags");
    if (tags == nullptr) return;
    if (tags->kind != JsonValue::Kind::Object) {
      fields_.refuse_as("/Tags", *tags, "an object of strings");
      return;
    }
    for (std::size_t i = 0; i < tags->names.size(); ++i) {
      const JsonValue& value = tags->items[i];
      if (value.kind != JsonValue::Kind::String) {
        fields_.refuse_as(joined_path("/Tags", tags->names[i]), value, "a string");
      }
      task_.tags[tags->names[i]] = value.text;
    }
  }

  void read_notification(const JsonValue& root) {
    const JsonValue* notification = given(root, "Notification");
    if (notification == nullptr) return;
    const std::string path = "/Notification";
    if (!fields_.admits(*notification, path, kNotificationFields)) return;
    read_webhook(*notification, path + "/Webhook");
    const JsonValue* mns = given(*notification, "MNS");
    if (mns == nullptr || !fields_.admits(*mns, path + "/MNS", kMnsFields)) return;
    const std::string topic =
        fields_.required(*mns, path + "/MNS", "TopicName", "the topic's name");
    if (!is_topic_name(topic)) {
      fields_.refuse(
          path + "/MNS/TopicName",
          in_quotes(topic) +
              " is not a name of at most 255 letters, digits, '-', '_' and '.' that does not "
              "begin with '.'");
    }
    task_.topic = topic;
  }

  void read_webhook(const JsonValue& notification, const std::string& path) {
    const JsonValue* webhook = given(notification, "Webhook");
    if (webhook == nullptr || !fields_.admits(*webhook, path, kWebhookFields)) return;
    const std::string url = fields_.required(*webhook, path, "URL", "an http:// or https:// URL");
    const auto place = source_place(url);
    if (!place || place->kind != Place::Kind::Http) {
      fields_.refuse(path + "/URL", in_quotes(url) + " is no http:// or https:// URL");
    }
    task_.webhook = url;
  }

  void read_sources(const JsonValue& root) {
    const JsonValue* sources = fields_.list(root, "", "Sources");
    if (sources == nullptr) {
      fields_.refuse("/Sources", "is missing; give a list of 1 to 11 sources");
      return;
    }
    if (sources->items.size() > kMaxSources) {
      fields_.refuse("/Sources", std::to_string(sources->items.size()) +
                                     " sources are given, at most " + std::to_string(kMaxSources) +
                                     " are allowed");
      return;
    }
    for (std::size_t i = 0; i < sources->items.size(); ++i) {
      read_source(sources->items[i], "/Sources/" + std::to_string(i));
    }
    refuse_later_stdin();
    const auto index = fields_.number(root, "", "AlignmentIndex", kCount);
    if (!index) return;
    if (*index >= Rational(static_cast<std::int64_t>(sources->items.size()))) {
      fields_.refuse("/AlignmentIndex", readable(*index) +
                                            " is not the index of a source; the last is " +
                                            std::to_string(sources->items.size() - 1));
    }
    task_.alignment_index = static_cast<unsigned>(index->num());
  }

  // Later sources are opened twice.
  void refuse_later_stdin() {
    for (std::size_t i = 1; i < task_.sources.size(); ++i) {
      if (task_.sources[i].uri != "-") continue;
      fields_.refuse(
          task_.sources[i].path + "/URI",
          "\"-\" is standard input, which can be read once; only the first source may be");
    }
  }

  void read_source(const JsonValue& object, const std::string& path) {
    if (!fields_.admits(object, path, kSourceFields)) return;
    TaskSource source;
    source.path = path;
    source.uri = fields_.required(object, path, "URI", kPlaces);
    if (const auto place = source_place(source.uri); !place) {
      fields_.refuse(path + "/URI", place.error().message, place.error().code);
    }
    source.start_time = fields_.number(object, path, "StartTime", kSeconds).value_or(Rational(0));
    source.duration = fields_.number(object, path, "Duration", kSeconds);
    if (source.duration && source.duration->is_zero()) source.duration.reset();
    task_.sources.push_back(std::move(source));
  }

  void read_targets(const JsonValue& root) {
    const JsonValue* targets = fields_.list(root, "", "Targets");
    if (targets == nullptr) {
      fields_.refuse("/Targets", "is missing; give a list of targets with Image.Animations");
      return;
    }
    for (std::size_t i = 0; i < targets->items.size() && !fields_.has_refused(); ++i) {
      read_target(targets->items[i], "/Targets/" + std::to_string(i));
      ++task_.targets;
    }
  }

  void read_target(const JsonValue& target, const std::string& path) {
    if (!fields_.admits(target, path, kTargetFields)) return;
    const std::string image_path = path + "/Image";
    const JsonValue* image = given(target, "Image");
    if (image != nullptr && !fields_.admits(*image, image_path, kImageFields)) return;
    const JsonValue* animations = nullptr;
    if (image != nullptr) animations = fields_.list(*image, image_path, "Animations");
    if (animations == nullptr) {
      fields_.refuse(image_path + "/Animations", "is missing; give a list of animations");
      return;
    }
    for (std::size_t i = 0; i < animations->items.size() && !fields_.has_refused(); ++i) {
      if (task_.animations.size() >= kMaxAnimations) {
        fields_.refuse(image_path + "/Animations",
                       "the task has more than " + std::to_string(kMaxAnimations) + " animations",
                       ErrorCode::LimitExceeded);
        return;
      }
      read_animation(animations->items[i], image_path + "/Animations/" + std::to_string(i));
    }
  }

  void read_animation(const JsonValue& object, const std::string& path) {
    read_look_of(object, path);
    if (!fields_.has_refused()) read_output_uri(object, task_.animations.back());
  }

  // All but its place.
  void read_look_of(const JsonValue& object, const std::string& path) {
    if (!fields_.admits(object, path, kAnimationFields)) return;
    AnimationRequest out;
    out.path = path;
    fields_.required(object, path, "Format", "webp or gif");
    out.format =
        fields_
            .choice(object, path, "Format", std::array{AnimationFormat::Webp, AnimationFormat::Gif})
            .value_or(AnimationFormat::Webp);
    read_samples(object, out);
    read_mode(object, out);
    read_playback(object, out);
    read_size(object, out);
    read_look(object, out);
    task_.animations.push_back(std::move(out));
  }

  void read_output_uri(const JsonValue& object, AnimationRequest& out) {
    const std::string path = out.path + "/URI";
    out.uri = fields_.required(object, out.path, "URI",
                               "oss://bucket/key, s3://bucket/key, a path or file://");
    if (const Status checked = check_template(out.uri, task_.tags); !checked) {
      fields_.refuse(path, checked.error().message, checked.error().code);
    }
    if (out.uri.find_first_of("{}") != std::string::npos) return;
    if (const auto place = output_place(out.uri); !place) {
      fields_.refuse(path, place.error().message, place.error().code);
    }
  }

  void read_samples(const JsonValue& object, AnimationRequest& out) {
    out.interval = fields_.number(object, out.path, "Interval", kSeconds);
    if (out.interval && out.interval->is_zero()) out.interval.reset();
    out.frame_rate = fields_.number(object, out.path, "FrameRate", kRate);
    out.start_time = fields_.number(object, out.path, "StartTime", kSeconds).value_or(Rational(0));
    out.number = static_cast<std::uint64_t>(
        fields_.number(object, out.path, "Number", kCount).value_or(Rational(0)).num());
  }

  void read_mode(const JsonValue& object, AnimationRequest& out) {
    out.mode = fields_
                   .choice(object, out.path, "Mode",
                           std::array{SamplingMode::Interval, SamplingMode::Key, SamplingMode::Even,
                                      SamplingMode::Scene})
                   .value_or(SamplingMode::Interval);
    out.threshold = fields_.number(object, out.path, "Threshold", kPercent);
    if (out.threshold && out.mode != SamplingMode::Scene) {
      fields_.refuse(out.path + "/Threshold", readable(*out.threshold) +
                                                  " is given, but it is for Mode scene alone; "
                                                  "leave it out");
    }
    if (out.mode == SamplingMode::Even && out.number == 0) {
      fields_.refuse(out.path + "/Number",
                     "is missing; Mode even spreads that many frames, give at least 1");
    }
  }

  void read_playback(const JsonValue& object, AnimationRequest& out) {
    out.speed = fields_.number(object, out.path, "Speed", kSpeed).value_or(Rational(1));
    out.reverse = fields_.flag(object, out.path, "Reverse");
    out.boomerang = fields_.flag(object, out.path, "Boomerang");
  }

  Side side(const JsonValue& object, const AnimationRequest& out, std::string_view name) {
    const bool is_gif = out.format == AnimationFormat::Gif;
    const auto value = fields_.number(object, out.path, name, is_gif ? kGifSide : kWebpSide);
    if (!value) return {};
    if (*value < Rational(0)) return {Side::Kind::Follow, *value};
    return {*value > Rational(1) ? Side::Kind::Pixels : Side::Kind::Ratio, *value};
  }

  void read_size(const JsonValue& object, AnimationRequest& out) {
    out.width = side(object, out, "Width");
    out.height = side(object, out, "Height");
    if (out.width.kind == Side::Kind::Follow && out.height.kind == Side::Kind::Follow) {
      fields_.refuse(out.path + "/Height",
                     "-1 follows Width, which is -1 too; give one of the two or neither");
    }
    out.scale_type = fields_
                         .choice(object, out.path, "ScaleType",
                                 std::array{ScaleType::Stretch, ScaleType::Crop, ScaleType::Fill,
                                            ScaleType::Fit})
                         .value_or(ScaleType::Stretch);
    read_background(object, out);
  }

  void read_background(const JsonValue& object, AnimationRequest& out) {
    const std::string color = fields_.text(object, out.path, "Background");
    if (color.empty()) return;
    out.background = color_of(color);
    if (!out.background) {
      fields_.refuse(
          out.path + "/Background",
          in_quotes(color) + " is not a colour #RRGGBB or #AARRGGBB (AA = FF is opaque)");
    }
  }

  void read_look(const JsonValue& object, AnimationRequest& out) {
    const bool is_gif = out.format == AnimationFormat::Gif;
    out.loop_count = static_cast<unsigned>(
        fields_.number(object, out.path, "LoopCount", kPlays).value_or(Rational(0)).num());
    out.quality = fields_.number(object, out.path, "Quality", is_gif ? kGifQuality : kPercent);
    out.lossless = fields_.flag(object, out.path, "Lossless");
    if (out.lossless && is_gif) only_for(out.path + "/Lossless", "true", AnimationFormat::Webp);
    out.target_size = static_cast<std::uint64_t>(
        fields_.number(object, out.path, "TargetSize", kFileSize).value_or(Rational(0)).num());
    if (out.target_size > 0 && out.lossless) {
      fields_.refuse(out.path + "/TargetSize",
                     "a size is reached by losing quality, which Lossless forbids; leave one out");
    }
    out.content = fields_.choice(object, out.path, "Content",
                                 std::array{Content::Auto, Content::Photo, Content::Screen});
    if (out.content && is_gif) {
      only_for(out.path + "/Content", in_quotes(to_string(*out.content)), AnimationFormat::Webp);
    }
    if (const auto colors = fields_.number(object, out.path, "Colors", kColors)) {
      if (!is_gif) only_for(out.path + "/Colors", readable(*colors), AnimationFormat::Gif);
      out.colors = static_cast<unsigned>(colors->num());
    }
    out.dither = fields_.choice(
        object, out.path, "Dither",
        std::array{Dither::Auto, Dither::None, Dither::Ordered, Dither::FloydSteinberg});
    if (out.dither && !is_gif) {
      only_for(out.path + "/Dither", in_quotes(to_string(*out.dither)), AnimationFormat::Gif);
    }
    if (const auto lossy = fields_.number(object, out.path, "Lossy", kLossy)) {
      if (!is_gif) only_for(out.path + "/Lossy", readable(*lossy), AnimationFormat::Gif);
      out.lossy = static_cast<unsigned>(lossy->num());
    }
  }

  void only_for(const std::string& path, const std::string& value, AnimationFormat format) {
    fields_.refuse(path, value + " is given, but it is for Format " +
                             std::string(to_string(format)) + " alone; leave it out");
  }

  Task task_;
  JsonFields fields_;
};

}  // namespace

Result<AnimationRequest> parse_animation(std::string_view json) {
  auto root = parse_json(json, kLimits);
  if (!root) return root.error();
  return TaskReader("the animation").animation_alone(*root);
}

Result<Task> parse_task(std::string_view json) {
  auto root = parse_json(json, kLimits);
  if (!root) return root.error();
  return TaskReader("the task")(*root);
}

}  // namespace anim
