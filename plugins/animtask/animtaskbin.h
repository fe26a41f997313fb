// SPDX-License-Identifier: LGPL-2.1-or-later
// animtaskbin: a task in JSON in, animated images out.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <gst/gst.h>

#include "gst/core/error.h"
#include "gst/core/task.h"
#include "gst/core/task_limits.h"
#include "gst/glue/property.h"
#include "plugins/animtask/run.h"

namespace anim {

class AnimTaskBin {
 public:
  using Parent = GstBin;
  using ParentClass = GstBinClass;
  static constexpr const char* kTypeName = "GstAnimTaskBin";
  static GType parent_type() { return GST_TYPE_BIN; }

  struct Settings {
    std::string task;
    std::string location;
    std::string storage_root = ".";
    std::string task_id;
    std::string journal;
    std::uint64_t open_timeout = 60 * GST_SECOND;
    std::uint64_t max_frames = TaskLimits{}.frames;
    std::uint64_t max_pixels = TaskLimits{}.pixels;
    std::uint64_t max_duration = static_cast<std::uint64_t>(TaskLimits{}.duration.count());
    std::uint64_t max_output_size = TaskLimits{}.output_bytes;
    std::uint64_t timeout = static_cast<std::uint64_t>(TaskLimits{}.timeout.count());
    std::string allowed_schemes = "oss,s3,http,https,file,path,stdin";
    std::string spool_dir;
    SettingValues store_config;  ///< never read back
  };
  glue::Guarded<Settings> settings;

  explicit AnimTaskBin(GstBin* self);

  static void class_init(GstBinClass* klass);
  static const std::vector<glue::Property<AnimTaskBin>>& properties();

  GstStateChangeReturn change_state(GstStateChange change);
  gboolean send_event(GstEvent* event);
  void handle_message(GstMessage* message);

 private:
  struct Reports {
    std::string plan;
    std::string result;
  };

  [[nodiscard]] bool load_task();
  void refuse(const Error& error);
  [[nodiscard]] bool open();
  void async_start();
  void async_done();
  [[nodiscard]] bool is_async_pending();
  [[nodiscard]] std::shared_ptr<TaskRun> run();

  GstBin* self_;
  std::optional<Task> task_;  ///< from READY on
  TaskLimits limits_;         ///< from READY on
  std::string task_id_;       ///< from READY on; "" = a new one for each run
  glue::Guarded<Reports> reports_;
  std::mutex mutex_;  // guards what follows
  std::shared_ptr<TaskRun> run_;
  bool async_pending_ = false;
};

}  // namespace anim
