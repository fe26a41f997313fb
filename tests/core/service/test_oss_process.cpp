// SPDX-License-Identifier: LGPL-2.1-or-later
#include <nlohmann/json.hpp>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/service/oss_process.h"
#include "gst/core/task_json.h"

using namespace anim;
using namespace anim::service;
using Json = nlohmann::json;

namespace {

const ObjectName kSource = {"b", "v/a \"1\".mp4"};

std::string refusal(const std::string& process) {
  const auto task = process_definition(process, kSource, "p");
  return task ? std::string() : task.error().message;
}

}  // namespace

// Base64: YnVja2V0 = bucket, aW1nL3thdXRvZXh0fQ = img/{autoext}, dG9waWM = topic.
TEST_CASE("the store's call becomes a task") {
  const auto text = process_definition(
      "video/animation,f_gif,w_100,h_120,inter_1250,ss_5000,num_7,fps_12.5,scaletype_fit"
      "|sys/saveas,b_YnVja2V0,o_aW1nL3thdXRvZXh0fQ/notify,topic_dG9waWM",
      kSource, "p");
  REQUIRE(text);
  const auto task = parse_task(*text);
  REQUIRE(task);
  CHECK(task->project_name == "p");
  CHECK(task->sources[0].uri == "oss://b/v/a \"1\".mp4");
  CHECK(task->topic == "topic");
  const AnimationRequest& look = task->animations[0];
  CHECK(look.format == AnimationFormat::Gif);
  CHECK(look.uri == "oss://bucket/img/{autoext}");
  CHECK(look.width.value == Rational(100));
  CHECK(look.height.value == Rational(120));
  CHECK(look.interval == Rational(5, 4));
  CHECK(look.start_time == Rational(5));
  CHECK(look.number == 7);
  CHECK(look.frame_rate == Rational(25, 2));
  CHECK(look.scale_type == ScaleType::Fit);
}

TEST_CASE("what may be left out") {
  const auto text = process_definition("video/animation,f_webp|sys/saveas,o_YQ==", kSource, "p");
  REQUIRE(text);
  const Json task = Json::parse(*text);
  CHECK(task.at("Targets")[0].at("Image").at("Animations")[0] ==
        Json{{"Format", "webp"}, {"URI", "oss://b/a"}});
  CHECK_FALSE(task.contains("Notification"));
}

TEST_CASE("refusals name what is wrong") {
  const auto contains = [](const std::string& text, const char* part) {
    CAPTURE(text);
    CHECK(text.find(part) != std::string::npos);
  };
  contains(refusal(""), "there is no |sys/saveas");
  contains(refusal("video/animation,f_gif"), "there is no |sys/saveas");
  contains(refusal("video/snapshot,f_jpg|sys/saveas,o_YQ"), "is not video/animation");
  contains(refusal("video/animation|sys/saveas,o_YQ"), "f is missing");
  contains(refusal("video/animationx,f_gif|sys/saveas,o_YQ"), "where a comma should be");
  contains(refusal("video/animation,f_gif,fsp_5|sys/saveas,o_YQ"), "did you mean \"fps\"?");
  contains(refusal("video/animation,f_gif,f_gif|sys/saveas,o_YQ"), "\"f\" is given twice");
  contains(refusal("video/animation,f_gif,w_31|sys/saveas,o_YQ"),
           "w_\"31\" is no whole number from 32 to 4096");
  contains(refusal("video/animation,f_gif,ss_-1|sys/saveas,o_YQ"), "ss_\"-1\"");
  contains(refusal("video/animation,f_gif,num_|sys/saveas,o_YQ"), "\"num_\" has no value");
  for (const char* fps : {"1e3", "x", "-1", ".5", "5.", "05", "inf", "nan", "1}"}) {
    contains(refusal(std::string("video/animation,f_gif,fps_") + fps + "|sys/saveas,o_YQ"), "fps_");
  }
  contains(refusal("video/animation,f_gif|sys/saveas,b_YQ"), "has no o_");
  for (const char* key : {"Y", "Y+", "YR", "gA", "A/x"}) {
    contains(refusal(std::string("video/animation,f_gif|sys/saveas,o_") + key), "o_");
  }
  contains(refusal("video/animation,f_gif|sys/saveas,o_YQ/notify"), "notify has no topic_");
  contains(refusal("video/animation,f_gif|sys/saveas,o_YQ/notify,topic_!"), "URL-safe Base64");
}

TEST_CASE("instructions are in the query or in the body") {
  const auto read = [](const std::string& query, const std::string& body) {
    const auto process = process_in({"POST", "/b/k?" + query, {}}, body);
    return process ? *process : "refused";
  };
  CHECK(read("x-oss-async-process", "x-oss-async-process=video/a,f_g|sys") == "video/a,f_g|sys");
  CHECK(read("x-oss-async-process", "x-oss-async-process=video%2Fa") == "video/a");
  CHECK(read("x-oss-async-process=video%2Fa%7Cb", "") == "video/a|b");
  CHECK(read("x-oss-async-process=a", "x-oss-async-process=b") == "refused");
  CHECK(read("x-oss-async-process", "") == "refused");
  CHECK(read("x-oss-async-process", "x-oss-async-process=") == "refused");
  CHECK(read("x-oss-async-process", "x-oss-async-process=%f") == "refused");
  CHECK(read("x-oss-async-process", "{}") == "refused");
}

TEST_CASE("a rate has a bound, and no bucket is a template") {
  const auto is_taken = [](const std::string& process, const std::string& bucket) {
    return process_definition(process, {bucket, "a.mp4"}, "p").ok();
  };
  CHECK(is_taken("video/animation,f_gif,fps_240|sys/saveas,o_YQ", "b"));
  CHECK_FALSE(is_taken("video/animation,f_gif,fps_240.5|sys/saveas,o_YQ", "b"));
  CHECK_FALSE(is_taken("video/animation,f_gif|sys/saveas,o_YQ", "{year}"));
  CHECK(is_taken("video/animation,f_gif|sys/saveas,o_YQ,b_Yg", "{year}"));
}
