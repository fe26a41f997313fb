// SPDX-License-Identifier: LGPL-2.1-or-later
#include <vector>

#include <doctest/doctest.h>

#include "gst/tools/server/task_ends.h"
#include "running_task.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;

TEST_CASE("an end is held until it is written, and told once") {
  const TemporaryFolder folder;
  TaskStore store = std::move(*TaskStore::open(folder.text()));
  Metrics metrics;
  std::vector<std::string> written;
  TaskEnds ends(store, metrics,
                [&](const service::TaskEntry& task) { written.push_back(task.id); });
  REQUIRE(*store.add(running_task::entry("a"), "a", 10) == Added::New);
  const auto task = store.claim();
  REQUIRE((task.ok() && task->has_value()));
  CHECK(ends.is_written());
  ends.add(**task, TaskResult{});
  CHECK_FALSE(ends.is_written());
  CHECK(ends.holds("a"));
  CHECK_FALSE(ends.holds("b"));
  CHECK(written.empty());
  CHECK(ends.write());
  CHECK(ends.write());
  CHECK(ends.is_written());
  CHECK(written == std::vector<std::string>{"a"});
  const auto entry = store.task("p", "a");
  REQUIRE((entry.ok() && entry->has_value()));
  CHECK((*entry)->state == service::TaskState::Succeeded);
}
