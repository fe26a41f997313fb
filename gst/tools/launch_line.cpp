// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/launch_line.h"

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
  return {"filesrc", {{"location", local_path(place, storage_root)}}};
}

UtcTime now() {
  return utc_time(Moment(g_get_real_time() / 1000));
}

}  // namespace

Result<std::string> launch_line(const std::string& task_text, const std::string& storage_root) {
  const auto task = parse_task(task_text);
  if (!task) return task.error();
  const TaskSource& source = task->sources.front();
  const auto from = source_place(source.uri);
  if (!from) return from.error();
  const auto targets = output_targets(
      *task, {.source = *from, .stream_index = 0, .created = now(), .source_modified = {}});
  if (!targets) return targets.error();

  const bool several = task->animations.size() > 1;
  std::string line = "gst-launch-1.0 " + described(reader(*from, storage_root));
  if (!several) {
    line += " ! parsebin ! " + described(gate_spec(source, task->animations.front(), {}));
  }
  line += " ! decodebin";
  if (several) line += " ! tee name=frames";
  // The elements work out the size themselves; only a plan's warnings need the source's.
  const SourceFacts unknown{.size = {1, 1}, .frame_rate = {}, .length = {}};
  for (std::size_t i = 0; i < task->animations.size(); ++i) {
    const AnimationRequest& request = task->animations[i];
    const auto plan = plan_output(request, unknown);
    if (!plan) return plan.error();
    auto chain = output_chain(source, request, *plan);
    if (several) {
      line += " frames. ! queue";
      chain.front().properties.emplace_back("eos-upstream", "false");
    }
    for (const ElementSpec& element : chain) line += " ! " + described(element);
    line += " ! " +
            described({"filesink", {{"location", local_path((*targets)[i].place, storage_root)}}});
    if (several) line += " async=false";
  }
  return line;
}

}  // namespace anim::tools
