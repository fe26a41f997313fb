// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <tuple>

#include <doctest/doctest.h>

#include "gst/tools/server/task_store.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;
using namespace anim::service;

namespace {

TaskStore opened(const TemporaryFolder& folder) {
  auto store = TaskStore::open(folder.path());
  REQUIRE(store.ok());
  return std::move(*store);
}

TaskEntry entry(int i) {
  TaskEntry task;
  task.id = "MediaConvert-" + std::to_string(100 - i);  // not in the order of creation
  task.event_id = "E-" + std::to_string(i);
  task.request_id = "R-" + std::to_string(i);
  task.project = i % 10 == 9 ? "other" : "p";
  task.created = Moment(1000 + i / 3);  // some at the same moment
  task.user_data = "é\n";
  task.definition = "{}";
  task.tags = {{"parity", i % 2 == 0 ? "even" : "odd"}, {"n", std::to_string(i)}};
  return task;
}

void add(TaskStore& store, int count) {
  for (int i = 0; i < count; ++i) {
    REQUIRE(*store.add(entry(i), "mark" + std::to_string(i), 1000) == Added::New);
  }
}

TaskEnd end_at(std::int64_t time, TaskState state = TaskState::Succeeded) {
  return {.state = state, .code = "", .message = "", .time = Moment(time), .messages = {}};
}

}  // namespace

TEST_CASE("projects are kept, once each, within a bound") {
  const TemporaryFolder folder;
  {
    TaskStore store = opened(folder);
    CHECK(*store.add_project({"b", "B", Moment(5)}, 3));
    CHECK(*store.add_project({"a", "A", Moment(6)}, 3));
    CHECK_FALSE(*store.add_project({"a", "again", Moment(7)}, 3));
    CHECK(*store.add_project({"c", "", Moment(8)}, 3));
    CHECK(store.add_project({"d", "", Moment(8)}, 3).error().code == ErrorCode::LimitExceeded);
    CHECK_FALSE(*store.add_project({"a", "again", Moment(7)}, 3));  // there it is, bound or not
  }
  TaskStore store = opened(folder);
  CHECK((*store.project("a"))->description == "A");
  CHECK_FALSE((*store.project("z")).has_value());
  CHECK(store.projects("", 2)->size() == 2);
  CHECK((*store.projects("b", 2))[0].name == "c");
}

TEST_CASE("tasks wait in their order and outlive the store") {
  const TemporaryFolder folder;
  {
    TaskStore store = opened(folder);
    add(store, 3);
    const auto first = *store.claim();
    REQUIRE(first);
    CHECK(first->event_id == "E-0");
    CHECK(first->request_id == "R-0");
    CHECK(first->attempts == 1);
    CHECK(*store.queued() == 2);
  }
  TaskStore store = opened(folder);
  const auto running = *store.running();
  REQUIRE(running.size() == 1);
  CHECK(running[0].tags.at("n") == "0");
  CHECK(running[0].user_data == "é\n");
  REQUIRE(store.requeue(running[0].number).ok());
  const auto again = *store.claim();
  REQUIRE(again);
  CHECK(again->event_id == "E-0");
  CHECK(again->attempts == 2);
  REQUIRE(store.unclaim(again->number).ok());
  CHECK((*store.claim())->attempts == 2);
  CHECK((*store.claim())->event_id == "E-1");
  CHECK((*store.claim())->event_id == "E-2");
  CHECK_FALSE((*store.claim()).has_value());
}

TEST_CASE("the queue has a bound, and a request makes one task") {
  const TemporaryFolder folder;
  TaskStore store = opened(folder);
  CHECK(*store.add(entry(0), "a", 2) == Added::New);
  CHECK(*store.add(entry(1), "a", 2) == Added::Replayed);
  CHECK(*store.add(entry(1), "b", 2) == Added::New);
  CHECK(*store.add(entry(2), "c", 2) == Added::QueueFull);
  CHECK((*store.claim()).has_value());
  CHECK(*store.add(entry(2), "c", 2) == Added::New);
}

TEST_CASE("the end of a task and its messages come together, once") {
  const TemporaryFolder folder;
  TaskStore store = opened(folder);
  MessageStore outgoing = std::move(*MessageStore::open(folder.text()));
  add(store, 1);
  const auto task = *store.claim();
  TaskEnd end = end_at(2000, TaskState::Failed);
  end.code = "DiskFull";
  end.message = "no space";
  end.messages.push_back({.target = "t", .name = "n", .json = "{}"});
  end.messages.push_back(
      {.channel = OutgoingMessage::Channel::Webhook, .target = "http://h/", .name = "n"});
  REQUIRE(store.finish(task->number, end).ok());
  CHECK(store.finish(task->number, end).error().code == ErrorCode::Internal);
  const auto ended = *store.task("p", task->id);
  CHECK(ended->state == TaskState::Failed);
  CHECK(ended->code == "DiskFull");
  CHECK(ended->ended == Moment(2000));
  CHECK_FALSE((*store.task("other", task->id)).has_value());

  CHECK(outgoing.due(Moment(1999), 9)->empty());
  auto messages = *outgoing.due(Moment(2000), 9);
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].target == "t");
  CHECK(messages[1].channel == OutgoingMessage::Channel::Webhook);
  CHECK(*store.forget_before(Moment(9999)) == 0);  // somebody is still to be told
  REQUIRE(outgoing.drop(messages[0].id).ok());
  REQUIRE(outgoing.delay(messages[1], Moment(3000), Moment(3000)).ok());
  CHECK(outgoing.due(Moment(2999), 9)->empty());
  messages = *outgoing.due(Moment(3000), 9);
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].attempts == 1);
  REQUIRE(outgoing.drop(messages[0].id).ok());
  CHECK(*store.forget_before(Moment(2000)) == 0);
  CHECK(*store.forget_before(Moment(2001)) == 1);
  CHECK_FALSE((*store.task("p", task->id)).has_value());
}

namespace {

// What a list is sorted by; of equal ones the number decides.
std::tuple<std::string, std::int64_t, std::int64_t> sort_key(const TaskEntry& task, TaskSort sort) {
  if (sort == TaskSort::TaskId) return {task.id, 0, task.number};
  const Moment time = sort == TaskSort::StartTime ? task.created : task.ended.value_or(Moment(0));
  return {"", time.count(), task.number};
}

// As the service reads the token of a page.
std::optional<TaskCursor> cursor_of(const TaskQuery& query, const std::string& token) {
  const char* sort = query.sort == TaskSort::TaskId      ? "TaskId"
                     : query.sort == TaskSort::StartTime ? "StartTime"
                                                         : "EndTime";
  service::Parameters parameters({"GET",
                                  std::string("/?ProjectName=p&Sort=") + sort +
                                      "&Order=" + (query.is_descending ? "desc" : "asc") +
                                      "&NextToken=" + percent_encoded(token),
                                  {}},
                                 "");
  const TaskQuery next = service::task_query(parameters);
  CHECK_FALSE(parameters.error());
  return next.after;
}

}  // namespace

TEST_CASE("pages hold every task once, in order, however it is sorted") {
  const TemporaryFolder folder;
  TaskStore store = opened(folder);
  add(store, 40);
  for (int i = 0; i < 20; ++i) {
    REQUIRE(store.finish((*store.claim())->number, end_at(5000 + i / 4)).ok());
  }
  for (const TaskSort sort : {TaskSort::TaskId, TaskSort::StartTime, TaskSort::EndTime}) {
    for (const bool is_descending : {false, true}) {
      TaskQuery query{
          .project = "p", .sort = sort, .is_descending = is_descending, .max_results = 7};
      std::vector<TaskEntry> all;
      for (int page_number = 0; page_number < 10; ++page_number) {
        const TaskPage page = *store.tasks(query);
        all.insert(all.end(), page.tasks.begin(), page.tasks.end());
        if (page.next.empty()) break;
        CHECK(page.tasks.size() == 7);
        query.after = cursor_of(query, page.next);
      }
      const auto is_before = [&](const TaskEntry& a, const TaskEntry& b) {
        return is_descending ? sort_key(b, sort) < sort_key(a, sort)
                             : sort_key(a, sort) < sort_key(b, sort);
      };
      CHECK(all.size() == 36);
      CHECK(std::is_sorted(all.begin(), all.end(), is_before));
      std::set<std::string> ids;
      for (const TaskEntry& task : all) ids.insert(task.id);
      CHECK(ids.size() == 36);
    }
  }
}

TEST_CASE("lists are narrowed by status, tags and times") {
  const TemporaryFolder folder;
  TaskStore store = opened(folder);
  add(store, 9);
  REQUIRE(store.finish((*store.claim())->number, end_at(5000)).ok());
  REQUIRE(store.finish((*store.claim())->number, end_at(6000, TaskState::Failed)).ok());
  const auto count = [&](const TaskQuery& query) { return store.tasks(query)->tasks.size(); };
  CHECK(count({.project = "p"}) == 9);
  CHECK(count({.project = "q"}) == 0);
  CHECK(count({.project = "p", .wants_tasks = false}) == 0);
  CHECK(count({.project = "p", .status = "Running"}) == 7);
  CHECK(count({.project = "p", .status = "Succeeded"}) == 1);
  CHECK(count({.project = "p", .status = "Failed"}) == 1);
  CHECK(count({.project = "p", .tags = {{"parity", "odd"}}}) == 4);
  CHECK(count({.project = "p", .tags = {{"parity", "odd"}, {"n", "3"}}}) == 1);
  CHECK(count({.project = "p", .tags = {{"parity", "' OR 1 = 1 --"}}}) == 0);
  CHECK(count({.project = "p", .started = {Moment(1001), Moment(1001)}}) == 3);
  CHECK(count({.project = "p", .ended = {Moment(5001), {}}}) == 1);
}

TEST_CASE("several connections at once") {
  const TemporaryFolder folder;
  TaskStore writer = opened(folder);
  TaskStore reader = opened(folder);
  std::thread adding([&] { add(writer, 50); });
  std::size_t seen = 0;
  while (seen < 45) {
    const auto page = reader.tasks({.project = "p"});
    REQUIRE(page.ok());
    CHECK(page->tasks.size() >= seen);
    seen = page->tasks.size();
  }
  adding.join();
}

TEST_CASE("a database of the first builds is brought up to date, one of later builds is refused") {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "tasks.db";
  add(*std::make_unique<TaskStore>(opened(folder)), 2);
  {
    auto database = Database::open(file);
    REQUIRE(database.ok());
    REQUIRE(database->execute("ALTER TABLE tasks DROP COLUMN request_id; PRAGMA user_version = 0"));
  }
  TaskStore store = opened(folder);
  const TaskPage page = *store.tasks({.project = "p"});
  REQUIRE(page.tasks.size() == 2);
  CHECK(page.tasks[0].request_id.size() == 32);
  CHECK(page.tasks[0].request_id != page.tasks[1].request_id);
  REQUIRE(Database::open(file)->execute("PRAGMA user_version = 2"));
  const auto later = TaskStore::open(folder.path());
  REQUIRE_FALSE(later.ok());
  CHECK(later.error().message.find("made by a later build") != std::string::npos);
}

TEST_CASE("a folder that is not there") {
  CHECK_FALSE(TaskStore::open("/nonexistent").ok());
}

TEST_CASE("pages have a bound in bytes") {
  const TemporaryFolder folder;
  TaskStore store = opened(folder);
  for (int i = 0; i < 20; ++i) {
    TaskEntry task = entry(i);
    task.project = "p";
    task.definition.assign(900'000, 'x');
    REQUIRE(*store.add(task, "mark" + std::to_string(i), 1000) == Added::New);
  }
  const TaskPage bare = *store.tasks({.project = "p", .max_results = 20});
  CHECK(bare.tasks.size() == 20);
  CHECK(bare.next.empty());
  CHECK(bare.tasks[0].definition.empty());
  const TaskPage whole = *store.tasks({.project = "p", .max_results = 20, .with_definition = true});
  CHECK(whole.tasks.size() == 5);
  CHECK(whole.tasks[0].definition.size() == 900'000);
  CHECK_FALSE(whole.next.empty());
}
