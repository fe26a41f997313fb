// SPDX-License-Identifier: LGPL-2.1-or-later
// Any bytes as a task: refused with one bounded line of UTF-8, or read, planned and written again.
// libFuzzer: clang++ -std=c++20 -g -fsanitize=fuzzer,address,undefined -I. this file and the .cpp
// of gst/core that it names, then run with tests/fuzz/corpus/task_json.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gst/core/plan.h"
#include "gst/core/task_json.h"
#include "gst/core/task_writer.h"
#include "gst/core/text.h"
#include "gst/core/uri_template.h"

namespace {

void require(bool holds, const char* what, std::string_view shown) {
  if (holds) return;
  std::fprintf(stderr, "%s: %.*s\n", what, static_cast<int>(shown.size()), shown.data());
  std::abort();
}

// The sentences that a user reads.
void check_message(const std::string& message) {
  require(!message.empty() && message.size() < 4096, "a message is empty or too long", message);
  require(anim::is_utf8(message), "a message is no UTF-8", message);
  for (const char c : message) {
    require(static_cast<unsigned char>(c) >= 0x20, "a message has control characters", message);
  }
}

void check_outputs(const anim::Task& task) {
  const anim::TemplateValues values = {.source = anim::source_place(task.sources.at(0).uri).value(),
                                       .created = {},
                                       .source_modified = {}};
  const auto targets = anim::output_targets(task, values);
  if (!targets) {
    check_message(targets.error().message);
    return;
  }
  for (const anim::OutputTarget& target : targets.value()) {
    if (target.place.kind != anim::Place::Kind::Bucket) continue;
    const std::string path = "/" + anim::local_path(target.place, "root") + "/";
    require(path.find("/../") == std::string::npos, "an output leaves the storage root", path);
  }
}

void check_plans(const anim::Task& task) {
  for (const bool is_constant : {true, false}) {
    anim::SourceFacts source{.size = {853, 480}, .frame_rate = {}, .length = {}};
    if (is_constant) source.frame_rate = anim::Rational(30000, 1001);
    const auto length = anim::trimmed_length(task.sources.at(0), anim::Nanoseconds(30'033'000'000));
    if (length) source.length = length.value();
    for (const anim::AnimationRequest& request : task.animations) {
      const auto plan = anim::plan_output(request, source);
      if (!plan) {
        check_message(plan.error().message);
        continue;
      }
      const anim::OutputPlan& made = plan.value();
      require(made.size.width >= 1 && made.size.height >= 1, "a size is below 1", request.path);
      require(made.frames.value_or(1) >= 1, "a plan has no frame", request.path);
      require(made.duration.value_or(anim::Nanoseconds(0)).count() >= 0, "a duration is negative",
              request.path);
      for (const std::string& warning : made.warnings) check_message(warning);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto task = anim::parse_task({reinterpret_cast<const char*>(data), size});
  if (!task) {
    check_message(task.error().message);
    return 0;
  }
  const std::string written = anim::to_json(task.value());
  const auto again = anim::parse_task(written);
  require(again.ok(), "a written task is refused", written);
  require(anim::to_json(again.value()) == written, "a written task changes", written);
  check_outputs(task.value());
  check_plans(task.value());
  return 0;
}
