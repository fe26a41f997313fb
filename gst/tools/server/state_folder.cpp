// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/state_folder.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <sys/stat.h>

#include "gst/tools/server/reach.h"

namespace anim::server {
namespace {

namespace fs = std::filesystem;

// Hidden, so that no task reaches it: buckets never are.
constexpr const char* kDefaultName = ".animate-server";

Error failure(const std::string& message) {
  return {ErrorCode::NotFound, message, {}};
}

Status make(const std::string& folder) {
  constexpr mode_t kMode = 0700;
  if (mkdir(folder.c_str(), kMode) == 0) return success();
  const int why = errno;
  std::error_code error;
  if (why == EEXIST && fs::is_directory(folder, error)) return success();
  return failure("cannot make the folder " + folder + ": " + std::strerror(why));
}

}  // namespace

Result<StateFolder> make_state_folder(const std::string& storage_root, const std::string& state) {
  std::error_code error;
  const fs::path root = fs::canonical(storage_root, error);
  if (error || !fs::is_directory(root, error)) {
    return failure("the storage root " + storage_root + " is no folder");
  }
  const fs::path folder =
      state.empty() ? root / kDefaultName : fs::weakly_canonical(fs::absolute(state), error);
  if (error) return failure("--state: " + state + ": " + error.message());
  if (is_in_reach(folder, root)) {
    return failure("--state: " + state + " is in the storage root, where tasks reach it");
  }
  const StateFolder out{folder.string(), (folder / "work").string(), (folder / "plans").string()};
  for (const std::string& one : {out.state, out.work}) {
    if (Status status = make(one); !status) return status.error();
  }
  return out;
}

}  // namespace anim::server
