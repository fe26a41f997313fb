// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/uri_template.h"

using anim::AnimationFormat;
using anim::AnimationRequest;
using anim::Task;
using anim::TemplateValues;

namespace {

const std::map<std::string, std::string> kTags = {{"user", "ann"}, {"up", "../../etc"}};

TemplateValues values_of(const char* source) {
  return {.source = anim::source_place(source).value(),
          .stream_index = 2,
          .created = {2024, 8, 20, 7, 3, 8},
          .source_modified = anim::UtcTime{2023, 12, 1, 23, 59, 1}};
}

std::string expanded(const char* text, const char* source = "oss://bkt/dir/sub/clip.v1.mov") {
  const auto out = anim::expand_template(text, values_of(source), kTags, AnimationFormat::Gif, 7);
  return out ? out.value() : "refused: " + out.error().message;
}

Task task_with(const std::vector<const char*>& uris) {
  Task task;
  task.sources.push_back({.path = "/Sources/0", .uri = "oss://bkt/clip.mov", .duration = {}});
  for (const char* uri : uris) {
    AnimationRequest request;
    request.path = "/Targets/0/Image/Animations/" + std::to_string(task.animations.size());
    request.uri = uri;
    task.animations.push_back(request);
  }
  task.tags = kTags;
  return task;
}

}  // namespace

TEST_CASE("every variable has its value") {
  struct Row {
    const char* text;
    const char* value;
  };
  const auto rows = std::to_array<Row>({
      {"animation.{autoext}", "animation.gif"},
      {"{bucket}|{key}", "bkt|dir/sub/clip.v1.mov"},
      {"{dirname}|{basename}|{barename}|{ext}", "dir/sub|clip.v1.mov|clip.v1|mov"},
      {"{dirname}/x", "dir/sub/x"},
      {"{streamindex}-{index}", "2-7"},
      {"{year}{mon}{day}{hour}{min}{sec}", "20231201235901"},
      {"{t_year}{t_mon}{t_day}-{t_hour}{t_min}{t_sec}", "20240820-070308"},
      {"{tags.user}", "ann"},
      {"{{key}} {{{index}}}", "{key} {7}"},
      {"}}{{", "}{"},
      {"", ""},
  });
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(expanded(row.text) == row.value);
    CHECK(anim::check_template(row.text, kTags).ok());
  }
}

TEST_CASE("a source without folder, bucket or extension is no trap") {
  CHECK(expanded("oss://b/{dirname}/{barename}.gif", "oss://bkt/clip.mov") == "oss://b/clip.gif");
  CHECK(expanded("{dirname}/{barename}.gif", "clip.mov") == "clip.gif");
  CHECK(expanded("{dirname}/{barename}.gif", "/clip.mov") == "/clip.gif");
  CHECK(expanded("{dirname}/{barename}.gif", "/v/.hidden") == "/v/.hidden.gif");
  CHECK(expanded("{bucket}", "/v/clip.mov").find("is in no bucket") != std::string::npos);
  CHECK(expanded("{ext}", "/v/clip").find("has no extension") != std::string::npos);
  for (const char* name : {"{key}", "{dirname}", "{basename}", "{barename}", "{ext}", "{bucket}"}) {
    CHECK(expanded(name, "-").find("is standard input, which has no name") != std::string::npos);
  }
}

TEST_CASE("a malformed or unknown variable is refused with the reason") {
  struct Row {
    const char* text;
    const char* why;
  };
  const auto rows = std::to_array<Row>({
      {"a{", "'{' stands alone; write {{"},
      {"a}b", "'}' stands alone; write }}"},
      {"{index", "'{' stands alone"},
      {"{}", "is not one of autoext, bucket"},
      {"{indx}", "(did you mean \"index\"?)"},
      {"{resolution}", "{resolution} is for transcoded videos"},
      {"{index:03d}", "a name alone is allowed"},
      {"{tags.usr}", "needs a tag of that name (did you mean \"user\"?)"},
      {"{a\nb}", "\\x0a"},
  });
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto checked = anim::check_template(row.text, kTags);
    REQUIRE_FALSE(checked.ok());
    CAPTURE(checked.error().message);
    CHECK(checked.error().message.find(row.why) != std::string::npos);
    CHECK(expanded(row.text).starts_with("refused: "));
  }
}

TEST_CASE("the time of an unknown change is refused, not invented") {
  TemplateValues values = values_of("oss://bkt/clip.mov");
  values.source_modified.reset();
  const auto out = anim::expand_template("{year}", values, kTags, AnimationFormat::Webp, 1);
  REQUIRE_FALSE(out.ok());
  CHECK(out.error().message.find("use {t_year}") != std::string::npos);
}

TEST_CASE("each animation has a place of its own") {
  const TemplateValues values = values_of("oss://bkt/clip.mov");
  const auto targets =
      anim::output_targets(task_with({"oss://b/{index}.webp", "oss://b/{index}.webp"}), values);
  REQUIRE(targets.ok());
  CHECK(targets.value()[1].place.key == "2.webp");

  struct Row {
    const char* label;
    const char* first;
    const char* second;
    const char* message;
  };
  const auto rows = std::to_array<Row>({
      {"same key", "oss://b/x.webp", "oss://b/x.webp",
       "/Targets/0/Image/Animations/1/URI: \"oss://b/x.webp\" is also the place of "
       "/Targets/0/Image/Animations/0; each animation needs its own, as with {index}"},
      {"same path", "out/x.webp", "./out//x.webp", "is also the place of"},
      {"file:// and path", "/o/x.webp", "file:///o/x.webp", "is also the place of"},
      {"the source", "oss://b/x.webp", "oss://bkt/clip.mov", "is also the place of /Sources/0"},
      {"a tag that climbs", "oss://b/x.webp", "oss://b/{tags.up}/x", "\"..\" as a part of its key"},
  });
  for (const Row& row : rows) {
    CAPTURE(row.label);
    const auto refused = anim::output_targets(task_with({row.first, row.second}), values);
    REQUIRE_FALSE(refused.ok());
    CAPTURE(refused.error().message);
    CHECK(refused.error().message.find(row.message) != std::string::npos);
    CHECK(refused.error().message.starts_with("/Targets/0/Image/Animations/1/URI: "));
  }
}

TEST_CASE("an extension of another format is written with a warning, none without") {
  const TemplateValues values = values_of("oss://bkt/clip.mov");
  const auto warnings = [&values](const char* uri) {
    return anim::output_targets(task_with({uri}), values).value()[0].warnings;
  };
  REQUIRE(warnings("oss://b/x.GIF").size() == 1);
  CHECK(warnings("oss://b/x.GIF")[0] ==
        "/Targets/0/Image/Animations/0/URI: \"oss://b/x.GIF\" ends in .gif, but Format is webp; it "
        "is written as webp");
  CHECK(warnings("oss://b/x").empty());
  CHECK(warnings("oss://b/v1.2-final").empty());
  CHECK(warnings("oss://b/x.WebP").empty());
}

TEST_CASE("the task's time alone is filled in beforehand") {
  const anim::UtcTime time = {2024, 8, 20, 7, 3, 8};
  CHECK(anim::with_creation_time("oss://b/{{a}}/{t_year}{t_mon}{t_day}/{year}-{tags.x}-{index}",
                                 time) == "oss://b/{{a}}/20240820/{year}-{tags.x}-{index}");
  CHECK(anim::with_creation_time("{t_hour}:{t_min}:{t_sec}", time) == "07:03:08");
  CHECK(anim::with_creation_time("plain", time) == "plain");
  CHECK(anim::with_creation_time("{t_year", time) == "{t_year");
}
