// SPDX-License-Identifier: LGPL-2.1-or-later
// Every row of task_table.txt: a whole task's JSON, and what is read of it or how it is refused.
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/task_json.h"
#include "gst/core/task_result.h"
#include "gst/core/text.h"

namespace {

struct Row {
  std::string line;  ///< in the table
  std::string json;
  std::string expected;  ///< "= summary" or "! Code message"
};

// What stands for "@" in the JSON around a row's text.
const std::map<std::string, std::string> kFrames = {
    {"json", "@"},
    {"task",
     R"({"ProjectName": "p", "Sources": [{"URI": "oss://b/in.mov"}], "Targets": [{"Image": )"
     R"({"Animations": [{"Format": "webp", "URI": "oss://b/out.webp"}]}}], @})"},
    {"source",
     R"({"ProjectName": "p", "Sources": [{"URI": "oss://b/in.mov", @}], "Targets": [{"Image": )"
     R"({"Animations": [{"Format": "webp", "URI": "oss://b/out.webp"}]}}]})"},
    {"from", R"({"ProjectName": "p", "Sources": [{"URI": "@"}], "Targets": [{"Image": )"
             R"({"Animations": [{"Format": "webp", "URI": "oss://b/out.webp"}]}}]})"},
    {"target", R"({"ProjectName": "p", "Sources": [{"URI": "oss://b/in.mov"}], "Targets": [{@, )"
               R"("Image": {"Animations": [{"Format": "webp", "URI": "oss://b/out.webp"}]}}]})"},
    {"targets", R"({"ProjectName": "p", "Sources": [{"URI": "oss://b/in.mov"}], "Targets": [@]})"},
    {"webp",
     R"({"ProjectName": "p", "Sources": [{"URI": "oss://b/in.mov"}], "Targets": [{"Image": )"
     R"({"Animations": [{"Format": "webp", "URI": "oss://b/out.webp", @}]}}]})"},
    {"gif", R"({"ProjectName": "p", "Sources": [{"URI": "oss://b/in.mov"}], "Targets": [{"Image": )"
            R"({"Animations": [{"Format": "gif", "URI": "oss://b/out.gif", @}]}}]})"},
    {"to", R"({"ProjectName": "p", "Sources": [{"URI": "oss://b/in.mov"}], "Targets": [{"Image": )"
           R"({"Animations": [{"Format": "webp", "URI": "@"}]}}], "Tags": {"user": "ann"}})"},
};

std::vector<Row> rows() {
  const char* examples = std::getenv("ANIM_EXAMPLES");
  REQUIRE(examples != nullptr);
  std::ifstream file(std::string(examples) + "/../tests/core/task_table.txt");
  std::vector<Row> out;
  std::string line;
  while (std::getline(file, line)) {
    if (line.empty() || line[0] == '#') continue;
    if (line.starts_with("  ")) {
      REQUIRE_FALSE(out.empty());
      out.back().expected = line.substr(2);
      continue;
    }
    const std::size_t space = line.find(' ');
    std::string json = kFrames.at(line.substr(0, space));
    json.replace(json.find('@'), 1, space == std::string::npos ? "" : line.substr(space + 1));
    out.push_back({line, std::move(json), {}});
  }
  return out;
}

std::string shown(const anim::Side& side) {
  if (side.kind == anim::Side::Kind::Follow) return "follow";
  return anim::readable(side.value) + (side.kind == anim::Side::Kind::Ratio ? "*" : "px");
}

/// "source URI from 5 for 25; webp URI interval 1 ...; ...": what is not as by default.
class Summary {
 public:
  std::string operator()(const anim::Task& task) {
    for (const anim::TaskSource& source : task.sources) add(source);
    for (const anim::AnimationRequest& request : task.animations) add(request);
    if (task.topic) out_ << "; topic " << *task.topic;
    if (!task.user_data.empty()) out_ << "; data " << task.user_data;
    for (const auto& [name, value] : task.tags) out_ << "; tag " << name << "=" << value;
    for (const std::string& path : task.ignored) out_ << "; ignored " << path;
    return out_.str();
  }

 private:
  void add(const anim::TaskSource& source) {
    out_ << "source " << source.uri;
    if (!source.start_time.is_zero()) out_ << " from " << anim::readable(source.start_time);
    if (source.duration) out_ << " for " << anim::readable(*source.duration);
  }

  void add(const anim::AnimationRequest& request) {
    out_ << "; " << to_string(request.format) << " " << request.uri;
    if (request.interval) out_ << " interval " << anim::readable(*request.interval);
    if (request.frame_rate) out_ << " rate " << anim::readable(*request.frame_rate);
    if (!request.start_time.is_zero()) out_ << " from " << anim::readable(request.start_time);
    if (request.number > 0) out_ << " number " << request.number;
    if (request.width.kind != anim::Side::Kind::Source) out_ << " width " << shown(request.width);
    if (request.height.kind != anim::Side::Kind::Source) {
      out_ << " height " << shown(request.height);
    }
    if (request.scale_type != anim::ScaleType::Stretch) {
      out_ << " " << to_string(request.scale_type);
    }
    add_look(request);
  }

  void add_look(const anim::AnimationRequest& request) {
    if (request.loop_count > 0) out_ << " loops " << request.loop_count;
    if (request.quality) out_ << " quality " << anim::readable(*request.quality);
    if (request.lossless) out_ << " lossless";
    if (request.target_size > 0) out_ << " size " << request.target_size;
    if (request.content) out_ << " content " << to_string(*request.content);
    if (request.colors) out_ << " colors " << *request.colors;
    if (request.dither) out_ << " dither " << to_string(*request.dither);
    if (request.lossy) out_ << " lossy " << *request.lossy;
    if (request.background) out_ << " background " << std::hex << *request.background << std::dec;
  }

  std::ostringstream out_;
};

std::string outcome(const std::string& json) {
  const auto task = anim::parse_task(json);
  if (task) return "= " + Summary()(task.value());
  const anim::Error& error = task.error();
  return "! " + std::string(to_string(anim::task_code(error.code))) + " " + error.message;
}

}  // namespace

TEST_CASE("the table has good and bad tasks, each once") {
  std::map<std::string, int> seen;
  int good = 0;
  int bad = 0;
  for (const Row& row : rows()) {
    CAPTURE(row.line);
    CHECK(++seen[row.line] == 1);
    CHECK_FALSE(row.expected.empty());
    ++(row.expected.starts_with("=") ? good : bad);
  }
  CHECK(good >= 50);
  CHECK(bad >= 100);
}

TEST_CASE("each task of the table is read or refused as it says") {
  constexpr std::string_view kEllipsis = "…";
  for (const Row& row : rows()) {
    CAPTURE(row.line);
    const std::string got = outcome(row.json);
    if (row.expected.ends_with(kEllipsis)) {
      const std::string start = row.expected.substr(0, row.expected.size() - kEllipsis.size());
      CHECK(got.substr(0, start.size()) == start);
    } else {
      CHECK(got == row.expected);
    }
  }
}
