// SPDX-License-Identifier: LGPL-2.1-or-later
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "gst/tools/server/state_folder.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;
namespace fs = std::filesystem;

namespace {

std::string refusal(const fs::path& root, const fs::path& state) {
  const auto folder = make_state_folder(root.string(), state.string());
  return folder ? std::string() : folder.error().message;
}

}  // namespace

TEST_CASE("without a wish it is in the storage root, for this user alone") {
  const TemporaryFolder root;
  for (int i = 0; i < 2; ++i) {  // the second time it is there
    const auto folder = make_state_folder(root.text(), "");
    REQUIRE(folder.ok());
    CHECK(fs::path(folder->state).filename() == ".animate-server");
    CHECK(fs::is_directory(folder->work));
    CHECK(fs::status(folder->state).permissions() == fs::perms::owner_all);
  }
}

TEST_CASE("another folder is taken as it is") {
  const TemporaryFolder root;
  const TemporaryFolder other;
  const auto mode = fs::status(other.path()).permissions();
  const auto folder = make_state_folder(root.text(), other.text());
  REQUIRE(folder.ok());
  CHECK(fs::is_directory(other.path() / "work"));
  CHECK(fs::status(other.path()).permissions() == mode);
  CHECK(fs::is_empty(root.path()));
  CHECK(refusal(root.path(), other.path() / "new").empty());
}

TEST_CASE("where tasks reach it, or where nothing can be made, it is refused") {
  const TemporaryFolder root;
  const TemporaryFolder other;
  CHECK(refusal(root.path(), root.path() / "bucket").ends_with("where tasks reach it"));
  CHECK(refusal(root.path(), root.path() / "bucket/.state").ends_with("where tasks reach it"));
  CHECK(refusal(root.path(), root.path()).ends_with("where tasks reach it"));
  CHECK(refusal(root.path(), other.path() / ".." / root.path().filename() / "b")
            .ends_with("where tasks reach it"));
  fs::create_directory_symlink(root.path(), other.path() / "link");
  CHECK(refusal(root.path(), other.path() / "link/b").ends_with("where tasks reach it"));
  CHECK(refusal(root.path(), root.path() / ".hidden").empty());
  CHECK(refusal(root.path(), other.path() / "no/such").ends_with("No such file or directory"));
  std::ofstream(other.path() / "file") << "x";
  CHECK(refusal(root.path(), other.path() / "file").ends_with("File exists"));
  CHECK(refusal(root.path() / "missing", {}).ends_with("is no folder"));
}
