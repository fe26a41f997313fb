// SPDX-License-Identifier: LGPL-2.1-or-later
// What this process uses, as Linux tells it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

#include <malloc.h>

#ifdef __SANITIZE_ADDRESS__
// What was freed is kept for a while to find its use; by default so much that memory seems to grow.
extern "C" __attribute__((used)) inline const char* __asan_default_options() {
  return "quarantine_size_mb=16";
}
#endif

namespace process {

/// For so many seconds the memory says nothing, since the allocator itself takes what it needs.
#ifdef __SANITIZE_ADDRESS__
inline constexpr double kWarmUp = 300;
#else
inline constexpr double kWarmUp = 0;
#endif

/// A number of /proc/self/status.
inline std::size_t status(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name + ":")) return std::stoul(line.substr(name.size() + 1));
  }
  return 0;
}

/// Resident bytes, without what the allocator only keeps at hand.
inline std::size_t resident_bytes() {
  malloc_trim(0);
  return status("VmRSS") * 1024;
}

inline std::size_t threads() {
  return status("Threads");
}

inline std::size_t open_files() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

}  // namespace process
