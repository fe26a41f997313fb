// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/task_end.h"

#include <utility>

#include "gst/core/task_json.h"
#include "gst/tools/server/clock.h"

namespace anim::server {
namespace {

std::vector<OutgoingMessage> messages_of(const Task& task, const TaskResult& result,
                                         const MessageIds& ids) {
  using Channel = OutgoingMessage::Channel;
  std::vector<OutgoingMessage> out;
  if (!task.topic && !task.webhook) return out;
  const std::string name = std::to_string(result.end_time.count()) + "-" + result.task_id;
  const std::string json = message_json(task, result, ids);
  const auto add = [&](Channel channel, const std::string& target) {
    out.push_back({.channel = channel, .target = target, .name = name, .json = json});
  };
  if (task.topic) add(Channel::Topic, *task.topic);
  if (task.webhook) add(Channel::Webhook, *task.webhook);
  return out;
}

// A worker may write what it likes; UTF-8 stays whole.
void shorten(std::string& message) {
  constexpr std::size_t kLongest = 4096;
  if (message.size() <= kLongest) return;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;
  message.resize(end);
  message += "…";
}

}  // namespace

TaskEnd task_end(const service::TaskEntry& task, TaskResult result, Moment time) {
  result.task_id = task.id;
  result.user_data = task.user_data;
  result.start_time = task.created;
  result.end_time = time;
  shorten(result.message);
  TaskEnd end;
  const bool is_good = result.code == TaskCode::None;
  end.state = is_good ? service::TaskState::Succeeded : service::TaskState::Failed;
  end.code = to_string(result.code);
  end.message = result.message;
  end.time = time;
  // It was read before it was stored; a later version may refuse more, and then nobody is told.
  const auto request = parse_task(task.definition);
  if (request) end.messages = messages_of(*request, result, {task.event_id, task.request_id});
  return end;
}

}  // namespace anim::server
