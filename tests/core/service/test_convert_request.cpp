// SPDX-License-Identifier: LGPL-2.1-or-later
#include <nlohmann/json.hpp>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/service/convert_request.h"
#include "gst/core/store/signature.h"

using namespace anim;
using namespace anim::service;
using Json = nlohmann::json;

namespace {

const char* const kSources = R"([{"URI":"oss://b/v/a.mov","StartTime":5}])";
const char* const kTargets =
    R"([{"Image":{"Animations":[{"Format":"webp","Interval":0.250,)"
    R"("URI":"oss://b/{{x}}/{t_year}-{t_mon}-{t_sec}/{index}.{autoext}"}]}}])";

std::string query(const Fields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    out += "&" + percent_encoded(name) + "=" + percent_encoded(value);
  }
  return out;
}

Parameters parameters(const Fields& fields) {
  return {HttpHead{.method = "POST", .target = "/?" + query(fields), .headers = {}}, ""};
}

TaskLimits buckets_alone() {
  TaskLimits limits;
  limits.schemes = {"oss"};
  return limits;
}

}  // namespace

TEST_CASE("parameters become a task") {
  Parameters given = parameters({{"ProjectName", "a\"b"},
                                 {"Sources", kSources},
                                 {"Targets", kTargets},
                                 {"Notification", R"({"MNS":{"TopicName":"t"}})"},
                                 {"Tags", R"({"k":"v"})"},
                                 {"UserData", "u\n"},
                                 {"AlignmentIndex", "0"}});
  const auto request = convert_request(definition_in(given), buckets_alone());
  CAPTURE((request ? std::string() : request.error().message));
  REQUIRE(request);
  CHECK(request->task.project_name == "a\"b");
  CHECK(request->task.user_data == "u\n");
  CHECK(request->task.topic == "t");
  CHECK(request->task.tags.at("k") == "v");
  CHECK(request->task.sources[0].start_time == Rational(5));
  CHECK(Json::parse(request->definition).at("Sources")[0].at("URI") == "oss://b/v/a.mov");
}

TEST_CASE("a parameter is one JSON value and nothing more") {
  Parameters given = parameters(
      {{"ProjectName", "p"}, {"Sources", R"([],"UserData":"x")"}, {"Targets", kTargets}});
  CHECK(definition_in(given).empty());
  REQUIRE(given.error());
  CHECK(given.error()->message.starts_with("The parameter Sources is to be JSON, but "));
}

TEST_CASE("unknown and missing parameters") {
  Parameters unknown = parameters({{"ProjectName", "p"}, {"Source", "[]"}});
  CHECK(definition_in(unknown).empty());
  CHECK(unknown.error()->message.find("did you mean \"Sources\"?") != std::string::npos);
  Parameters missing = parameters({{"Sources", kSources}});
  CHECK(definition_in(missing).empty());
  CHECK(missing.error()->message == "The parameter ProjectName is required but not provided.");
}

TEST_CASE("a task that leads out of the buckets is refused") {
  const auto refused = [](const std::string& source, const std::string& output,
                          const std::string& rest = "") {
    const auto request =
        convert_request(R"({"ProjectName":"p","Sources":[{"URI":")" + source +
                            R"("}],"Targets":[{"Image":{"Animations":[{"Format":"gif","URI":")" +
                            output + "\"}]}}]" + rest + "}",
                        buckets_alone());
    return request ? std::string() : request.error().message;
  };
  CHECK(refused("oss://b/a.mp4", "oss://b/a.gif").empty());
  CHECK(refused("/etc/passwd", "oss://b/a.gif").starts_with("/Sources/0/URI"));
  CHECK(refused("http://127.0.0.1/a", "oss://b/a.gif").starts_with("/Sources/0/URI"));
  CHECK(refused("oss://b/a.mp4", "/tmp/a.gif").starts_with("/Targets/0/Image/Animations/0/URI"));
  CHECK(refused("oss://b/../a.mp4", "oss://b/a.gif").starts_with("/Sources/0/URI"));
  CHECK(refused("oss://b/a.mp4", "oss://b/a.gif",
                R"(,"Notification":{"Webhook":{"URL":"http://127.0.0.1/"}})")
            .starts_with("/Notification/Webhook/URL"));
}

TEST_CASE("a worker is told neither whom to tell nor the time") {
  Parameters given = parameters({{"ProjectName", "p"},
                                 {"Sources", kSources},
                                 {"Targets", kTargets},
                                 {"Notification", R"({"MNS":{"TopicName":"t"}})"}});
  const auto text = worker_task(definition_in(given), Moment(1724137387999));
  REQUIRE(text);
  const Json task = Json::parse(*text);
  CHECK_FALSE(task.contains("Notification"));
  CHECK(task.at("Targets")[0].at("Image").at("Animations")[0].at("URI") ==
        "oss://b/{{x}}/2024-08-07/{index}.{autoext}");
  CHECK(text->find("0.250") != std::string::npos);  // exact as it was written
  CHECK(convert_request(*text, buckets_alone()));
}
