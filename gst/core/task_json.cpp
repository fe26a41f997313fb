// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/task_json.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "gst/core/json.h"
#include "gst/core/text.h"
#include "gst/core/uri.h"
#include "gst/core/uri_template.h"

namespace anim {
namespace {

constexpr JsonLimits kLimits = {.bytes = kMaxTaskBytes, .depth = 32, .values = 100'000};
constexpr std::string_view kPlaces = "oss://bucket/key, a path, file:// or http(s)://";

/// What happens to a field that is given.
enum class Rule {
  Read,
  Ignore,      ///< listed in Task::ignored
  Refuse,      ///< would make something else, or cannot be done yet
  RefuseTrue,  ///< the same unless it is false
};

struct Field {
  std::string_view name;
  Rule rule = Rule::Read;
  std::string_view why = {};
};

constexpr std::string_view kNoVideoFile =
    "it makes a video file; an animation needs no Container and no URI here; leave it out";
constexpr std::string_view kOldNotification =
    "it is of an older version of the service; use Notification.MNS.TopicName";

constexpr auto kTaskFields = std::to_array<Field>({
    {"ProjectName"},
    {"Sources"},
    {"Targets"},
    {"Notification"},
    {"UserData"},
    {"Tags"},
    {"AlignmentIndex"},
    {"CredentialConfig", Rule::Ignore},
    {"TargetGroups", Rule::Refuse, "HLS packages are not supported; leave it out"},
    {"NotifyEndpoint", Rule::Refuse, kOldNotification},
    {"NotifyTopicName", Rule::Refuse, kOldNotification},
});
constexpr auto kSourceFields = std::to_array<Field>({
    {"URI"},
    {"StartTime"},
    {"Duration"},
    {"DisableAudio", Rule::Ignore},
    {"AlignMode", Rule::Ignore},
    {"Subtitles", Rule::Refuse, "subtitles cannot be drawn into an animation; leave it out"},
    {"DisableVideo", Rule::RefuseTrue, "an animation is made of the video; leave it out"},
    {"Attached", Rule::RefuseTrue, "an animation has one stream; leave it out"},
});
constexpr auto kTargetFields = std::to_array<Field>({
    {"Image"},
    {"Video", Rule::Ignore},
    {"Audio", Rule::Ignore},
    {"Subtitle", Rule::Ignore},
    {"Segment", Rule::Ignore},
    {"Speed", Rule::Ignore},
    {"StripMetadata", Rule::Ignore},
    {"DisableAudio", Rule::Ignore},
    {"DisableVideo", Rule::RefuseTrue, "an animation is made of the video; leave it out"},
    {"Container", Rule::Refuse, kNoVideoFile},
    {"URI", Rule::Refuse, kNoVideoFile},
    {"AttachedPicture", Rule::Refuse, kNoVideoFile},
    {"Data", Rule::Refuse, kNoVideoFile},
});
constexpr auto kImageFields = std::to_array<Field>({
    {"Animations"},
    {"Snapshots", Rule::Refuse, "single pictures are not supported; leave it out"},
    {"Sprites", Rule::Refuse, "sprites are not supported; leave it out"},
});
constexpr auto kAnimationFields = std::to_array<Field>({
    {"Format"},
    {"URI"},
    {"Interval"},
    {"FrameRate"},
    {"StartTime"},
    {"Number"},
    {"Width"},
    {"Height"},
    {"ScaleType"},
    {"LoopCount"},
    {"Quality"},
    {"Lossless"},
    {"Colors"},
    {"Dither"},
    {"Background"},
    {"Content", Rule::Refuse, "it is not supported yet; leave it out"},
    {"Lossy", Rule::Refuse, "it is not supported yet; use Quality and Colors"},
    {"Mode", Rule::Refuse, "it is not supported yet; use Interval"},
    {"TargetSize", Rule::Refuse, "it is not supported yet; use Quality, Width and Height"},
    {"Reverse", Rule::Refuse, "it is not supported yet; leave it out"},
});
constexpr auto kNotificationFields = std::to_array<Field>({
    {"MNS"},
    {"RocketMQ", Rule::Refuse, "it is not supported; use MNS.TopicName"},
    {"ExtendedMessageURI", Rule::Refuse, "it is not supported; use MNS.TopicName"},
    {"Webhook", Rule::Refuse, "it is not supported; use MNS.TopicName"},
});
constexpr auto kMnsFields = std::to_array<Field>({{"TopicName"}});

/// Which numbers a field takes, and how that is said.
struct NumberRule {
  std::string_view allowed;
  bool (*holds)(Rational);
  bool takes_fraction = false;  ///< also "30000/1001" in a string
};

bool is_whole_in(Rational value, std::int64_t low, std::int64_t high) {
  return value.is_whole() && value >= Rational(low) && value <= Rational(high);
}

const NumberRule kSeconds = {
    "seconds from 0 to 1000000000",
    [](Rational v) { return v >= Rational(0) && v <= Rational(1'000'000'000); }, true};
const NumberRule kRate = {
    "frames a second above 0, at most 240",
    [](Rational v) { return v > Rational(0) && v <= Rational(kMaxFrameRate); }, true};
const NumberRule kCount = {"a whole number from 0 to 2147483647",
                           [](Rational v) { return is_whole_in(v, 0, 2'147'483'647); }};
const NumberRule kPlays = {"a whole number of plays from 0 (for ever) to 65535",
                           [](Rational v) { return is_whole_in(v, 0, 65535); }};
const NumberRule kWebpQuality = {"a number from 0 to 100",
                                 [](Rational v) { return v >= Rational(0) && v <= Rational(100); }};
const NumberRule kGifQuality = {"a whole number from 1 to 100 (Format gif)",
                                [](Rational v) { return is_whole_in(v, 1, 100); }};
const NumberRule kColors = {"a whole number from 2 to 256",
                            [](Rational v) { return is_whole_in(v, 2, 256); }};
const NumberRule kWebpSide = {
    "-1 (follows the other side), a ratio in (0, 1] or whole pixels from 2 to 16383",
    [](Rational v) {
      return v == Rational(-1) || (v > Rational(0) && v <= Rational(1)) || is_whole_in(v, 2, 16383);
    }};
const NumberRule kGifSide = {
    "-1 (follows the other side), a ratio in (0, 1] or whole pixels from 2 to 65535",
    [](Rational v) {
      return v == Rational(-1) || (v > Rational(0) && v <= Rational(1)) || is_whole_in(v, 2, 65535);
    }};

// null, "" and [] are what SDKs send for a field that was not set.
bool is_absent(const JsonValue& value) {
  switch (value.kind) {
    case JsonValue::Kind::Null:
      return true;
    case JsonValue::Kind::String:
      return value.text.empty();
    case JsonValue::Kind::Array:
      return value.items.empty();
    case JsonValue::Kind::Bool:
    case JsonValue::Kind::Number:
    case JsonValue::Kind::Object:
      return false;
  }
  return false;
}

std::vector<std::string_view> names_of(std::span<const Field> fields, bool readable_alone) {
  std::vector<std::string_view> out;
  for (const Field& field : fields) {
    if (!readable_alone || field.rule == Rule::Read) out.push_back(field.name);
  }
  return out;
}

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "30000/1001".
std::optional<Rational> fraction_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  if (!is_digits(text.substr(0, slash)) || !is_digits(text.substr(slash + 1))) return std::nullopt;
  const auto num = Rational::parse(text.substr(0, slash));
  const auto den = Rational::parse(text.substr(slash + 1));
  if (!num || !den || den->is_zero()) return std::nullopt;
  return Rational(num->num(), den->num());
}

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

/// Reads a task. The first refusal stays; what is read after it does not count.
class TaskReader {
 public:
  Result<Task> operator()(const JsonValue& root) {
    read_task(root);
    if (error_) return *error_;
    return std::move(task_);
  }

 private:
  void refuse(const std::string& path, const std::string& why,
              ErrorCode code = ErrorCode::InvalidArgument) {
    if (!error_) error_ = Error{code, (path.empty() ? "the task" : path) + ": " + why, {}};
  }

  void refuse_as(const std::string& path, const JsonValue& value, std::string_view allowed) {
    refuse(path, described(value) + " is not " + std::string(allowed));
  }

  // Whether `object` is one whose fields are all known and allowed; notes those that do not count.
  bool admits(const JsonValue& object, const std::string& path, std::span<const Field> fields) {
    if (object.kind != JsonValue::Kind::Object) {
      refuse_as(path, object, "an object with " + listed(names_of(fields, true)));
      return false;
    }
    for (std::size_t i = 0; i < object.names.size() && !error_; ++i) {
      const std::string& name = object.names[i];
      const auto field = std::find_if(fields.begin(), fields.end(),
                                      [&name](const Field& f) { return f.name == name; });
      if (field == fields.end()) {
        refuse(joined_path(path, name), "is not one of the fields " +
                                            listed(names_of(fields, true)) +
                                            hint(name, names_of(fields, false)));
      } else {
        apply(*field, joined_path(path, name), object.items[i]);
      }
    }
    return !error_;
  }

  void apply(const Field& field, const std::string& path, const JsonValue& value) {
    if (field.rule == Rule::Read || is_absent(value)) return;
    if (field.rule == Rule::Ignore) {
      task_.ignored.push_back(path);
      return;
    }
    if (field.rule == Rule::RefuseTrue && value.kind != JsonValue::Kind::Bool) {
      refuse_as(path, value, "true or false");
      return;
    }
    if (field.rule == Rule::RefuseTrue && !value.boolean) return;
    refuse(path, described(value) + " is given, but " + std::string(field.why),
           ErrorCode::Unsupported);
  }

  // The field's value, null when it is absent.
  static const JsonValue* given(const JsonValue& object, std::string_view name) {
    const JsonValue* value = object.find(name);
    return value == nullptr || is_absent(*value) ? nullptr : value;
  }

  const JsonValue* list(const JsonValue& object, const std::string& path, std::string_view name) {
    const JsonValue* value = given(object, name);
    if (value != nullptr && value->kind != JsonValue::Kind::Array) {
      refuse_as(joined_path(path, name), *value, "a list");
      return nullptr;
    }
    return value;
  }

  std::string text(const JsonValue& object, const std::string& path, std::string_view name) {
    const JsonValue* value = given(object, name);
    if (value == nullptr) return {};
    if (value->kind != JsonValue::Kind::String) {
      refuse_as(joined_path(path, name), *value, "a string");
    }
    return value->text;
  }

  std::string required(const JsonValue& object, const std::string& path, std::string_view name,
                       std::string_view what) {
    if (given(object, name) == nullptr) {
      refuse(joined_path(path, name), "is missing; give " + std::string(what));
    }
    return text(object, path, name);
  }

  std::optional<Rational> number(const JsonValue& object, const std::string& path,
                                 std::string_view name, const NumberRule& rule) {
    const JsonValue* value = given(object, name);
    if (value == nullptr) return std::nullopt;
    std::optional<Rational> out;
    if (value->kind == JsonValue::Kind::Number) out = Rational::parse(value->text);
    if (value->kind == JsonValue::Kind::String && rule.takes_fraction) {
      out = fraction_of(value->text);
    }
    if (!out || !rule.holds(*out)) {
      refuse_as(joined_path(path, name), *value, rule.allowed);
      return std::nullopt;
    }
    return out;
  }

  bool flag(const JsonValue& object, const std::string& path, std::string_view name) {
    const JsonValue* value = given(object, name);
    if (value == nullptr) return false;
    if (value->kind != JsonValue::Kind::Bool) {
      refuse_as(joined_path(path, name), *value, "true or false");
    }
    return value->boolean;
  }

  // The one of `values` whose name is given.
  template <class Enum, std::size_t kCount>
  std::optional<Enum> choice(const JsonValue& object, const std::string& path,
                             std::string_view name, const std::array<Enum, kCount>& values) {
    const JsonValue* value = given(object, name);
    if (value == nullptr) return std::nullopt;
    std::vector<std::string_view> names;
    for (const Enum candidate : values) {
      names.push_back(to_string(candidate));
      const bool is_it = value->kind == JsonValue::Kind::String && value->text == names.back();
      if (is_it) return candidate;
    }
    refuse_as(joined_path(path, name), *value,
              "one of " + listed(names) + hint(value->text, names));
    return std::nullopt;
  }

  void read_task(const JsonValue& root) {
    if (!admits(root, "", kTaskFields)) return;
    task_.project_name = required(root, "", "ProjectName", "the project's name");
    read_user_data(root);
    read_tags(root);
    read_notification(root);
    read_sources(root);
    read_targets(root);
    if (task_.sources.size() > 1) {
      refuse(task_.sources[1].path,
             "joining several sources is not supported yet; give one source in Sources",
             ErrorCode::Unsupported);
    }
  }

  void read_user_data(const JsonValue& root) {
    task_.user_data = text(root, "", "UserData");
    if (task_.user_data.size() > kMaxUserDataBytes) {
      refuse("/UserData", "is " + std::to_string(task_.user_data.size()) + " bytes long, at most " +
                              std::to_string(kMaxUserDataBytes) + " are allowed");
    }
  }

  void read_tags(const JsonValue& root) {
    const JsonValue* tags = given(root, "Tags");
    if (tags == nullptr) return;
    if (tags->kind != JsonValue::Kind::Object) {
      refuse_as("/Tags", *tags, "an object of strings");
      return;
    }
    for (std::size_t i = 0; i < tags->names.size(); ++i) {
      const JsonValue& value = tags->items[i];
      if (value.kind != JsonValue::Kind::String) {
        refuse_as(joined_path("/Tags", tags->names[i]), value, "a string");
      }
      task_.tags[tags->names[i]] = value.text;
    }
  }

  void read_notification(const JsonValue& root) {
    const JsonValue* notification = given(root, "Notification");
    if (notification == nullptr) return;
    const std::string path = "/Notification";
    if (!admits(*notification, path, kNotificationFields)) return;
    const JsonValue* mns = given(*notification, "MNS");
    if (mns == nullptr || !admits(*mns, path + "/MNS", kMnsFields)) return;
    const std::string topic = required(*mns, path + "/MNS", "TopicName", "the topic's name");
    if (!is_topic_name(topic)) {
      refuse(path + "/MNS/TopicName",
             in_quotes(topic) +
                 " is not a name of at most 255 letters, digits, '-', '_' and '.' that does not "
                 "begin with '.'");
    }
    task_.topic = topic;
  }

  void read_sources(const JsonValue& root) {
    const JsonValue* sources = list(root, "", "Sources");
    if (sources == nullptr) {
      refuse("/Sources", "is missing; give a list with one source");
      return;
    }
    if (sources->items.size() > kMaxSources) {
      refuse("/Sources", std::to_string(sources->items.size()) + " sources are given, at most " +
                             std::to_string(kMaxSources) + " are allowed");
      return;
    }
    for (std::size_t i = 0; i < sources->items.size(); ++i) {
      read_source(sources->items[i], "/Sources/" + std::to_string(i));
    }
    const auto index = number(root, "", "AlignmentIndex", kCount);
    if (!index) return;
    if (*index >= Rational(static_cast<std::int64_t>(sources->items.size()))) {
      refuse("/AlignmentIndex", readable(*index) + " is not the index of a source; the last is " +
                                    std::to_string(sources->items.size() - 1));
    }
    task_.alignment_index = static_cast<unsigned>(index->num());
  }

  void read_source(const JsonValue& object, const std::string& path) {
    if (!admits(object, path, kSourceFields)) return;
    TaskSource source;
    source.path = path;
    source.uri = required(object, path, "URI", kPlaces);
    if (const auto place = source_place(source.uri); !place) {
      refuse(path + "/URI", place.error().message, place.error().code);
    }
    source.start_time = number(object, path, "StartTime", kSeconds).value_or(Rational(0));
    source.duration = number(object, path, "Duration", kSeconds);
    if (source.duration && source.duration->is_zero()) source.duration.reset();
    task_.sources.push_back(std::move(source));
  }

  void read_targets(const JsonValue& root) {
    const JsonValue* targets = list(root, "", "Targets");
    if (targets == nullptr) {
      refuse("/Targets", "is missing; give a list of targets with Image.Animations");
      return;
    }
    for (std::size_t i = 0; i < targets->items.size() && !error_; ++i) {
      read_target(targets->items[i], "/Targets/" + std::to_string(i));
      ++task_.targets;
    }
  }

  void read_target(const JsonValue& target, const std::string& path) {
    if (!admits(target, path, kTargetFields)) return;
    const std::string image_path = path + "/Image";
    const JsonValue* image = given(target, "Image");
    if (image != nullptr && !admits(*image, image_path, kImageFields)) return;
    const JsonValue* animations = nullptr;
    if (image != nullptr) animations = list(*image, image_path, "Animations");
    if (animations == nullptr) {
      refuse(image_path + "/Animations", "is missing; give a list of animations");
      return;
    }
    for (std::size_t i = 0; i < animations->items.size() && !error_; ++i) {
      if (task_.animations.size() >= kMaxAnimations) {
        refuse(image_path + "/Animations",
               "the task has more than " + std::to_string(kMaxAnimations) + " animations",
               ErrorCode::LimitExceeded);
        return;
      }
      read_animation(animations->items[i], image_path + "/Animations/" + std::to_string(i));
    }
  }

  void read_animation(const JsonValue& object, const std::string& path) {
    if (!admits(object, path, kAnimationFields)) return;
    AnimationRequest out;
    out.path = path;
    required(object, path, "Format", "webp or gif");
    out.format =
        choice(object, path, "Format", std::array{AnimationFormat::Webp, AnimationFormat::Gif})
            .value_or(AnimationFormat::Webp);
    read_output_uri(object, out);
    read_samples(object, out);
    read_size(object, out);
    read_look(object, out);
    task_.animations.push_back(std::move(out));
  }

  void read_output_uri(const JsonValue& object, AnimationRequest& out) {
    const std::string path = out.path + "/URI";
    out.uri = required(object, out.path, "URI", "oss://bucket/key, a path or file://");
    if (const Status checked = check_template(out.uri, task_.tags); !checked) {
      refuse(path, checked.error().message, checked.error().code);
    }
    if (out.uri.find_first_of("{}") != std::string::npos) return;
    if (const auto place = output_place(out.uri); !place) {
      refuse(path, place.error().message, place.error().code);
    }
  }

  void read_samples(const JsonValue& object, AnimationRequest& out) {
    out.interval = number(object, out.path, "Interval", kSeconds);
    if (out.interval && out.interval->is_zero()) out.interval.reset();
    out.frame_rate = number(object, out.path, "FrameRate", kRate);
    out.start_time = number(object, out.path, "StartTime", kSeconds).value_or(Rational(0));
    out.number = static_cast<std::uint64_t>(
        number(object, out.path, "Number", kCount).value_or(Rational(0)).num());
  }

  Side side(const JsonValue& object, const AnimationRequest& out, std::string_view name) {
    const bool is_gif = out.format == AnimationFormat::Gif;
    const auto value = number(object, out.path, name, is_gif ? kGifSide : kWebpSide);
    if (!value) return {};
    if (*value < Rational(0)) return {Side::Kind::Follow, *value};
    return {*value > Rational(1) ? Side::Kind::Pixels : Side::Kind::Ratio, *value};
  }

  void read_size(const JsonValue& object, AnimationRequest& out) {
    out.width = side(object, out, "Width");
    out.height = side(object, out, "Height");
    if (out.width.kind == Side::Kind::Follow && out.height.kind == Side::Kind::Follow) {
      refuse(out.path + "/Height",
             "-1 follows Width, which is -1 too; give one of the two or neither");
    }
    out.scale_type =
        choice(object, out.path, "ScaleType",
               std::array{ScaleType::Stretch, ScaleType::Crop, ScaleType::Fill, ScaleType::Fit})
            .value_or(ScaleType::Stretch);
    read_background(object, out);
  }

  void read_background(const JsonValue& object, AnimationRequest& out) {
    const std::string color = text(object, out.path, "Background");
    if (color.empty()) return;
    out.background = color_of(color);
    if (!out.background) {
      refuse(out.path + "/Background",
             in_quotes(color) + " is not a colour #RRGGBB or #AARRGGBB (AA = FF is opaque)");
    }
  }

  void read_look(const JsonValue& object, AnimationRequest& out) {
    const bool is_gif = out.format == AnimationFormat::Gif;
    out.loop_count = static_cast<unsigned>(
        number(object, out.path, "LoopCount", kPlays).value_or(Rational(0)).num());
    out.quality = number(object, out.path, "Quality", is_gif ? kGifQuality : kWebpQuality);
    out.lossless = flag(object, out.path, "Lossless");
    if (out.lossless && is_gif) only_for(out.path + "/Lossless", "true", AnimationFormat::Webp);
    if (const auto colors = number(object, out.path, "Colors", kColors)) {
      if (!is_gif) only_for(out.path + "/Colors", readable(*colors), AnimationFormat::Gif);
      out.colors = static_cast<unsigned>(colors->num());
    }
    out.dither =
        choice(object, out.path, "Dither",
               std::array{Dither::Auto, Dither::None, Dither::Ordered, Dither::FloydSteinberg});
    if (out.dither && !is_gif) {
      only_for(out.path + "/Dither", in_quotes(to_string(*out.dither)), AnimationFormat::Gif);
    }
  }

  void only_for(const std::string& path, const std::string& value, AnimationFormat format) {
    refuse(path, value + " is given, but it is for Format " + std::string(to_string(format)) +
                     " alone; leave it out");
  }

  Task task_;
  std::optional<Error> error_;
};

using Json = nlohmann::ordered_json;

// A number where its decimal is exact, else the fraction in a string.
Json exact_number(Rational value) {
  if (value.is_whole()) return value.num();
  if (exact_decimal(value)) return value.to_double();
  return value.to_string();
}

// The nearest decimal, of a field that takes no fraction.
Json number_json(Rational value) {
  return value.is_whole() ? Json(value.num()) : Json(value.to_double());
}

void write_side(Json& out, const char* name, const Side& side) {
  if (side.kind == Side::Kind::Source) return;
  out[name] = number_json(side.value);
}

std::string color_text(std::uint32_t argb) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out = "#";
  for (int shift = 28; shift >= 0; shift -= 4) out += kDigits[argb >> shift & 15];
  return out;
}

Json animation_json(const AnimationRequest& request) {
  Json out;
  out["Format"] = std::string(to_string(request.format));
  out["URI"] = request.uri;
  if (request.interval) out["Interval"] = exact_number(*request.interval);
  if (request.frame_rate) out["FrameRate"] = exact_number(*request.frame_rate);
  if (!request.start_time.is_zero()) out["StartTime"] = exact_number(request.start_time);
  if (request.number > 0) out["Number"] = request.number;
  write_side(out, "Width", request.width);
  write_side(out, "Height", request.height);
  if (request.scale_type != ScaleType::Stretch) {
    out["ScaleType"] = std::string(to_string(request.scale_type));
  }
  if (request.loop_count > 0) out["LoopCount"] = request.loop_count;
  if (request.quality) out["Quality"] = number_json(*request.quality);
  if (request.lossless) out["Lossless"] = true;
  if (request.colors) out["Colors"] = *request.colors;
  if (request.dither) out["Dither"] = std::string(to_string(*request.dither));
  if (request.background) out["Background"] = color_text(*request.background);
  return out;
}

Json source_json(const TaskSource& source) {
  Json out;
  out["URI"] = source.uri;
  if (!source.start_time.is_zero()) out["StartTime"] = exact_number(source.start_time);
  if (source.duration) out["Duration"] = exact_number(*source.duration);
  return out;
}

}  // namespace

Result<Task> parse_task(std::string_view json) {
  auto root = parse_json(json, kLimits);
  if (!root) return root.error();
  return TaskReader()(*root);
}

std::string to_json(const Task& task) {
  Json out;
  out["ProjectName"] = task.project_name;
  if (task.topic) out["Notification"]["MNS"]["TopicName"] = *task.topic;
  out["Sources"] = Json::array();
  for (const TaskSource& source : task.sources) out["Sources"].push_back(source_json(source));
  if (task.alignment_index > 0) out["AlignmentIndex"] = task.alignment_index;
  Json animations = Json::array();
  for (const AnimationRequest& request : task.animations) {
    animations.push_back(animation_json(request));
  }
  out["Targets"] = Json::array({{{"Image", {{"Animations", animations}}}}});
  if (!task.user_data.empty()) out["UserData"] = task.user_data;
  if (!task.tags.empty()) out["Tags"] = task.tags;
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace anim
