// SPDX-License-Identifier: LGPL-2.1-or-later
// The options of gst-animate-1.0 for many tasks of one file.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <glib.h>

#include "gst/core/error.h"
#include "gst/core/slurm/submission.h"

namespace anim::tools {

enum class BatchRunner { Local, Slurm };

struct BatchSettings {
  std::string file;                  ///< tasks, one JSON a line; an absolute path
  std::string state;                 ///< the folder of what is known of them; an absolute path
  std::optional<std::size_t> index;  ///< run this one alone, here
  BatchRunner runner = BatchRunner::Local;
  std::size_t jobs = 1;     ///< at once, Local
  std::size_t retries = 2;  ///< of a task whose worker leaves no result
  slurm::JobLimits limits;
  std::uint64_t start_seconds = 120;  ///< from a job's start to its worker's, Slurm
  std::vector<std::string> sbatch;    ///< options of sbatch
};

/// Outlives the context that has its group.
class BatchOptions {
 public:
  BatchOptions() = default;
  BatchOptions(const BatchOptions&) = delete;
  BatchOptions& operator=(const BatchOptions&) = delete;
  ~BatchOptions();

  /// A group for g_option_context_add_group(), which takes it.
  [[nodiscard]] GOptionGroup* group();

  /// What was given; nothing without --batch. A refusal names the option, what was given and what
  /// is allowed.
  [[nodiscard]] Result<std::optional<BatchSettings>> values() const;

 private:
  [[nodiscard]] Status check_use(const BatchSettings& settings) const;

  static constexpr std::size_t kCount = 10;

  std::array<gchar*, kCount> texts_{};  ///< in the order of the table in batch_options.cpp
  gchar** sbatch_ = nullptr;
};

}  // namespace anim::tools
