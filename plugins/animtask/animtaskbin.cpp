// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-animtaskbin
 * @title: animtaskbin
 *
 * Runs a media task written in JSON: opens its sources, joins them in order, decodes their video
 * once, and makes every animated WebP and GIF that the task asks for. A whole program in one
 * element: it has no pads.
 *
 * `oss://bucket/key` is the file `bucket/key` below #GstAnimTaskBin:storage-root, or an object when
 * a store is configured, as `s3://bucket/key` is; plain paths, `file://` and (to read) `http(s)://`
 * work too. Outputs appear in their places when all of them
 * are complete; a task that fails leaves nothing. Exactly one EOS or one ERROR is posted.
 *
 * It does not play and does not decode audio.
 *
 * ## Example pipelines
 * |[
 * gst-launch-1.0 animtaskbin location=task.json
 * ]|
 */
#include "plugins/animtask/animtaskbin.h"

#include <algorithm>
#include <utility>

#include "gst/core/task_file.h"
#include "gst/core/task_json.h"
#include "gst/core/text.h"
#include "gst/core/uri.h"
#include "gst/glue/report.h"

namespace anim {
namespace {

using glue::Property;

constexpr const char* kStorageRoot =
    "Folder of the buckets: oss://bucket/key is <storage-root>/bucket/key, a topic's messages are "
    "in <storage-root>/.topics/<topic>";
constexpr const char* kJournal =
    "File that gets the result (JSON) of a task whose outputs are complete, before they are put in "
    "their places, so that they can be told after a crash (empty: none)";
constexpr const char* kTaskId =
    "TaskId of the result and the messages, also part of the names of temporary files (empty: a "
    "new "
    "one for each run)";
constexpr const char* kPixelsBlurb =
    "Width times height at most, of a picture of the source and of the canvases of all animations "
    "together (0 = no limit)";
constexpr const char* kTimeoutBlurb =
    "Nanoseconds at most from opening the source to the last output in its place (0 = no limit)";
constexpr const char* kSchemesBlurb =
    "What URIs of sources, outputs and the webhook may be of, separated by commas: oss, s3, http, "
    "https, file, path (no scheme), stdin (-)";
constexpr const char* kSpoolDir =
    "Folder where outputs for object stores are made before they are uploaded, and of the "
    "temporary files of TargetSize (empty: the system's folder of temporary files)";
constexpr const char* kStoreConfig =
    "Settings of object stores by the names of the environment variables (OSS_ENDPOINT, "
    "AWS_REGION, ...), which they come before; cannot be read back, as it may hold secrets";

// The string fields of a structure, those that are settings.
SettingValues settings_in(const GValue* value) {
  SettingValues out;
  const auto* structure = static_cast<const GstStructure*>(g_value_get_boxed(value));
  if (structure == nullptr) return out;
  for (gint i = 0; i < gst_structure_n_fields(structure); ++i) {
    const std::string name = gst_structure_nth_field_name(structure, static_cast<guint>(i));
    const gchar* text = gst_structure_get_string(structure, name.c_str());
    if (text != nullptr && is_setting_name(name)) {
      out[name] = text;
    } else {
      g_warning("animtaskbin: store-config has no string setting \"%s\"", name.c_str());
    }
  }
  return out;
}

Property<AnimTaskBin> store_config_property() {
  return {[] {
            return g_param_spec_boxed(
                "store-config", "store-config", kStoreConfig, GST_TYPE_STRUCTURE,
                static_cast<GParamFlags>(G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS |
                                         GST_PARAM_MUTABLE_READY));
          },
          [](AnimTaskBin& bin, const GValue* value) {
            bin.settings.change([&](auto& s) { s.store_config = settings_in(value); });
          },
          nullptr};
}

Result<std::string> task_text(const AnimTaskBin::Settings& settings) {
  if (!settings.task.empty() && !settings.location.empty()) {
    return Error{ErrorCode::InvalidArgument,
                 "both task and location are set; only one of them says what to do",
                 {}};
  }
  if (!settings.task.empty()) return settings.task;
  if (!settings.location.empty()) return read_task_file(settings.location);
  return Error{ErrorCode::InvalidArgument,
               "there is no task: set task (JSON) or location (a JSON file)",
               {}};
}

Nanoseconds duration_of(std::uint64_t time) {
  constexpr auto kMost = static_cast<std::uint64_t>(Nanoseconds::max().count());
  return Nanoseconds(static_cast<std::int64_t>(std::min(time, kMost)));
}

Result<TaskLimits> limits_of(const AnimTaskBin::Settings& settings) {
  const auto schemes = schemes_of(settings.allowed_schemes);
  if (!schemes) return schemes.error();
  return TaskLimits{.frames = settings.max_frames,
                    .pixels = settings.max_pixels,
                    .duration = duration_of(settings.max_duration),
                    .output_bytes = settings.max_output_size,
                    .timeout = duration_of(settings.timeout),
                    .schemes = *schemes};
}

// It becomes part of file names.
Status check_task_id(const std::string& id) {
  constexpr std::size_t kLongest = 128;
  if (id.empty() || (is_topic_name(id) && id.size() <= kLongest)) return success();
  return Error{ErrorCode::InvalidArgument,
               "task-id: " + in_quotes(id) +
                   " is not of 1 to 128 letters, digits, '-', '_' and '.', not beginning with '.'",
               {}};
}

Result<Task> checked_task(const AnimTaskBin::Settings& settings, const TaskLimits& limits) {
  if (Status status = check_task_id(settings.task_id); !status) return status.error();
  const auto text = task_text(settings);
  if (!text) return text.error();
  auto task = parse_task(*text);
  if (!task) return task;
  if (const Status status = check_task_schemes(*task, limits); !status) return status.error();
  return task;
}

}  // namespace

AnimTaskBin::AnimTaskBin(GstBin* self) : self_(self) {
  // A program of its own, whatever children come and go: the pipeline waits for its EOS, and
  // passes on to it the EOS that ends sources (gst-launch-1.0 -e).
  gst_bin_set_suppressed_flags(
      self, static_cast<GstElementFlags>(GST_ELEMENT_FLAG_SINK | GST_ELEMENT_FLAG_SOURCE));
  GST_OBJECT_FLAG_SET(self, GST_ELEMENT_FLAG_SINK | GST_ELEMENT_FLAG_SOURCE);
}

const std::vector<Property<AnimTaskBin>>& AnimTaskBin::properties() {
  static const std::vector<Property<AnimTaskBin>> table = {
      glue::string_property<AnimTaskBin>(
          "task", "The task as JSON text; not together with location", &Settings::task),
      glue::string_property<AnimTaskBin>(
          "location", "A file with the task's JSON; not together with task", &Settings::location),
      glue::string_property<AnimTaskBin>("storage-root", kStorageRoot, &Settings::storage_root),
      glue::string_property<AnimTaskBin>("task-id", kTaskId, &Settings::task_id),
      glue::string_property<AnimTaskBin>("journal", kJournal, &Settings::journal),
      glue::uint64_property<AnimTaskBin>(
          "open-timeout",
          "Nanoseconds within which the source must give its first picture (0 = no limit)",
          &Settings::open_timeout),
      glue::uint64_property<AnimTaskBin>(
          "max-frames", "Samples of one animation at most (0 = no limit)", &Settings::max_frames),
      glue::uint64_property<AnimTaskBin>("max-pixels", kPixelsBlurb, &Settings::max_pixels),
      glue::uint64_property<AnimTaskBin>(
          "max-duration",
          "Nanoseconds of the task's timeline at most: the source after trimming (0 = no limit)",
          &Settings::max_duration),
      glue::uint64_property<AnimTaskBin>("max-output-size",
                                         "Bytes of one output at most (0 = no limit)",
                                         &Settings::max_output_size),
      glue::uint64_property<AnimTaskBin>("timeout", kTimeoutBlurb, &Settings::timeout),
      glue::string_property<AnimTaskBin>("allowed-schemes", kSchemesBlurb,
                                         &Settings::allowed_schemes),
      glue::string_property<AnimTaskBin>("spool-dir", kSpoolDir, &Settings::spool_dir),
      store_config_property(),
      glue::readonly_property<AnimTaskBin>(
          [] {
            return g_param_spec_string("plan", "plan",
                                       "What is going to be made, as JSON; set once the source is "
                                       "open (PAUSED)",
                                       nullptr, glue::kReadOnly);
          },
          [](AnimTaskBin& bin, GValue* value) {
            const std::string text = bin.reports_.copy().plan;
            g_value_set_string(value, text.empty() ? nullptr : text.c_str());
          }),
      glue::readonly_property<AnimTaskBin>(
          [] {
            return g_param_spec_string("result", "result",
                                       "What came of the task, as JSON; set before EOS or ERROR",
                                       nullptr, glue::kReadOnly);
          },
          [](AnimTaskBin& bin, GValue* value) {
            const std::string text = bin.reports_.copy().result;
            g_value_set_string(value, text.empty() ? nullptr : text.c_str());
          }),
  };
  return table;
}

void AnimTaskBin::class_init(GstBinClass* klass) {
  glue::install_properties<AnimTaskBin>(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_set_static_metadata(
      element_class, "Animation task", "Generic/Bin",
      "Runs a task in JSON: opens a video and makes animated WebP and GIF files of it",
      "The gst-plugins-anim authors");
  element_class->change_state = glue::vfunc<AnimTaskBin, &AnimTaskBin::change_state>;
  element_class->send_event = glue::vfunc<AnimTaskBin, &AnimTaskBin::send_event>;
  klass->handle_message = glue::vfunc<AnimTaskBin, &AnimTaskBin::handle_message>;
}

std::shared_ptr<TaskRun> AnimTaskBin::run() {
  const std::lock_guard lock(mutex_);
  return run_;
}

void AnimTaskBin::refuse(const Error& error) {
  TaskResult result;
  result.code = task_code(error.code);
  result.message = error.message;
  const std::string json = result_json(result);
  reports_.change([&](Reports& reports) { reports.result = json; });
  post_result(GST_ELEMENT(self_), result, json);
  glue::post_error(GST_ELEMENT(self_), error);
}

bool AnimTaskBin::load_task() {
  reports_.change([](Reports& reports) { reports = {}; });
  const Settings now = settings.copy();
  const auto limits = limits_of(now);
  auto task = limits ? checked_task(now, *limits) : Result<Task>(limits.error());
  if (!task) {
    refuse(task.error());
    return false;
  }
  task_ = std::move(*task);
  limits_ = *limits;
  task_id_ = now.task_id;
  return true;
}

bool AnimTaskBin::open() {
  reports_.change([](Reports& reports) { reports = {}; });
  const Settings now = settings.copy();
  auto run = std::make_shared<TaskRun>(
      self_, *task_,
      RunSettings{.journal = now.journal,
                  .task_id = task_id_.empty() ? new_task_id() : task_id_,
                  .storage_root = now.storage_root,
                  .spool_dir = now.spool_dir,
                  .store_settings = setting_values(now.store_config),
                  .open_timeout = now.open_timeout,
                  .limits = limits_},
      RunEvents{.opened = [this] { async_done(); },
                .plan =
                    [this](const std::string& json) {
                      reports_.change([&](Reports& reports) { reports.plan = json; });
                    },
                .result =
                    [this](const std::string& json) {
                      reports_.change([&](Reports& reports) { reports.result = json; });
                    }});
  {
    const std::lock_guard lock(mutex_);
    run_ = run;
  }
  async_start();
  return run->open();
}

// The bin is asynchronous on its own: it is in PAUSED when the first picture is there.
void AnimTaskBin::async_start() {
  {
    const std::lock_guard lock(mutex_);
    async_pending_ = true;
  }
  glue::parent_class<AnimTaskBin>()->handle_message(self_,
                                                    gst_message_new_async_start(GST_OBJECT(self_)));
}

void AnimTaskBin::async_done() {
  {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(async_pending_, false)) return;
  }
  glue::parent_class<AnimTaskBin>()->handle_message(
      self_, gst_message_new_async_done(GST_OBJECT(self_), GST_CLOCK_TIME_NONE));
}

bool AnimTaskBin::is_async_pending() {
  const std::lock_guard lock(mutex_);
  return async_pending_;
}

GstStateChangeReturn AnimTaskBin::change_state(GstStateChange change) {
  if (change == GST_STATE_CHANGE_NULL_TO_READY && !load_task()) return GST_STATE_CHANGE_FAILURE;
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED && !open()) {
    async_done();
    return GST_STATE_CHANGE_FAILURE;
  }
  if (change == GST_STATE_CHANGE_PAUSED_TO_PLAYING && !run()->start()) {
    return GST_STATE_CHANGE_FAILURE;
  }
  const auto changed = GST_ELEMENT_CLASS(glue::parent_class<AnimTaskBin>())
                           ->change_state(GST_ELEMENT(self_), change);
  switch (change) {
    case GST_STATE_CHANGE_READY_TO_PAUSED:
      if (changed == GST_STATE_CHANGE_FAILURE) {
        run()->fail_now();
        async_done();
        return changed;
      }
      return is_async_pending() ? GST_STATE_CHANGE_ASYNC : changed;
    case GST_STATE_CHANGE_PAUSED_TO_PLAYING:
      if (changed != GST_STATE_CHANGE_FAILURE) run()->flow();
      return changed;
    case GST_STATE_CHANGE_PAUSED_TO_READY:
      run()->cancel();
      async_done();
      return changed;
    default:
      return changed;
  }
}

gboolean AnimTaskBin::send_event(GstEvent* event) {
  const auto run = this->run();
  if (GST_EVENT_TYPE(event) == GST_EVENT_EOS && run) {
    gst_event_unref(event);
    run->end_source();
    return TRUE;
  }
  if (GST_EVENT_TYPE(event) == GST_EVENT_SEEK) {  // a task has no position
    gst_event_unref(event);
    return FALSE;
  }
  return GST_ELEMENT_CLASS(glue::parent_class<AnimTaskBin>())
      ->send_event(GST_ELEMENT(self_), event);
}

void AnimTaskBin::handle_message(GstMessage* message) {
  const auto run = this->run();
  if (run && run->hold_back(message)) {
    gst_message_unref(message);
    return;
  }
  glue::parent_class<AnimTaskBin>()->handle_message(self_, message);
}

}  // namespace anim
