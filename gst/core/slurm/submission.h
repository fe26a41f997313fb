// SPDX-License-Identifier: LGPL-2.1-or-later
// What sbatch is called with: tasks as elements of job arrays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace anim::slurm {

/// What one task may take; what is not given is the cluster's to say.
struct JobLimits {
  std::optional<std::uint64_t> seconds;
  std::optional<std::uint64_t> mebibytes;
  std::optional<std::uint64_t> cpus;
};

/// Tasks of one job array: element i is the task offset + i.
struct ArrayPart {
  std::size_t offset = 0;
  std::vector<std::size_t> elements;  ///< ascending
};

/// How many elements an array has at most, so that their numbers are below what Linux takes for one
/// argument (128 KiB).
constexpr std::size_t kLongestArray = 10000;

/// Cuts tasks (ascending) into arrays whose elements are below `size`, which is at least 1. A
/// task's array has the same offset whatever other tasks there are.
[[nodiscard]] std::vector<ArrayPart> array_parts(std::span<const std::size_t> tasks,
                                                 std::size_t size);

/// The offset of each array that array_parts() may make of some of the tasks (ascending).
[[nodiscard]] std::vector<std::size_t> array_offsets(std::span<const std::size_t> tasks,
                                                     std::size_t size);

/// "0-4,7,9-12".
[[nodiscard]] std::string array_spec(std::span<const std::size_t> elements);

/// The job's name, which says all that is to be known of an array: "anim-KEY-OFFSET".
[[nodiscard]] std::string job_name(std::string_view key, std::size_t offset);

/// The offset in the name of a job of this key; nothing for any other name.
[[nodiscard]] std::optional<std::size_t> offset_in(std::string_view name, std::string_view key);

/// A word as sh reads it.
[[nodiscard]] std::string shell_word(std::string_view word);

/// One array that is to be submitted.
struct Submission {
  std::string name;
  ArrayPart part;
  JobLimits limits;
  std::string log_folder;            ///< for what the jobs say; without backslashes
  std::vector<std::string> command;  ///< up to the task's index, which comes last
  std::vector<std::string> options;  ///< the user's own of sbatch
};

/// The options of sbatch that a batch decides on itself, or with which it would not find its jobs.
[[nodiscard]] std::span<const std::string_view> reserved_options();

/// Whether `option` is one of those, also in short ("--arr=1-3", "-Jname").
[[nodiscard]] bool is_reserved(std::string_view option);

/// The command line. Slurm may run a job again whose node has failed.
[[nodiscard]] std::vector<std::string> sbatch_command(const Submission& submission);

/// The command line that asks whether such a job would be taken, and leaves none.
[[nodiscard]] std::vector<std::string> trial_command(const Submission& submission);

/// Whether what sbatch says of a trial may be otherwise later: nodes that are down are to it as
/// nodes that there are not.
[[nodiscard]] bool is_for_now(std::string_view refusal);

/// The job's number in what `sbatch --parsable` prints; nothing when there is none.
[[nodiscard]] std::optional<std::uint64_t> submitted_job(std::string_view text);

}  // namespace anim::slurm
