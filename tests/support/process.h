// SPDX-License-Identifier: LGPL-2.1-or-later
// What this process uses, as Linux tells it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

#include <malloc.h>

// AddressSanitizer, as g++ and as clang tell of it.
#ifdef __SANITIZE_ADDRESS__
#define ANIM_TEST_IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ANIM_TEST_IS_SANITIZED 1
#endif
#endif

#ifdef ANIM_TEST_IS_SANITIZED
// What was freed is kept for a while to find its use; by default so much that memory seems to grow.
extern "C" __attribute__((used)) inline const char* __asan_default_options() {
  return "quarantine_size_mb=16";
}
#endif

namespace process {

#ifdef ANIM_TEST_IS_SANITIZED
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif

/// For so many seconds the memory says nothing, since the allocator itself takes what it needs.
inline constexpr double kWarmUp = kIsSanitized ? 300 : 0;

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
