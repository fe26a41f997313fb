// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/metrics.h"

#include <iomanip>
#include <sstream>

namespace anim::server {
namespace {

/// Writes metrics one after another.
class Page {
 public:
  void begin(const char* name, const char* type, const char* help) {
    name_ = name;
    out_ << "# HELP " << name << ' ' << help << "\n# TYPE " << name << ' ' << type << '\n';
  }
  template <class Number>
  void value(Number number, const std::string& labels = {}) {
    constexpr int kAllDigits = 17;  // or seconds would stand still from a million on
    out_ << name_ << labels << ' ' << std::setprecision(kAllDigits) << number << '\n';
  }
  [[nodiscard]] std::string text() const { return out_.str(); }

 private:
  const char* name_ = "";
  std::ostringstream out_;
};

}  // namespace

void Metrics::count_call(std::string_view action, int status) {
  const std::lock_guard lock(mutex_);
  ++calls_[{std::string(action), status}];
}

void Metrics::count_task(const TaskCount& count) {
  const std::lock_guard lock(mutex_);
  ++ends_[std::string(count.code)];
  frames_ += count.frames;
  bytes_ += count.bytes;
  decoded_frames_ += count.decoded_frames;
  skipped_units_ += count.skipped_units;
}

void Metrics::count_worker(double cpu_seconds) {
  const std::lock_guard lock(mutex_);
  cpu_seconds_ += cpu_seconds;
}

void Metrics::count_message(bool is_delivered) {
  const std::lock_guard lock(mutex_);
  ++(is_delivered ? delivered_ : undelivered_);
}

std::string Metrics::text(const Gauges& gauges) const {
  const std::lock_guard lock(mutex_);
  Page page;
  page.begin("anim_tasks_queued", "gauge", "Tasks that wait.");
  page.value(gauges.queued);
  page.begin("anim_tasks_running", "gauge", "Tasks that a worker runs.");
  page.value(gauges.running);
  page.begin("anim_tasks_ended_total", "counter", "Tasks that ended, by Code; empty: succeeded.");
  for (const auto& [code, count] : ends_) page.value(count, "{code=\"" + code + "\"}");
  page.begin("anim_frames_total", "counter", "Frames of animations that were made.");
  page.value(frames_);
  page.begin("anim_output_bytes_total", "counter", "Bytes of animations that were made.");
  page.value(bytes_);
  page.begin("anim_decoded_frames_total", "counter", "Video frames that were decoded.");
  page.value(decoded_frames_);
  page.begin("anim_skipped_units_total", "counter",
             "Frames or fields that were read and not decoded, as nothing needed them.");
  page.value(skipped_units_);
  page.begin("anim_worker_cpu_seconds_total", "counter", "CPU time of workers that ended.");
  page.value(cpu_seconds_);
  page.begin("anim_messages_total", "counter", "Messages at the ends of tasks.");
  page.value(delivered_, "{status=\"delivered\"}");
  page.value(undelivered_, "{status=\"failed\"}");
  page.begin("anim_calls_total", "counter", "Calls by action and HTTP status.");
  for (const auto& [call, count] : calls_) {
    page.value(count,
               "{action=\"" + call.first + "\",status=\"" + std::to_string(call.second) + "\"}");
  }
  return page.text();
}

}  // namespace anim::server
