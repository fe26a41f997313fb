// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cstdio>
#include <numeric>

#include <doctest/doctest.h>

#include "gst/core/slurm/submission.h"

using namespace anim::slurm;

TEST_CASE("Tasks become arrays whose elements are below the cluster's size") {
  std::vector<std::size_t> all(2501);
  std::iota(all.begin(), all.end(), 0);
  const auto parts = array_parts(all, 1001);
  REQUIRE(parts.size() == 3);
  CHECK(array_spec(parts[0].elements) == "0-1000");
  CHECK(parts[1].offset == 1001);
  CHECK(array_spec(parts[1].elements) == "0-1000");
  CHECK(parts[2].offset == 2002);
  CHECK(array_spec(parts[2].elements) == "0-498");
  CHECK(array_offsets(all, 1001) == std::vector<std::size_t>{0, 1001, 2002});
}

TEST_CASE("A few of them have the numbers that they have among all") {
  const std::vector<std::size_t> few = {3, 4, 5, 9, 1001, 2002, 2004};
  const auto parts = array_parts(few, 1001);
  REQUIRE(parts.size() == 3);
  CHECK(array_spec(parts[0].elements) == "3-5,9");
  CHECK(array_spec(parts[1].elements) == "0");
  CHECK(array_spec(parts[2].elements) == "0,2");
  CHECK(array_offsets(few, 1001) == std::vector<std::size_t>{0, 1001, 2002});
  CHECK(array_offsets(few, 1) == few);
  CHECK(array_parts({}, 1001).empty());
}

TEST_CASE("The longest list of elements fits into one argument") {
  std::vector<std::size_t> odd;
  for (std::size_t i = 1; i < 40 * kLongestArray; i += 2) odd.push_back(i);
  for (const ArrayPart& part : array_parts(odd, kLongestArray)) {
    CHECK(array_spec(part.elements).size() < 128 * 1024);
  }
}

TEST_CASE("A job's name says which tasks it has") {
  CHECK(job_name("ab12", 1001) == "anim-ab12-1001");
  CHECK(offset_in("anim-ab12-1001", "ab12") == 1001);
  CHECK_FALSE(offset_in("anim-ab13-1001", "ab12"));
  CHECK_FALSE(offset_in("anim-ab12-", "ab12"));
  CHECK_FALSE(offset_in("anim-ab12-1x", "ab12"));
  CHECK_FALSE(offset_in("other", "ab12"));
}

TEST_CASE("sh reads a word as it is") {
  for (const std::string word : {"a b", "it's", "$(rm)`x`\"\\", "", "''", "--x=*", "l\nm"}) {
    FILE* pipe = popen(("printf %s " + shell_word(word)).c_str(), "r");
    REQUIRE(pipe != nullptr);
    char text[64] = {};
    const std::size_t got = fread(text, 1, sizeof text, pipe);
    CHECK(pclose(pipe) == 0);
    CHECK(std::string(text, got) == word);
  }
}

TEST_CASE("sbatch is told what is limited, and the user's options after ours") {
  Submission submission{.name = "anim-k-6",
                        .part = {6, {0, 1, 2, 5}},
                        .limits = {},
                        .log_folder = "/s",
                        .command = {"/usr/bin/gst-animate-1.0", "--index"},
                        .options = {"--partition=video"}};
  const std::vector<std::string> bare = {
      "sbatch",
      "--parsable",
      "--requeue",
      "--open-mode=append",
      "--job-name=anim-k-6",
      "--output=/s/%A_%a.log",
      "--array=0-2,5",
      "--partition=video",
      "--wrap=exec '/usr/bin/gst-animate-1.0' '--index' $((SLURM_ARRAY_TASK_ID + 6))"};
  CHECK(sbatch_command(submission) == bare);
  submission.limits = {.seconds = 3725, .mebibytes = 512, .cpus = 2};
  const auto limited = sbatch_command(submission);
  CHECK(limited[7] == "--time=62:5");
  CHECK(limited[8] == "--mem=512M");
  CHECK(limited[9] == "--cpus-per-task=2");
}

TEST_CASE("A folder of logs with what sbatch would replace in it is that folder") {
  const auto words = sbatch_command({.name = "anim-k-0",
                                     .part = {0, {0}},
                                     .limits = {},
                                     .log_folder = "/s%a/%%",
                                     .command = {},
                                     .options = {}});
  CHECK(std::count(words.begin(), words.end(), "--output=/s%%a/%%%%/%A_%a.log") == 1);
}

TEST_CASE("Options that a batch decides on are known by every name that sbatch takes") {
  for (const std::string_view option : reserved_options()) CHECK(is_reserved(option));
  for (const char* option : {"--array=1", "--arr", "--job=x", "-a1-3", "-J", "-o/x", "-W", "--"}) {
    CHECK(is_reserved(option));
  }
  for (const char* option : {"--partition=video", "-p", "video", "--wait-all-nodes=1", "--output-x",
                             "--hold", "-", ""}) {
    CHECK_FALSE(is_reserved(option));
  }
}

TEST_CASE("A trial is the same call, which says what will not be taken later either") {
  const Submission one{.name = "anim-k-0",
                       .part = {0, {0}},
                       .limits = {},
                       .log_folder = "/l",
                       .command = {"w"},
                       .options = {"--partition=a"}};
  auto words = trial_command(one);
  CHECK(std::erase(words, "--test-only") == 1);
  CHECK(words == sbatch_command(one));
  for (const char* refusal :
       {"sbatch: allocation failure: Requested node configuration is not available",
        "allocation failure: Required partition not available (inactive or drain)"}) {
    CHECK(is_for_now(refusal));
  }
  for (const char* refusal :
       {"sbatch: error: invalid partition specified: no; allocation failure: Invalid partition",
        "sbatch: unrecognized option '--foo'; Try \"sbatch --help\" for more information"}) {
    CHECK_FALSE(is_for_now(refusal));
  }
}

TEST_CASE("The job's number is what sbatch prints, with or without a cluster") {
  CHECK(submitted_job("17\n") == 17);
  CHECK(submitted_job("17;west\n") == 17);
  CHECK_FALSE(submitted_job(""));
  CHECK_FALSE(submitted_job("Submitted batch job 17\n"));
}
