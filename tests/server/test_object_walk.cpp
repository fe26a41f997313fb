// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "gst/tools/server/object_files.h"
#include "gst/tools/server/object_walk.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;
namespace fs = std::filesystem;

namespace {

// In the order of their bytes: '-' and '.' come before '/'.
const std::vector<std::string> kKeys = {"a-b/x", "a.txt", "a/b/c", "a/d", "a0", "z/y"};

struct Bench {
  Bench() {
    for (const std::string& key : kKeys) {
      const fs::path file = folder.path() / "b" / key;
      fs::create_directories(file.parent_path());
      std::ofstream(file) << key;
    }
    std::ofstream(folder.path() / "b/a/.hidden") << "x";
    fs::create_directory_symlink("a", folder.path() / "b/link");
  }
  [[nodiscard]] service::ObjectPage list(const service::ListRequest& request) const {
    auto page = list_objects(*open_root(folder.text()), "b", request);
    REQUIRE(page);
    return std::move(*page);
  }
  static std::vector<std::string> keys(const service::ObjectPage& page) {
    std::vector<std::string> out;
    for (const auto& object : page.objects) out.push_back(object.key);
    return out;
  }
  TemporaryFolder folder;
};

}  // namespace

TEST_CASE("all keys in order, and pages of every size that join") {
  const Bench bench;
  REQUIRE(std::is_sorted(kKeys.begin(), kKeys.end()));
  CHECK(Bench::keys(bench.list({})) == kKeys);
  for (std::size_t most = 1; most <= kKeys.size() + 1; ++most) {
    service::ListRequest request;
    request.most = most;
    std::vector<std::string> all;
    do {
      const auto page = bench.list(request);
      REQUIRE(page.objects.size() <= most);
      for (const auto& key : Bench::keys(page)) all.push_back(key);
      request.after = page.next;
    } while (!request.after.empty() && all.size() <= kKeys.size());
    CHECK(all == kKeys);
  }
}

TEST_CASE("a prefix, and folders") {
  const Bench bench;
  using Keys = std::vector<std::string>;
  CHECK(Bench::keys(bench.list({.prefix = "a/"})) == Keys{"a/b/c", "a/d"});
  CHECK(Bench::keys(bench.list({.prefix = "a/b"})) == Keys{"a/b/c"});
  CHECK(Bench::keys(bench.list({.prefix = "none"})).empty());
  const auto top = bench.list({.by_folder = true});
  CHECK(Bench::keys(top) == Keys{"a.txt", "a0"});
  CHECK(top.folders == Keys{"a-b/", "a/", "z/"});
  const auto inner = bench.list({.prefix = "a/", .by_folder = true});
  CHECK(Bench::keys(inner) == Keys{"a/d"});
  CHECK(inner.folders == Keys{"a/b/"});
  CHECK(bench.list({.after = "a/b/c", .by_folder = true}).folders == Keys{"a/", "z/"});
  CHECK(bench.list({.after = "a/d", .by_folder = true}).folders == Keys{"z/"});
  CHECK(bench.list({.after = "a/", .by_folder = true}).folders == Keys{"z/"});
}

TEST_CASE("a folder that cannot be read fails the list") {
  const Bench bench;
  const Descriptor root = *open_root(bench.folder.text());
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  // Enough for the bucket, its first folder and its names, but for nothing below.
  const int next = dup(root.get());
  close(next);
  const rlimit few{static_cast<rlim_t>(next) + 2, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &few);
  const auto page = list_objects(root, "b", {});
  setrlimit(RLIMIT_NOFILE, &before);
  REQUIRE_FALSE(page);
  CHECK(page.error().code == ErrorCode::Internal);
  CHECK(page.error().message.find("\"a-b/\" cannot be read") != std::string::npos);
}

TEST_CASE("there is no such bucket") {
  const Bench bench;
  const auto root = open_root(bench.folder.text());
  for (const char* name : {"none", "", ".", "..", "b/a", ".hidden"}) {
    CAPTURE(name);
    CHECK_FALSE(list_objects(*root, name, {}));
  }
}
