// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/slurm/submission.h"

#include <algorithm>
#include <array>

#include "gst/core/ascii.h"

namespace anim::slurm {
namespace {

constexpr std::array<std::string_view, 8> kReserved = {"--array",  "--clusters", "--job-name",
                                                       "--output", "--parsable", "--test-only",
                                                       "--wait",   "--wrap"};
constexpr std::string_view kReservedLetters = "aMJoW";

// "minutes:seconds".
std::string minutes_text(std::uint64_t seconds) {
  constexpr std::uint64_t kMinute = 60;
  return std::to_string(seconds / kMinute) + ":" + std::to_string(seconds % kMinute);
}

// The elements from the task's array's own offset on, which sh adds up.
std::string script(const Submission& submission) {
  std::string out = "exec";
  for (const std::string& word : submission.command) out += " " + shell_word(word);
  return out + " $((SLURM_ARRAY_TASK_ID + " + std::to_string(submission.part.offset) + "))";
}

// As sbatch takes it for a file name in which %A and %a stand for numbers.
std::string log_pattern(std::string_view folder) {
  std::string out;
  for (const char c : folder) out += c == '%' ? "%%" : std::string(1, c);
  return out + "/%A_%a.log";
}

}  // namespace

std::vector<ArrayPart> array_parts(std::span<const std::size_t> tasks, std::size_t size) {
  std::vector<ArrayPart> out;
  for (const std::size_t task : tasks) {
    const std::size_t offset = task / size * size;
    if (out.empty() || out.back().offset != offset) out.push_back({offset, {}});
    out.back().elements.push_back(task - offset);
  }
  return out;
}

std::vector<std::size_t> array_offsets(std::span<const std::size_t> tasks, std::size_t size) {
  std::vector<std::size_t> out;
  for (const std::size_t task : tasks) {
    const std::size_t offset = task / size * size;
    if (out.empty() || out.back() != offset) out.push_back(offset);
  }
  return out;
}

std::string array_spec(std::span<const std::size_t> elements) {
  std::string out;
  for (std::size_t i = 0; i < elements.size();) {
    std::size_t last = i;
    while (last + 1 < elements.size() && elements[last + 1] == elements[last] + 1) ++last;
    out += (out.empty() ? "" : ",") + std::to_string(elements[i]);
    if (last > i) out += "-" + std::to_string(elements[last]);
    i = last + 1;
  }
  return out;
}

std::string job_name(std::string_view key, std::size_t offset) {
  return "anim-" + std::string(key) + "-" + std::to_string(offset);
}

std::optional<std::size_t> offset_in(std::string_view name, std::string_view key) {
  const std::string beginning = "anim-" + std::string(key) + "-";
  if (!name.starts_with(beginning)) return {};
  return whole_number<std::size_t>(name.substr(beginning.size()));
}

std::string shell_word(std::string_view word) {
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::span<const std::string_view> reserved_options() {
  return kReserved;
}

// sbatch takes the beginning of a long name for the whole.
bool is_reserved(std::string_view option) {
  if (option.starts_with("--")) {
    const std::string_view name = option.substr(0, option.find('='));
    return std::any_of(kReserved.begin(), kReserved.end(),
                       [&](std::string_view reserved) { return reserved.starts_with(name); });
  }
  return option.size() > 1 && option[0] == '-' &&
         kReservedLetters.find(option[1]) != std::string_view::npos;
}

std::vector<std::string> sbatch_command(const Submission& submission) {
  std::vector<std::string> out = {"sbatch",
                                  "--parsable",
                                  "--requeue",
                                  "--open-mode=append",
                                  "--job-name=" + submission.name,
                                  "--output=" + log_pattern(submission.log_folder),
                                  "--array=" + array_spec(submission.part.elements)};
  const JobLimits& limits = submission.limits;
  if (limits.seconds) out.push_back("--time=" + minutes_text(*limits.seconds));
  if (limits.mebibytes) out.push_back("--mem=" + std::to_string(*limits.mebibytes) + "M");
  if (limits.cpus) out.push_back("--cpus-per-task=" + std::to_string(*limits.cpus));
  out.insert(out.end(), submission.options.begin(), submission.options.end());
  out.push_back("--wrap=" + script(submission));
  return out;
}

std::vector<std::string> trial_command(const Submission& submission) {
  auto out = sbatch_command(submission);
  out.insert(out.begin() + 1, "--test-only");
  return out;
}

bool is_for_now(std::string_view refusal) {
  constexpr std::array<std::string_view, 3> kWords = {"not available", "busy", "contact"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view words) {
    return refusal.find(words) != std::string_view::npos;
  });
}

std::optional<std::uint64_t> submitted_job(std::string_view text) {
  return whole_number<std::uint64_t>(text.substr(0, text.find_first_of(";\n")));
}

}  // namespace anim::slurm
