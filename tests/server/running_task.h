// SPDX-License-Identifier: LGPL-2.1-or-later
// Tasks for the tests of the rooms that run them.
#pragma once

#include <string>

#include "gst/core/service/task_entry.h"

namespace running_task {

/// A task that is to be told to the topic "t".
inline anim::service::TaskEntry entry(const std::string& id) {
  anim::service::TaskEntry task;
  task.id = id;
  task.event_id = "E-" + id;
  task.request_id = "R-" + id;
  task.project = "p";
  task.created = anim::Moment(1'724'137'387'360);
  task.user_data = "u";
  task.definition =
      R"({"ProjectName":"p","Sources":[{"URI":"oss://b/a.mp4"}],"Targets":[{"Image":)"
      R"({"Animations":[{"Format":"gif","URI":"oss://b/{t_year}.gif"}]}}],)"
      R"("Notification":{"MNS":{"TopicName":"t"},"Webhook":{"URL":"http://h/x"}},"UserData":"u"})";
  return task;
}

}  // namespace running_task
