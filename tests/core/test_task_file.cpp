// SPDX-License-Identifier: LGPL-2.1-or-later
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gst/core/task_file.h"
#include "gst/core/task_json.h"

namespace fs = std::filesystem;

namespace {

/// A folder of one test, gone with it.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "task-file-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string operator/(const char* name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

std::string refusal(const std::string& file) {
  const auto text = anim::read_task_file(file);
  return text ? "read" : text.error().message;
}

}  // namespace

TEST_CASE("an ordinary file is read whole, and no more than a task may have") {
  const Folder folder;
  std::ofstream(folder / "small.json") << "{\n}\n";
  CHECK(anim::read_task_file(folder / "small.json").value() == "{\n}\n");
  std::ofstream(folder / "empty.json").flush();
  CHECK(anim::read_task_file(folder / "empty.json").value().empty());
  std::ofstream(folder / "most.json") << std::string(anim::kMaxTaskBytes, ' ');
  CHECK(anim::read_task_file(folder / "most.json").value().size() == anim::kMaxTaskBytes);
  fs::resize_file(folder / "most.json",
                  std::uintmax_t{100} << 20);  // 100 MiB, of which none is written
  const auto large = anim::read_task_file(folder / "most.json");
  REQUIRE_FALSE(large.ok());
  CHECK(large.error().code == anim::ErrorCode::LimitExceeded);
  CHECK(large.error().message.ends_with("most.json\": it is longer than 16777216 bytes"));
}

TEST_CASE("what is no ordinary file is refused without waiting") {
  const Folder folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(refusal(folder / "pipe").ends_with("pipe\": it is a pipe or a device"));
  CHECK(refusal(folder / "").ends_with("\": it is a directory"));
  CHECK(refusal("/dev/zero") == "the task: cannot read \"/dev/zero\": it is a pipe or a device");
  const auto missing = anim::read_task_file(folder / "none.json");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().code == anim::ErrorCode::NotFound);
  CHECK(missing.error().message.ends_with("none.json\": No such file or directory"));
}
