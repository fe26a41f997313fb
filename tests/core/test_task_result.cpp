// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/task_result.h"

using anim::TaskCode;
using anim::TaskResult;
using Json = nlohmann::json;

namespace {

anim::Task task() {
  anim::Task out;
  out.project_name = "test-project";
  out.sources.push_back({.path = "/Sources/0", .uri = "oss://b/in.mov", .duration = {}});
  out.targets = 2;
  for (const char* path : {"/Targets/0/Image/Animations/0", "/Targets/1/Image/Animations/0"}) {
    anim::AnimationRequest request;
    request.path = path;
    out.animations.push_back(request);
  }
  out.user_data = "say \"hi\"";
  return out;
}

TaskResult result() {
  TaskResult out;
  out.task_id = "MediaConvert-db7faf5a";
  out.start_time = anim::Moment(1724137387360);
  out.end_time = anim::Moment(1724137388057);
  out.user_data = "say \"hi\"";
  out.ignored = {"/Targets/0/Video"};
  out.warnings = {"w"};
  out.decoded_frames = 750;
  out.skipped_units = 2250;
  out.bytes_read = 123'456;
  out.outputs = {
      {.uri = "oss://b/1.webp",
       .size = {426, 240},
       .frame_count = 25,
       .stored_frames = 24,
       .duration = anim::Nanoseconds(1'667'000'000),
       .loop_count = 0,
       .bytes = 123456,
       .md5 = "d41d8cd98f00b204e9800998ecf8427e"},
      {.uri = "oss://b/2.gif", .format = anim::AnimationFormat::Gif, .size = {}, .md5 = ""}};
  return out;
}

}  // namespace

TEST_CASE("moments are written in UTC with milliseconds") {
  CHECK(anim::iso_time(anim::Moment(0)) == "1970-01-01T00:00:00.000Z");
  CHECK(anim::iso_time(anim::Moment(1724137387360)) == "2024-08-20T07:03:07.360Z");
  CHECK(anim::iso_time(anim::Moment(951827696999)) == "2000-02-29T12:34:56.999Z");
  CHECK(anim::iso_time(anim::Moment(-1)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("every code has a name, a cause, and each error counts as one") {
  std::set<std::string_view> names;
  for (const anim::TaskCodeRow& row : anim::task_codes()) {
    CHECK(names.insert(row.name).second);
    CHECK(row.cause.ends_with("."));
    CHECK(anim::to_string(row.code) == row.name);
  }
  CHECK(anim::to_string(TaskCode::None).empty());
  CHECK(anim::task_code(anim::ErrorCode::OutOfRange) == TaskCode::StartTimeOutOfRange);
  for (int i = 0; i <= static_cast<int>(anim::ErrorCode::Internal); ++i) {
    CHECK(names.contains(anim::to_string(anim::task_code(static_cast<anim::ErrorCode>(i)))));
  }
}

TEST_CASE("the documents list every code with its cause") {
  const char* examples = std::getenv("ANIM_EXAMPLES");
  REQUIRE(examples != nullptr);
  std::ifstream file(std::string(examples) + "/../docs/task.md");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  for (const anim::TaskCodeRow& row : anim::task_codes()) {
    const std::string line =
        "| `" + std::string(row.name) + "` | " + std::string(row.cause) + " |\n";
    CHECK(text.find(line) != std::string::npos);
  }
}

TEST_CASE("the result names what was made") {
  const Json json = Json::parse(anim::result_json(result()));
  CHECK(json["TaskId"] == "MediaConvert-db7faf5a");
  CHECK(json["Status"] == "Succeeded");
  CHECK(json["Code"] == "");
  CHECK(json["Message"] == "");
  CHECK(json["StartTime"] == "2024-08-20T07:03:07.360Z");
  CHECK(json["EndTime"] == "2024-08-20T07:03:08.057Z");
  CHECK(json["UserData"] == "say \"hi\"");
  CHECK(json["Ignored"] == Json({"/Targets/0/Video"}));
  CHECK(json["Warnings"] == Json({"w"}));
  CHECK(json["DecodedFrames"] == 750);
  CHECK(json["SkippedUnits"] == 2250);
  CHECK(json["BytesRead"] == 123'456);
  CHECK(json["Published"].empty());
  REQUIRE(json["Outputs"].size() == 2);
  CHECK(json["Outputs"][0] == Json({{"URI", "oss://b/1.webp"},
                                    {"Format", "webp"},
                                    {"Width", 426},
                                    {"Height", 240},
                                    {"FrameCount", 25},
                                    {"StoredFrames", 24},
                                    {"Duration", 1.667},
                                    {"LoopCount", 0},
                                    {"Size", 123456},
                                    {"MD5", "d41d8cd98f00b204e9800998ecf8427e"}}));
  CHECK(json["Outputs"][1]["Format"] == "gif");
}

TEST_CASE("a failed result has a code, a message, and what is in its place already") {
  TaskResult failed = result();
  failed.code = TaskCode::DiskFull;
  failed.message = "no space left in \xff/out";
  failed.outputs.clear();
  failed.published = {"oss://b/1.webp"};
  const Json json = Json::parse(anim::result_json(failed));
  CHECK(json["Status"] == "Failed");
  CHECK(json["Code"] == "DiskFull");
  CHECK(json["Message"] == "no space left in \xef\xbf\xbd/out");
  CHECK(json["Outputs"].empty());
  CHECK(json["Published"] == Json({"oss://b/1.webp"}));
}

TEST_CASE("a result tells how its message went its way") {
  TaskResult told = result();
  told.deliveries = {
      {.channel = "MNS", .target = "t", .is_delivered = true, .attempts = 2, .message = {}},
      {.channel = "Webhook", .target = "http://h/x", .attempts = 3, .message = "no"}};
  const Json json = Json::parse(anim::result_json(told));
  CHECK(json["Status"] == "Succeeded");
  CHECK(json["Deliveries"] == Json::array({{{"Channel", "MNS"},
                                            {"Target", "t"},
                                            {"Status", "Delivered"},
                                            {"Attempts", 2},
                                            {"Message", ""}},
                                           {{"Channel", "Webhook"},
                                            {"Target", "http://h/x"},
                                            {"Status", "Failed"},
                                            {"Attempts", 3},
                                            {"Message", "no"}}}));
}

TEST_CASE("the message is an envelope with the content in a string") {
  const Json json =
      Json::parse(anim::message_json(task(), result(), {.event_id = "E-1", .request_id = "R-1"}));
  CHECK(json["id"] == "E-1");
  CHECK(json["source"] == "acs.imm");
  CHECK(json["type"] == "imm:Task:MediaConvert");
  CHECK(json["subject"] == "acs:imm:local:0:test-project/imm:Task:MediaConvert");
  CHECK(json["time"] == "1724137388057");
  REQUIRE(json["content"].is_string());
  const Json content = Json::parse(json["content"].get<std::string>());
  CHECK(content["ProjectName"] == "test-project");
  CHECK(content["RequestId"] == "R-1");
  CHECK(content["TaskType"] == "MediaConvert");
  CHECK(content["Status"] == "Succeeded");
  CHECK(content["UserData"] == "say \"hi\"");
  CHECK(content["Sources"] ==
        Json::array({{{"URI", "oss://b/in.mov"}, {"SubtitleSources", nullptr}}}));
  REQUIRE(content["Targets"].size() == 2);
  CHECK(content["Targets"][0] == Json::parse(R"({"URI": "", "Subtitle": {"Extract": {"URI": ""}},
                        "Image": {"Sprites": null, "Snapshots": null,
                                  "Animations": [{"URI": "oss://b/1.webp"}]}})"));
  CHECK(content["Targets"][1]["Image"]["Animations"] == Json::array({{{"URI", "oss://b/2.gif"}}}));
}

TEST_CASE("a failed task sends its message too") {
  TaskResult failed = result();
  failed.code = TaskCode::NoVideoStream;
  failed.message = "no video";
  failed.outputs.clear();
  const Json json = Json::parse(anim::message_json(task(), failed, {}));
  const Json content = Json::parse(json["content"].get<std::string>());
  CHECK(content["Status"] == "Failed");
  CHECK(content["Code"] == "NoVideoStream");
  CHECK(content["Message"] == "no video");
  CHECK(content["Targets"][0]["Image"]["Animations"].is_null());
}
