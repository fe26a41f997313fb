// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/slurm/job_state.h"

using namespace anim;
using namespace anim::slurm;

TEST_CASE("squeue's lines are read, also of what is no element of an array") {
  const auto jobs = array_jobs(
      "12|0|RUNNING|anim-k-0|None\n"
      "12|1|PENDING|anim-k-0|Nodes required for job are DOWN\n"
      "13|N/A|RUNNING|shell|None\n"
      "14|3|PENDING|anim-k-0|a|b\n"
      "\n"
      "rubbish\n");
  REQUIRE(jobs.size() == 4);
  CHECK(jobs[0].job == 12);
  CHECK(jobs[0].element == 0);
  CHECK(jobs[0].state == "RUNNING");
  CHECK(jobs[1].name == "anim-k-0");
  CHECK(jobs[1].reason == "Nodes required for job are DOWN");
  CHECK_FALSE(jobs[2].element);
  CHECK(jobs[3].reason == "a|b");
}

TEST_CASE("A job that is held is told from one that waits") {
  const auto jobs = array_jobs(
      "1|0|PENDING|anim-k-0|launch_failed_requeued_held\n"
      "1|1|PENDING|anim-k-0|JobHeldUser\n"
      "1|2|PENDING|anim-k-0|Resources\n"
      "1|3|CANCELLED|anim-k-0|JobHeldUser\n"
      "1|4|PENDING|anim-k-0|job requeued in held state\n"
      "1|5|PENDING|anim-k-0|JobHoldMaxRequeue\n"
      "1|6|PENDING|anim-k-0|ReqNodeNotAvail, UnavailableNodes:veld1,held2\n");
  REQUIRE(jobs.size() == 7);
  CHECK(is_held(jobs[0]));
  CHECK(is_held(jobs[1]));
  CHECK_FALSE(is_held(jobs[2]));
  CHECK_FALSE(is_held(jobs[3]));
  CHECK(is_held(jobs[4]));
  CHECK(is_held(jobs[5]));
  CHECK_FALSE(is_held(jobs[6]));
}

TEST_CASE("What waits, runs or will run again is alive, whatever later versions call it") {
  for (const char* state : {"PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED",
                            "REQUEUED", "REQUEUE_HOLD", "RESIZING", "SIGNALING", "NEW_WORD", ""}) {
    CHECK(phase_of(state) == JobPhase::Alive);
  }
}

TEST_CASE("A fault of the machine may be tried again, a limit or somebody's wish not") {
  for (const char* state : {"COMPLETED", "FAILED", "NODE_FAIL", "BOOT_FAIL", "PREEMPTED"}) {
    CHECK(phase_of(state) == JobPhase::Ended);
  }
  CHECK(phase_of("CANCELLED by 1000") == JobPhase::Cancelled);
  CHECK(phase_of("CANCELLED+") == JobPhase::Cancelled);
  CHECK(phase_of("TIMEOUT") == JobPhase::OutOfTime);
  CHECK(phase_of("DEADLINE") == JobPhase::OutOfTime);
  CHECK(phase_of("OUT_OF_MEMORY") == JobPhase::OutOfMemory);
}

TEST_CASE("Each end has the code of tasks, and says which job") {
  CHECK(slurm::result_of(JobPhase::Cancelled, "job 3_1").code == TaskCode::Cancelled);
  CHECK(slurm::result_of(JobPhase::OutOfTime, "job 3_1").code == TaskCode::LimitExceeded);
  CHECK(slurm::result_of(JobPhase::OutOfMemory, "job 3_1").code == TaskCode::LimitExceeded);
  const auto lost = slurm::result_of(JobPhase::Ended, "job 3_1");
  CHECK(lost.code == TaskCode::InternalError);
  CHECK(lost.message == "job 3_1 ended without a result");
}

TEST_CASE("sacct and scontrol") {
  const auto states = accounted_states("12_0|CANCELLED by 0\n12_3|TIMEOUT\nrubbish\n\n");
  REQUIRE(states.size() == 2);
  CHECK(states.at("12_0") == "CANCELLED by 0");
  CHECK(states.at("12_3") == "TIMEOUT");
  CHECK(max_array_size("MailProg                = /usr/bin/mail\n"
                       "MaxArraySize            = 1001\nMaxJobCount = 10000\n") == 1001);
  CHECK_FALSE(max_array_size("MaxJobCount = 10000\n"));
}
