// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <doctest/doctest.h>

#include "gst/tools/server/metrics.h"

using namespace anim::server;

TEST_CASE("what was counted is on the page") {
  Metrics metrics;
  metrics.count_call("GetTask", 200);
  metrics.count_call("GetTask", 200);
  metrics.count_call("GetTask", 404);
  metrics.count_task(
      {.code = "", .frames = 25, .bytes = 1000, .decoded_frames = 30, .skipped_units = 70});
  metrics.count_task({.code = "DiskFull", .decoded_frames = 3, .skipped_units = 1});
  metrics.count_worker(12345678.5);
  metrics.count_message(true);
  const std::string text = metrics.text({.queued = 7, .running = 2});
  for (const char* line : {
           "\nanim_tasks_queued 7\n",
           "\nanim_tasks_running 2\n",
           "\nanim_tasks_ended_total{code=\"\"} 1\n",
           "\nanim_tasks_ended_total{code=\"DiskFull\"} 1\n",
           "\nanim_frames_total 25\n",
           "\nanim_output_bytes_total 1000\n",
           "\nanim_decoded_frames_total 33\n",
           "\nanim_skipped_units_total 71\n",
           "\nanim_worker_cpu_seconds_total 12345678.5\n",
           "\nanim_messages_total{status=\"delivered\"} 1\n",
           "\nanim_messages_total{status=\"failed\"} 0\n",
           "\nanim_calls_total{action=\"GetTask\",status=\"200\"} 2\n",
           "\nanim_calls_total{action=\"GetTask\",status=\"404\"} 1\n",
           "\n# TYPE anim_frames_total counter\n",
       }) {
    CAPTURE(line);
    CHECK(text.find(line) != std::string::npos);
  }
}
