// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/launch_line.h"

#include <algorithm>
#include <cstdlib>

#include <glib.h>

#include "gst/core/chain.h"
#include "gst/core/task_json.h"
#include "gst/core/task_result.h"
#include "gst/core/uri.h"
#include "gst/core/uri_template.h"

namespace anim::tools {
namespace {

std::string quoted(const std::string& text) {
  const bool plain = text.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789-_./=:,+") == std::string::npos;
  if (plain) return text;
  gchar* shell = g_shell_quote(text.c_str());
  std::string out = shell;
  g_free(shell);
  return out;
}

std::string described(const ElementSpec& element) {
  std::string out = element.factory;
  for (const auto& [name, value] : element.properties) {
    out += ' ';
    out.append(quoted(std::string(name).append("=").append(value)));
  }
  return out;
}

ElementSpec reader(const Place& place, const std::string& storage_root) {
  if (place.kind == Place::Kind::Http) return {"souphttpsrc", {{"location", place.uri}}};
  if (place.kind == Place::Kind::Stdin) return {"fdsrc", {}};
  return {"filesrc", {{"location", local_path(place, storage_root)}}};
}

// Signing and uploading are beyond a line of elements.
Status check_not_in_store(const Place& place) {
  const char* oss = std::getenv("OSS_ENDPOINT");
  const bool has_oss = oss != nullptr && *oss != '\0';
  if (place.kind != Place::Kind::S3 && (place.kind != Place::Kind::Bucket || !has_oss)) {
    return success();
  }
  return Error{ErrorCode::Unsupported,
               "\"" + place.uri +
                   "\" is in an object store, which no pipeline of plain elements "
                   "reaches; run the task itself",
               {}};
}

// A gate spares decoding, and only a gate tells of random access points.
bool needs_gate(const Task& task) {
  return task.animations.size() == 1 ||
         std::any_of(task.animations.begin(), task.animations.end(),
                     [](const auto& request) { return request.mode == SamplingMode::Key; });
}

// One gate before the decoder serves all animations.
ElementSpec gate_of(const Task& task, const TimelinePart& part) {
  std::vector<ElementSpec> gates;
  for (const AnimationRequest& request : task.animations) {
    for (ElementSpec& gate : gate_specs(part, request, {})) gates.push_back(std::move(gate));
  }
  if (gates.size() == 1) return gates.front();
  std::string wanted;
  for (const ElementSpec& gate : gates) {
    wanted += wanted.empty() ? "<" : ",";
    wanted += "(GstStructure)[" + wanted_text(gate) + "]";
  }
  return {"samplegate", {{"wanted", wanted + ">"}}};
}

// From the file to the frames of the source's part.
Result<std::string> part_text(const Task& task, const TaskSource& source,
                              const std::string& storage_root) {
  const auto from = source_place(source.uri);
  if (!from) return from.error();
  if (Status near = check_not_in_store(*from); !near) return near.error();
  const TimelinePart part = part_of(source);
  std::string text = described(reader(*from, storage_root));
  // Where a later part begins, and so what is wanted of it, is known after the one before alone.
  if (task.sources.size() == 1 && needs_gate(task)) {
    text += " ! parsebin ! " + described(gate_of(task, part));
  }
  text += " ! decodebin";
  const ElementSpec cut = part_spec(part);
  if (!cut.properties.empty()) text += " ! " + described(cut);
  return text;
}

// The frames of the whole timeline. Parts of another size are not made alike.
Result<std::string> timeline_text(const Task& task, const std::string& storage_root) {
  std::string text;
  for (const TaskSource& source : task.sources) {
    auto part = part_text(task, source, storage_root);
    if (!part || task.sources.size() == 1) return part;
    text += *part + " ! timeline. ";
  }
  return text + "concat name=timeline";
}

UtcTime now() {
  return utc_time(Moment(g_get_real_time() / 1000));
}

}  // namespace

Result<std::string> launch_line(const std::string& task_text, const std::string& storage_root) {
  const auto task = parse_task(task_text);
  if (!task) return task.error();
  const auto from = source_place(task->sources.front().uri);
  if (!from) return from.error();
  const auto targets = output_targets(
      *task, {.source = *from, .stream_index = 0, .created = now(), .source_modified = {}});
  if (!targets) return targets.error();
  for (const OutputTarget& target : *targets) {
    if (Status near = check_not_in_store(target.place); !near) return near.error();
  }
  const auto timeline = timeline_text(*task, storage_root);
  if (!timeline) return timeline.error();

  const bool several = task->animations.size() > 1;
  std::string line = "gst-launch-1.0 " + *timeline;
  if (several) line += " ! tee name=frames";
  // The elements work out the size themselves; only a plan's warnings need the source's.
  const SourceFacts unknown{.size = {1, 1}, .frame_rate = {}, .length = {}};
  for (std::size_t i = 0; i < task->animations.size(); ++i) {
    const AnimationRequest& request = task->animations[i];
    const auto plan = plan_output(request, unknown);
    if (!plan) return plan.error();
    auto chain = output_chain(request, *plan);
    if (several) {
      line += " frames. ! queue";
      for (ElementSpec& element : chain) {
        if (element.factory == "intervalsampler") {
          element.properties.emplace_back("eos-upstream", "false");
        }
      }
    }
    for (const ElementSpec& element : chain) line += " ! " + described(element);
    line += " ! " +
            described({"filesink", {{"location", local_path((*targets)[i].place, storage_root)}}});
    if (several) line += " async=false";
  }
  return line;
}

}  // namespace anim::tools
