// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <doctest/doctest.h>

#include "gst/core/service/task_query.h"
#include "gst/core/store/signature.h"

using namespace anim;
using namespace anim::service;

namespace {

Parameters parameters(const Fields& fields) {
  std::string target = "/?ProjectName=p";
  for (const auto& [name, value] : fields) target += "&" + name + "=" + percent_encoded(value);
  return {HttpHead{.method = "POST", .target = target, .headers = {}}, ""};
}

std::string refusal(const Fields& fields) {
  Parameters given = parameters(fields);
  (void)task_query(given);
  return given.error() ? given.error()->message : std::string();
}

}  // namespace

TEST_CASE("without any parameter, all tasks of the project by their ids") {
  Parameters given = parameters({});
  const TaskQuery query = task_query(given);
  CHECK_FALSE(given.error());
  CHECK(query.project == "p");
  CHECK(query.wants_tasks);
  CHECK(query.sort == TaskSort::TaskId);
  CHECK_FALSE(query.is_descending);
  CHECK(query.max_results == 100);
  CHECK_FALSE(query.after);
}

TEST_CASE("everything that can be asked for") {
  Parameters given = parameters({{"TaskTypes", R"(["MediaConvert"])"},
                                 {"Status", "Failed"},
                                 {"TagSelector", "a=1,b=x=y,c="},
                                 {"StartTimeRange", R"({"Start":"2024-08-20T07:03:07Z","End":""})"},
                                 {"EndTimeRange", R"({"End":"2024-08-20T07:03:08Z"})"},
                                 {"Sort", "EndTime"},
                                 {"Order", "desc"},
                                 {"MaxResults", "5"},
                                 {"RequestDefinition", "true"}});
  const TaskQuery query = task_query(given);
  REQUIRE_FALSE(given.error());
  CHECK(query.status == "Failed");
  CHECK(query.tags == std::map<std::string, std::string>{{"a", "1"}, {"b", "x=y"}, {"c", ""}});
  CHECK(query.started.start == Moment(1724137387000));
  CHECK_FALSE(query.started.end);
  CHECK(query.ended.end == Moment(1724137388000));
  CHECK(query.sort == TaskSort::EndTime);
  CHECK(query.is_descending);
  CHECK(query.max_results == 5);
  CHECK(query.with_definition);
  Parameters others = parameters({{"TaskTypes", R"(["VideoLabelClassification"])"}});
  CHECK_FALSE(task_query(others).wants_tasks);
}

TEST_CASE("a token goes on behind a task, in the same order alone") {
  TaskEntry last;
  last.id = "MediaConvert-1.2";
  last.number = 42;
  last.created = Moment(1000);
  for (const char* sort : {"TaskId", "StartTime", "EndTime"}) {
    Parameters given = parameters({{"Sort", sort}});
    const std::string token = next_token(task_query(given), last);
    Parameters next = parameters({{"Sort", sort}, {"NextToken", token}});
    const TaskQuery query = task_query(next);
    REQUIRE_FALSE(next.error());
    REQUIRE(query.after);
    CHECK(query.after->number == 42);
    if (std::string(sort) == "TaskId") CHECK(query.after->key == last.id);
    if (std::string(sort) == "StartTime") CHECK(query.after->key == "1000");
    CHECK_FALSE(refusal({{"Sort", sort}, {"Order", "desc"}, {"NextToken", token}}).empty());
  }
  for (const char* token :
       {"x", "TaskId.asc.", "TaskId.asc.a", "TaskId.asc.a.b", "TaskId.asc.a.1x"}) {
    CAPTURE(token);
    CHECK(refusal({{"NextToken", token}}).starts_with("The parameter NextToken is not one"));
  }
  CHECK_FALSE(refusal({{"Sort", "StartTime"}, {"NextToken", "StartTime.asc.x.1"}}).empty());
}

TEST_CASE("refusals") {
  CHECK(refusal({{"Status", "Done"}}) ==
        "The parameter Status is \"Done\", which is not one of Running, Succeeded, Failed");
  CHECK(refusal({{"MaxResults", "101"}}).find("from 1 to 100") != std::string::npos);
  CHECK(refusal({{"TagSelector", "a"}}).find("name=value") != std::string::npos);
  CHECK(refusal({{"TaskTypes", "MediaConvert"}}).find("a list in JSON") != std::string::npos);
  CHECK(refusal({{"StartTimeRange", R"({"Start":"yesterday"})"}}) ==
        "The parameter StartTimeRange.Start is \"yesterday\", which is no time like "
        "2024-08-20T07:03:07Z");
  CHECK(refusal({{"StartTimeRange", R"({"Start":5})"}}).find("is 5, which") != std::string::npos);
}
