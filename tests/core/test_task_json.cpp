// SPDX-License-Identifier: LGPL-2.1-or-later
// The task's JSON: a table of what is read, and one of what is refused with which sentence.
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/task_json.h"
#include "gst/core/task_writer.h"

using anim::AnimationFormat;
using anim::AnimationRequest;
using anim::ErrorCode;
using anim::Rational;
using anim::SamplingMode;
using anim::ScaleType;
using anim::Side;
using anim::Task;

namespace {

const std::string kSource = R"({"URI": "oss://b/in.mov"})";
const std::string kTarget =
    R"({"Image": {"Animations": [{"Format": "webp", "URI": "oss://b/out.{autoext}"}]}})";

std::string task_of(const std::string& sources, const std::string& targets,
                    const std::string& more = "") {
  return R"({"ProjectName": "p", "Sources": [)" + sources + R"(], "Targets": [)" + targets + "]" +
         (more.empty() ? "" : ", " + more) + "}";
}

std::string with_task(const std::string& fields) {
  return task_of(kSource, kTarget, fields);
}

std::string with_source(const std::string& fields) {
  return task_of(R"({"URI": "oss://b/in.mov", )" + fields + "}", kTarget);
}

std::string with_target(const std::string& fields) {
  return task_of(kSource, kTarget.substr(0, kTarget.size() - 1) + ", " + fields + "}");
}

std::string with_animation(const std::string& fields, const std::string& format = "webp") {
  return task_of(kSource, R"({"Image": {"Animations": [{"Format": ")" + format +
                              R"(", "URI": "oss://b/out", )" + fields + "}]}}");
}

AnimationRequest animation(const std::string& fields, const std::string& format = "webp") {
  const auto task = anim::parse_task(with_animation(fields, format));
  INFO(fields, ": ", task.ok() ? "" : task.error().message);
  REQUIRE(task.ok());
  return task.value().animations.at(0);
}

std::string refusal(const std::string& json) {
  const auto task = anim::parse_task(json);
  return task ? "accepted" : task.error().message;
}

std::string example(const std::string& name) {
  const char* folder = std::getenv("ANIM_EXAMPLES");
  REQUIRE(folder != nullptr);
  std::ifstream file(std::string(folder) + "/tasks/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  REQUIRE_FALSE(text.str().empty());
  return text.str();
}

void check_seed_animation(const Task& task) {
  REQUIRE(task.animations.size() == 1);
  const AnimationRequest& request = task.animations[0];
  CHECK(request.path == "/Targets/0/Image/Animations/0");
  CHECK(request.format == AnimationFormat::Webp);
  CHECK(request.uri == "oss://test-bucket/video-demo/animation.{autoext}");
  CHECK(request.interval == Rational(1));
  CHECK(request.frame_rate == Rational(15));
  CHECK(request.width == Side{Side::Kind::Ratio, Rational(1, 2)});
  CHECK(request.height == Side{Side::Kind::Ratio, Rational(1, 2)});
  CHECK(request.scale_type == ScaleType::Fit);
  CHECK(request.number == 0);
  CHECK(request.loop_count == 0);
}

/// A task that is refused, and the words of the refusal.
struct Refused {
  std::string json;
  std::string message;  ///< the whole, or its beginning when it ends in "…"
  ErrorCode code = ErrorCode::InvalidArgument;
};

void check_refused(const Refused& row) {
  CAPTURE(row.json.substr(0, 300));
  const auto task = anim::parse_task(row.json);
  REQUIRE_FALSE(task.ok());
  constexpr std::string_view kEllipsis = "…";
  if (row.message.ends_with(kEllipsis)) {
    const std::string start = row.message.substr(0, row.message.size() - kEllipsis.size());
    CHECK(task.error().message.substr(0, start.size()) == start);
  } else {
    CHECK(task.error().message == row.message);
  }
  CHECK(static_cast<int>(task.error().code) == static_cast<int>(row.code));
}

const std::string kAnim = "/Targets/0/Image/Animations/0/";

}  // namespace

TEST_CASE("the service's first request is read unchanged") {
  const auto task = anim::parse_task(example("seed-whole.json"));
  REQUIRE(task.ok());
  CHECK(task.value().project_name == "test-project");
  CHECK(task.value().topic == "test-mns-topic");
  REQUIRE(task.value().sources.size() == 1);
  CHECK(task.value().sources[0].uri == "oss://test-bucket/video-demo/brewing.mov");
  CHECK(task.value().sources[0].start_time == Rational(0));
  CHECK_FALSE(task.value().sources[0].duration);
  CHECK(task.value().ignored.empty());
  check_seed_animation(task.value());
}

TEST_CASE("the service's second request is read unchanged") {
  const auto task = anim::parse_task(example("seed-5-to-30.json"));
  REQUIRE(task.ok());
  CHECK(task.value().sources.at(0).start_time == Rational(5));
  CHECK(task.value().sources.at(0).duration == Rational(25));
  check_seed_animation(task.value());
}

TEST_CASE("numbers are exact") {
  CHECK(animation(R"("FrameRate": 29.97)").frame_rate == Rational(2997, 100));
  CHECK(animation(R"("FrameRate": 1e1)").frame_rate == Rational(10));
  CHECK(animation(R"("FrameRate": "30000/1001")").frame_rate == Rational(30000, 1001));
  CHECK(animation(R"("Interval": 0.1)").interval == Rational(1, 10));
  CHECK(animation(R"("Interval": "1/12")").interval == Rational(1, 12));
  CHECK(animation(R"("StartTime": 3.333333333)").start_time == Rational(3333333333, 1000000000));
  CHECK(animation(R"("Number": 5.0)").number == 5);
}

TEST_CASE("an interval or a number of 0 sets no bound") {
  CHECK_FALSE(animation(R"("Interval": 0)").interval);
  CHECK(animation(R"("Number": 0)").number == 0);
  const auto task = anim::parse_task(with_source(R"("Duration": 0)"));
  REQUIRE(task.ok());
  CHECK_FALSE(task.value().sources[0].duration);
}

TEST_CASE("a side is a ratio, pixels, or follows the other") {
  struct Row {
    const char* text;
    Side side;
  };
  const auto rows = std::to_array<Row>({
      {"0.25", {Side::Kind::Ratio, Rational(1, 4)}},
      {"1", {Side::Kind::Ratio, Rational(1)}},
      {"1.0", {Side::Kind::Ratio, Rational(1)}},
      {"2", {Side::Kind::Pixels, Rational(2)}},
      {"320.0", {Side::Kind::Pixels, Rational(320)}},
      {"16383", {Side::Kind::Pixels, Rational(16383)}},
      {"-1", {Side::Kind::Follow, Rational(-1)}},
      {"null", {}},
      {"\"\"", {}},
  });
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(animation(std::string("\"Width\": ") + row.text).width == row.side);
    CHECK(animation(std::string("\"Height\": ") + row.text).height == row.side);
  }
  CHECK(animation(R"("Width": 65535)", "gif").width.value == Rational(65535));
}

TEST_CASE("our own fields are read") {
  const AnimationRequest webp =
      animation(R"("LoopCount": 3, "Quality": 62.5, "Lossless": true, "Background": "#80ff00A0")");
  CHECK(webp.loop_count == 3);
  CHECK(webp.quality == Rational(125, 2));
  CHECK(webp.lossless);
  CHECK(webp.background == 0x80FF00A0);
  const AnimationRequest gif = animation(
      R"("Quality": 1, "Colors": 64, "Dither": "floyd-steinberg", "Lossy": 35,
          "Background": "#ff0000")",
      "gif");
  CHECK(gif.quality == Rational(1));
  CHECK(gif.colors == 64U);
  CHECK(gif.dither == anim::Dither::FloydSteinberg);
  CHECK(gif.lossy == 35U);
  CHECK(gif.background == 0xFFFF0000);
}

TEST_CASE("null, an empty string and an empty list mean absent") {
  for (const std::string value : {"null", "\"\"", "[]"}) {
    CAPTURE(value);
    std::string fields;
    for (const char* name :
         {"Interval",   "FrameRate", "StartTime", "Number",   "Width",      "Height",
          "ScaleType",  "LoopCount", "Quality",   "Lossless", "Colors",     "Dither",
          "Background", "Content",   "Lossy",     "Mode",     "TargetSize", "Reverse",
          "Threshold",  "Speed",     "Boomerang"}) {
      fields += std::string(fields.empty() ? "" : ", ") + "\"" + name + "\": " + value;
    }
    const AnimationRequest request = animation(fields);
    CHECK_FALSE(request.interval);
    CHECK(request.width.kind == Side::Kind::Source);
    CHECK(refusal(with_target("\"Container\": " + value + ", \"URI\": " + value)) == "accepted");
    CHECK(refusal(with_source("\"Subtitles\": " + value + ", \"Attached\": " + value)) ==
          "accepted");
    CHECK(refusal(with_task("\"TargetGroups\": " + value + ", \"Notification\": " + value +
                            ", \"Tags\": " + value + ", \"CredentialConfig\": " + value)) ==
          "accepted");
  }
}

TEST_CASE("what the service ignores here is accepted and listed") {
  const auto task = anim::parse_task(task_of(
      R"({"URI": "in.mov", "DisableAudio": true, "DisableVideo": false, "Attached": false})",
      R"({"Video": {"TranscodeVideo": {"Codec": "h264"}}, "Audio": {"DisableAudio": false},
          "Subtitle": {}, "Segment": {"Format": "hls"}, "Speed": 1, "StripMetadata": true,
          "Image": {"Animations": [{"Format": "gif", "URI": "x"}], "Snapshots": null}})",
      R"("CredentialConfig": {"ServiceRole": "r"})"));
  REQUIRE(task.ok());
  CHECK(task.value().ignored ==
        std::vector<std::string>{"/CredentialConfig", "/Sources/0/DisableAudio", "/Targets/0/Video",
                                 "/Targets/0/Audio", "/Targets/0/Subtitle", "/Targets/0/Segment",
                                 "/Targets/0/Speed", "/Targets/0/StripMetadata"});
}

TEST_CASE("animations of all targets stand in one list with their paths") {
  const std::string one = R"({"Format": "gif", "URI": "oss://b/{index}"})";
  const auto task = anim::parse_task(
      task_of(kSource, R"({"Image": {"Animations": [)" + one + ", " + one + "]}}, " + kTarget));
  REQUIRE(task.ok());
  REQUIRE(task.value().animations.size() == 3);
  CHECK(task.value().targets == 2);
  CHECK(task.value().animations[1].path == "/Targets/0/Image/Animations/1");
  CHECK(task.value().animations[2].path == "/Targets/1/Image/Animations/0");
}

TEST_CASE("user data, tags and topic are kept") {
  const std::string data(2048, 'u');
  const auto task =
      anim::parse_task(with_task("\"UserData\": \"" + data + R"(", "Tags": {"a": "1", "empty": ""},
                "AlignmentIndex": 0, "Notification": {"MNS": {"TopicName": "t"}})"));
  REQUIRE(task.ok());
  CHECK(task.value().user_data == data);
  CHECK(task.value().tags == std::map<std::string, std::string>{{"a", "1"}, {"empty", ""}});
  CHECK(task.value().topic == "t");
}

TEST_CASE("a value out of its range is refused with what is allowed") {
  const std::string side =
      " is not -1 (follows the other side), a ratio in (0, 1] or whole pixels from 2 to 16383";
  const auto rows = std::to_array<Refused>({
      {with_animation(R"("ScaleType": "fitt")"),
       kAnim +
           "ScaleType: \"fitt\" is not one of stretch, crop, fill, fit (did you mean \"fit\"?)"},
      {with_animation(R"("ScaleType": "letterbox")"),
       kAnim + "ScaleType: \"letterbox\" is not one of stretch, crop, fill, fit"},
      {with_animation(R"("ScaleType": 3)"),
       kAnim + "ScaleType: 3 is not one of stretch, crop, fill, fit"},
      {with_animation(R"("FrameRate": 0)"),
       kAnim + "FrameRate: 0 is not frames a second above 0, at most 240"},
      {with_animation(R"("FrameRate": 240.001)"), kAnim + "FrameRate: 240.001 is not …"},
      {with_animation(R"("FrameRate": -15)"), kAnim + "FrameRate: -15 is not …"},
      {with_animation(R"("FrameRate": "fast")"), kAnim + "FrameRate: \"fast\" is not …"},
      {with_animation(R"("FrameRate": "1/0")"), kAnim + "FrameRate: \"1/0\" is not …"},
      {with_animation(R"("FrameRate": "-1/2")"), kAnim + "FrameRate: \"-1/2\" is not …"},
      {with_animation(R"("FrameRate": [15])"), kAnim + "FrameRate: a list is not …"},
      {with_animation(R"("Interval": -1)"),
       kAnim + "Interval: -1 is not seconds from 0 to 1000000000"},
      {with_animation(R"("Interval": 1e300)"), kAnim + "Interval: 1e300 is not …"},
      {with_animation(R"("Interval": 1e-300)"), kAnim + "Interval: 1e-300 is not …"},
      {with_animation(R"("Interval": 123456789012345678901234567890)"),
       kAnim + "Interval: 123456789012345678901234567890 is not …"},
      {with_animation(R"("StartTime": -0.5)"), kAnim + "StartTime: -0.5 is not …"},
      {with_animation(R"("Number": -1)"),
       kAnim + "Number: -1 is not a whole number from 0 to 2147483647"},
      {with_animation(R"("Number": 2.5)"), kAnim + "Number: 2.5 is not …"},
      {with_animation(R"("Number": "5")"), kAnim + "Number: \"5\" is not …"},
      {with_animation(R"("Number": 2147483648)"), kAnim + "Number: 2147483648 is not …"},
      {with_animation(R"("Width": 0)"), kAnim + "Width: 0" + side},
      {with_animation(R"("Width": 1.5)"), kAnim + "Width: 1.5" + side},
      {with_animation(R"("Width": -2)"), kAnim + "Width: -2" + side},
      {with_animation(R"("Width": 16384)"), kAnim + "Width: 16384" + side},
      {with_animation(R"("Height": 100.25)"), kAnim + "Height: 100.25" + side},
      {with_animation(R"("Height": 65536)", "gif"), kAnim + "Height: 65536 is not …"},
      {with_animation(R"("Width": -1, "Height": -1)"),
       kAnim + "Height: -1 follows Width, which is -1 too; give one of the two or neither"},
      {with_animation(R"("LoopCount": -1)"),
       kAnim + "LoopCount: -1 is not a whole number of plays from 0 (for ever) to 65535"},
      {with_animation(R"("LoopCount": 65536)"), kAnim + "LoopCount: 65536 is not …"},
      {with_animation(R"("Quality": 101)"), kAnim + "Quality: 101 is not a number from 0 to 100"},
      {with_animation(R"("Quality": 0)", "gif"),
       kAnim + "Quality: 0 is not a whole number from 1 to 100 (Format gif)"},
      {with_animation(R"("Lossless": "yes")"), kAnim + "Lossless: \"yes\" is not true or false"},
      {with_animation(R"("Lossless": true)", "gif"),
       kAnim + "Lossless: true is given, but it is for Format webp alone; leave it out"},
      {with_animation(R"("Content": "video")"),
       kAnim + "Content: \"video\" is not one of auto, photo, screen"},
      {with_animation(R"("Content": "auto")", "gif"),
       kAnim + "Content: \"auto\" is given, but it is for Format webp alone; leave it out"},
      {with_animation(R"("Colors": 64)"),
       kAnim + "Colors: 64 is given, but it is for Format gif alone; leave it out"},
      {with_animation(R"("Dither": "none")"),
       kAnim + "Dither: \"none\" is given, but it is for Format gif alone; leave it out"},
      {with_animation(R"("Colors": 1)", "gif"),
       kAnim + "Colors: 1 is not a whole number from 2 to 256"},
      {with_animation(R"("Dither": "floyd_steinberg")", "gif"),
       kAnim +
           "Dither: \"floyd_steinberg\" is not one of auto, none, ordered, floyd-steinberg (did "
           "you mean \"floyd-steinberg\"?)"},
      {with_animation(R"("Background": "red")"),
       kAnim + "Background: \"red\" is not a colour #RRGGBB or #AARRGGBB (AA = FF is opaque)"},
      {with_animation(R"("Background": "#12345")"), kAnim + "Background: \"#12345\" is not …"},
      {with_animation(R"("Background": "#12345g")"), kAnim + "Background: \"#12345g\" is not …"},
      {with_animation(R"("Background": 255)"), kAnim + "Background: 255 is not a string"},
      {with_animation(R"("Interval": 1)", "WebP"),
       kAnim + "Format: \"WebP\" is not one of webp, gif (did you mean \"webp\"?)"},
      {with_source(R"("StartTime": -5)"), "/Sources/0/StartTime: -5 is not …"},
      {with_source(R"("Duration": "x")"), "/Sources/0/Duration: \"x\" is not …"},
  });
  for (const Refused& row : rows) check_refused(row);
}

TEST_CASE("what would make something else is refused with the reason") {
  const auto rows = std::to_array<Refused>({
      {with_target(R"("Container": "mp4")"),
       "/Targets/0/Container: \"mp4\" is given, but it makes a video file; an animation needs no "
       "Container and no URI here; leave it out",
       ErrorCode::Unsupported},
      {with_target(R"("URI": "oss://b/x.mp4")"),
       "/Targets/0/URI: \"oss://b/x.mp4\" is given, but …", ErrorCode::Unsupported},
      {task_of(kSource,
               R"({"Image": {"Snapshots": [{"Format": "png"}], "Animations": [{"Format": "gif",
                   "URI": "x"}]}})"),
       "/Targets/0/Image/Snapshots: a list is given, but single pictures are not supported; leave "
       "it out",
       ErrorCode::Unsupported},
      {task_of(kSource, R"({"Image": {"Sprites": [{}]}})"), "/Targets/0/Image/Sprites: a list …",
       ErrorCode::Unsupported},
      {with_task(R"("TargetGroups": [{}])"), "/TargetGroups: a list is given, but HLS …",
       ErrorCode::Unsupported},
      {with_source(R"("Attached": true)"), "/Sources/0/Attached: true is given, but …",
       ErrorCode::Unsupported},
      {with_source(R"("Attached": 1)"), "/Sources/0/Attached: 1 is not true or false"},
      {with_source(R"("Subtitles": [{"URI": "x"}])"),
       "/Sources/0/Subtitles: a list is given, but subtitles cannot be drawn into an animation; "
       "leave it out",
       ErrorCode::Unsupported},
      {with_source(R"("DisableVideo": true)"), "/Sources/0/DisableVideo: true is given, but …",
       ErrorCode::Unsupported},
      {with_target(R"("DisableVideo": true)"), "/Targets/0/DisableVideo: true is given, but …",
       ErrorCode::Unsupported},
      {with_animation(R"("TargetSize": 100000, "Lossless": true)"),
       kAnim + "TargetSize: a size is reached by losing quality, which Lossless forbids; leave one "
               "out"},
      {with_animation(R"("Lossy": 30)"),
       kAnim + "Lossy: 30 is given, but it is for Format gif alone; leave it out"},
      {with_task(R"("Notification": {"RocketMQ": {"TopicName": "t"}})"),
       "/Notification/RocketMQ: an object is given, but it is not supported; use MNS.TopicName",
       ErrorCode::Unsupported},
      {with_task(R"("Notification": {"ExtendedMessageURI": "oss://b/x.json"})"),
       "/Notification/ExtendedMessageURI: …", ErrorCode::Unsupported},
      {with_task(R"("NotifyTopicName": "t")"), "/NotifyTopicName: \"t\" is given, but …",
       ErrorCode::Unsupported},
  });
  for (const Refused& row : rows) check_refused(row);
}

TEST_CASE("several sources are read in their order") {
  const auto task =
      anim::parse_task(task_of(kSource + R"(, {"URI": "b.mp4", "StartTime": 2})", kTarget));
  REQUIRE(task);
  REQUIRE(task->sources.size() == 2);
  CHECK(task->sources[1].uri == "b.mp4");
  CHECK(task->sources[1].path == "/Sources/1");
  CHECK(task->sources[1].start_time == Rational(2));
}

TEST_CASE("modes of sampling and ways of playing") {
  const AnimationRequest plain = animation(R"("Number": 0)");
  CHECK(plain.mode == SamplingMode::Interval);
  CHECK(plain.speed == Rational(1));
  CHECK_FALSE(plain.reverse);
  CHECK_FALSE(plain.boomerang);
  CHECK_FALSE(plain.threshold);
  CHECK(animation(R"("Mode": "interval")").mode == SamplingMode::Interval);
  CHECK(animation(R"("Mode": "key")").mode == SamplingMode::Key);
  CHECK(animation(R"("Mode": "even", "Number": 5)").mode == SamplingMode::Even);
  CHECK(animation(R"("Mode": "scene", "Threshold": 0)").threshold == Rational(0));
  CHECK(animation(R"("Speed": 0.1)").speed == Rational(1, 10));
  CHECK(animation(R"("Speed": 100)").speed == Rational(100));
  CHECK(animation(R"("Reverse": true, "Boomerang": false)").reverse);
  CHECK(animation(R"("Boomerang": true)").boomerang);
}

TEST_CASE("modes and ways of playing that make no sense are refused") {
  const auto rows = std::to_array<Refused>({
      {with_animation(R"("Mode": "dhash")"),
       kAnim + "Mode: \"dhash\" is not one of interval, key, even, scene"},
      {with_animation(R"("Mode": 1)"), kAnim + "Mode: …"},
      {with_animation(R"("Mode": "even")"),
       kAnim + "Number: is missing; Mode even spreads that many frames, give at least 1"},
      {with_animation(R"("Mode": "even", "Number": 0)"), kAnim + "Number: is missing; …"},
      {with_animation(R"("Threshold": 10)"),
       kAnim + "Threshold: 10 is given, but it is for Mode scene alone; leave it out"},
      {with_animation(R"("Mode": "scene", "Threshold": 101)"),
       kAnim + "Threshold: 101 is not a number from 0 to 100"},
      {with_animation(R"("Mode": "scene", "Threshold": -1)"), kAnim + "Threshold: -1 …"},
      {with_animation(R"("Speed": 0)"), kAnim + "Speed: 0 is not a number from 0.1 to 100"},
      {with_animation(R"("Speed": 100.01)"), kAnim + "Speed: 100.01 is not …"},
      {with_animation(R"("Speed": -1)"), kAnim + "Speed: -1 is not …"},
      {with_animation(R"("Reverse": 1)"), kAnim + "Reverse: 1 is not true or false"},
      {with_animation(R"("Boomerang": "yes")"), kAnim + "Boomerang: …"},
  });
  for (const Refused& row : rows) check_refused(row);
}

TEST_CASE("unknown fields are refused with the allowed ones") {
  const auto rows = std::to_array<Refused>({
      {with_animation(R"("Intervall": 1)"),
       kAnim + "Intervall: is not one of the fields Format, URI, Interval, FrameRate, StartTime, "
               "Number, Width, Height, ScaleType, Mode, Threshold, Speed, Reverse, Boomerang, "
               "LoopCount, Quality, Lossless, TargetSize, Content, Colors, Dither, Lossy, "
               "Background (did you mean "
               "\"Interval\"?)"},
      {with_animation(R"("framerate": 1)"), kAnim + "framerate: is not one of the fields …"},
      {with_animation(R"("Anything": null)"), kAnim + "Anything: is not one of the fields …"},
      {with_source(R"("Url": "x")"),
       "/Sources/0/Url: is not one of the fields URI, StartTime, Duration (did you mean \"URI\"?)"},
      {with_target(R"("Images": {})"),
       "/Targets/0/Images: is not one of the fields Image (did you mean \"Image\"?)"},
      {with_task(R"("Source": [])"), "/Source: is not one of the fields …"},
      {with_task(R"("Notification": {"SQS": {}})"),
       "/Notification/SQS: is not one of the fields MNS…"},
      {with_task(R"("Notification": {"MNS": {"Topic": "t"}})"),
       "/Notification/MNS/Topic: is not one of the fields TopicName"},
      {with_task(R"("a/b~\n": 1)"), "/a~1b~0\\x0a: is not one of the fields …"},
  });
  for (const Refused& row : rows) check_refused(row);
}

TEST_CASE("what is missing or of a wrong type is refused") {
  const std::string no_name = R"({"Sources": [)" + kSource + R"(], "Targets": [)" + kTarget + "]}";
  const auto rows = std::to_array<Refused>({
      {"[]", "the task: a list is not an object with ProjectName, Sources, Targets, …"},
      {"\"x\"", "the task: \"x\" is not an object with …"},
      {"{}", "/ProjectName: is missing; give the project's name"},
      {no_name, "/ProjectName: is missing; give the project's name"},
      {R"({"ProjectName": 5})", "/ProjectName: 5 is not a string"},
      {R"({"ProjectName": "p"})", "/Sources: is missing; give a list of 1 to 11 sources"},
      {R"({"ProjectName": "p", "Sources": {}})", "/Sources: an object is not a list"},
      {task_of("", kTarget), "/Sources: is missing; …"},
      {task_of("null", kTarget), "/Sources/0: null is not an object with URI, …"},
      {task_of("{}", kTarget),
       "/Sources/0/URI: is missing; give oss://bucket/key, s3://bucket/key, a path, file://, "
       "http(s):// or -"},
      {task_of(R"({"URI": ["x"]})", kTarget), "/Sources/0/URI: a list is not a string"},
      {task_of(kSource, ""), "/Targets: is missing; …"},
      {task_of(kSource, "{}"),
       "/Targets/0/Image/Animations: is missing; give a list of animations"},
      {task_of(kSource, R"({"Image": []})"), "/Targets/0/Image/Animations: is missing; …"},
      {task_of(kSource, R"({"Image": 7})"), "/Targets/0/Image: 7 is not an object with Animations"},
      {task_of(kSource, kTarget + ", {}"), "/Targets/1/Image/Animations: is missing; …"},
      {task_of(kSource, R"({"Image": {"Animations": {"Format": "gif"}}})"),
       "/Targets/0/Image/Animations: an object is not a list"},
      {task_of(kSource, R"({"Image": {"Animations": [{"URI": "x"}]}})"),
       kAnim + "Format: is missing; give webp or gif"},
      {task_of(kSource, R"({"Image": {"Animations": [{"Format": "gif"}]}})"),
       kAnim + "URI: is missing; give oss://bucket/key, s3://bucket/key, a path or file://"},
      {with_task(R"("Notification": "t")"),
       "/Notification: \"t\" is not an object with MNS, Webhook"},
      {with_task(R"("Notification": {"MNS": {}})"),
       "/Notification/MNS/TopicName: is missing; give the topic's name"},
      {with_task(R"("Tags": ["a"])"), "/Tags: a list is not an object of strings"},
      {with_task(R"("Tags": {"a/b": 1})"), "/Tags/a~1b: 1 is not a string"},
      {with_task(R"("UserData": 5)"), "/UserData: 5 is not a string"},
      {with_task(R"("AlignmentIndex": 1)"),
       "/AlignmentIndex: 1 is not the index of a source; the last is 0"},
      {with_task(R"("AlignmentIndex": -1)"), "/AlignmentIndex: -1 is not …"},
  });
  for (const Refused& row : rows) check_refused(row);
}

TEST_CASE("hostile places are refused before any work") {
  const auto out = [](const std::string& uri) {
    return task_of(kSource,
                   R"({"Image": {"Animations": [{"Format": "gif", "URI": ")" + uri + "\"}]}}");
  };
  const auto in = [](const std::string& uri) {
    return task_of("{\"URI\": \"" + uri + "\"}", kTarget);
  };
  const auto topic = [](const std::string& name) {
    return with_task(R"("Notification": {"MNS": {"TopicName": ")" + name + "\"}}");
  };
  const auto rows = std::to_array<Refused>({
      {in("oss://b/../../etc/passwd"), "/Sources/0/URI: \"oss://b/../../etc/passwd\" has …"},
      {in("oss://../x"), "/Sources/0/URI: \"oss://../x\" has a bucket …"},
      {in("gs://b/x"), "/Sources/0/URI: \"gs://b/x\": gs:// is not supported; use oss://…",
       ErrorCode::Unsupported},
      {in("oss://b/a\\u0000b"), "/Sources/0/URI: \"oss://b/a\\x00b\" has control characters in it"},
      {out("oss://b/../x.gif"), kAnim + "URI: \"oss://b/../x.gif\" has …"},
      {out("http://h/x.gif"), kAnim + "URI: \"http://h/x.gif\" is on the web, …",
       ErrorCode::Unsupported},
      {out("out/"), kAnim + "URI: \"out/\" is a folder; write the file's name too"},
      {out("oss://b/{resolution}.gif"),
       kAnim + "URI: \"oss://b/{resolution}.gif\": {resolution} is for transcoded videos, an "
               "animation has none"},
      {out("oss://b/{tags.x}.gif"), kAnim +
                                        "URI: \"oss://b/{tags.x}.gif\": \"{tags.x}\" needs a tag "
                                        "of that name, and Tags is empty"},
      {topic("../x"), "/Notification/MNS/TopicName: \"../x\" is not a name of …"},
      {topic("a/b"), "/Notification/MNS/TopicName: \"a/b\" is not a name of …"},
      {with_task(R"("Notification": {"Webhook": {"URL": "ftp://h/x"}})"),
       "/Notification/Webhook/URL: \"ftp://h/x\" is no http:// or https:// URL"},
      {with_task(R"("Notification": {"Webhook": {"URL": "/x"}})"),
       "/Notification/Webhook/URL: \"/x\" is no http:// or https:// URL"},
      {with_task(R"("Notification": {"Webhook": {"Url": "http://h"}})"),
       "/Notification/Webhook/Url: is not …"},
  });
  for (const Refused& row : rows) check_refused(row);
}

TEST_CASE("sizes and counts are bounded") {
  std::string sources = kSource;
  for (int i = 1; i < 12; ++i) sources += ", " + kSource;
  check_refused(
      {task_of(sources, kTarget), "/Sources: 12 sources are given, at most 11 are allowed"});
  check_refused({with_task("\"UserData\": \"" + std::string(2049, 'u') + "\""),
                 "/UserData: is 2049 bytes long, at most 2048 are allowed"});
  std::string animations = R"({"Format": "gif", "URI": "oss://b/{index}"})";
  const std::string one = animations;
  for (int i = 1; i < 250; ++i) animations += ", " + one;
  CHECK(refusal(task_of(kSource, R"({"Image": {"Animations": [)" + animations + "]}}")) ==
        "accepted");
  check_refused(
      {task_of(kSource, R"({"Image": {"Animations": [)" + animations + ", " + one + "]}}"),
       "/Targets/0/Image/Animations: the task has more than 250 animations",
       ErrorCode::LimitExceeded});
  check_refused({std::string((16U << 20) + 1, ' '), "the task is 16777217 bytes long, at most …",
                 ErrorCode::LimitExceeded});
  check_refused({std::string(1'000'000, '['), "the task is nested more than 32 levels deep",
                 ErrorCode::LimitExceeded});
  std::string many = "[0";
  for (int i = 0; i < 100'000; ++i) many += ",0";
  check_refused({many + "]", "the task holds more than 100000 values", ErrorCode::LimitExceeded});
}

TEST_CASE("what is written is read as the same task") {
  const std::string text =
      task_of(R"({"URI": "in put.mov", "StartTime": 0.5, "Duration": "100/3"})",
              R"({"Image": {"Animations": [
          {"Format": "webp", "URI": "oss://b/{index}", "Interval": "1/12", "FrameRate": 29.97,
           "StartTime": 2, "Number": 7, "Width": 0.3, "Height": -1, "ScaleType": "fill",
           "Mode": "scene", "Threshold": 12.5, "Speed": "4/3", "Reverse": true, "Boomerang": true,
           "LoopCount": 2, "Quality": 62.5, "Lossless": true, "Background": "#0000FF"},
          {"Format": "gif", "URI": "x\"y", "Width": 320, "Colors": 16, "Dither": "ordered"}]}})",
              R"("UserData": "é", "Tags": {"k": "v"}, "Notification": {"MNS": {"TopicName": "t"},
          "Webhook": {"URL": "https://h/x?y=z"}})");
  const auto task = anim::parse_task(text);
  REQUIRE(task.ok());
  const std::string written = anim::to_json(task.value());
  const auto again = anim::parse_task(written);
  INFO(written, again.ok() ? "" : again.error().message);
  REQUIRE(again.ok());
  CHECK(anim::to_json(again.value()) == written);
  const AnimationRequest& first = again.value().animations.at(0);
  CHECK(again.value().sources.at(0).duration == Rational(100, 3));
  CHECK(first.interval == Rational(1, 12));
  CHECK(first.frame_rate == Rational(2997, 100));
  CHECK(first.width.value == Rational(3, 10));
  CHECK(first.height.kind == Side::Kind::Follow);
  CHECK(first.background == 0xFF0000FF);
  CHECK(first.mode == SamplingMode::Scene);
  CHECK(first.threshold == Rational(25, 2));
  CHECK(first.speed == Rational(4, 3));
  CHECK(first.reverse);
  CHECK(first.boomerang);
  CHECK(again.value().animations.at(1).uri == "x\"y");
  CHECK(again.value().user_data == "é");
  CHECK(again.value().topic == "t");
  CHECK(again.value().webhook == "https://h/x?y=z");
}
