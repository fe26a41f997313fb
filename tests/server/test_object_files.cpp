// SPDX-License-Identifier: LGPL-2.1-or-later
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "gst/tools/server/object_files.h"
#include "gst/tools/server/object_walk.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;
namespace fs = std::filesystem;

namespace {

struct Bench {
  Bench() {
    fs::create_directories(root() / "b/v");
    write("b/v/a.mp4", "video");
    write("outside", "secret");
  }
  [[nodiscard]] fs::path root() const { return folder.path() / "root"; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(name == "outside" ? folder.path() / name : root() / name) << text;
  }
  [[nodiscard]] Descriptor open() const { return *open_root(root().string()); }
  [[nodiscard]] ErrorCode refused(const std::string& bucket, const std::string& key) const {
    const auto object = open_object(open(), {bucket, key});
    REQUIRE_FALSE(object);
    return object.error().code;
  }
  [[nodiscard]] std::string text(const std::string& name) const {
    std::ifstream in(root() / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  TemporaryFolder folder;
};

/// No descriptor is left while this is there.
class Exhausted {
 public:
  Exhausted() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{3, before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
  }
  Exhausted(const Exhausted&) = delete;
  Exhausted& operator=(const Exhausted&) = delete;
  ~Exhausted() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("an object is opened") {
  const Bench bench;
  const auto object = open_object(bench.open(), {"b", "v/a.mp4"});
  REQUIRE(object);
  CHECK(object->bytes == 5);
  CHECK(object->tag.starts_with("5-"));
  CHECK(*bucket_names(bench.open()) == std::vector<std::string>{"b"});
}

TEST_CASE("nothing outside of the root, nothing hidden, nothing that is no file") {
  const Bench bench;
  fs::create_symlink("../../outside", bench.root() / "b/link");
  fs::create_symlink("../..", bench.root() / "b/way");
  fs::create_symlink(bench.folder.path() / "outside", bench.root() / "b/absolute");
  fs::create_symlink("v/a.mp4", bench.root() / "b/inside");
  fs::create_directory(bench.root() / ".hidden");
  bench.write("b/.part", "x");
  mkfifo((bench.root() / "b/pipe").c_str(), 0600);
  for (const char* key : {"link", "way/outside", "absolute", "inside", "none", "v", "pipe"}) {
    CAPTURE(key);
    CHECK(bench.refused("b", key) == ErrorCode::NotFound);
  }
  for (const char* key : {"../outside", "v/../v/a.mp4", ".part", "v//a.mp4", "/v", "v/", "\xff"}) {
    CAPTURE(key);
    CHECK(bench.refused("b", key) == ErrorCode::InvalidArgument);
  }
  CHECK(bench.refused("..", "outside") == ErrorCode::InvalidArgument);
  CHECK(bench.refused("b", std::string("v/a.mp4\0x", 9)) == ErrorCode::InvalidArgument);
  CHECK(bench.refused("b", std::string(1024, 'k')) == ErrorCode::InvalidArgument);
  CHECK_FALSE(NewObject::create(bench.open(), {"b", "way/new"}));
  CHECK_FALSE(NewObject::create(bench.open(), {"none", "new"}));
  CHECK_FALSE(NewObject::create(bench.open(), {"b", "v"}));
  CHECK(*bucket_names(bench.open()) == std::vector<std::string>{"b"});
}

TEST_CASE("no link is followed, wherever it leads") {
  const Bench bench;
  fs::create_directory(bench.root() / ".state");
  bench.write(".state/tasks.db", "keep");
  fs::create_directory_symlink("../.state", bench.root() / "b/l");
  fs::create_directory_symlink("b", bench.root() / "same");
  CHECK(bench.refused("b", "l/tasks.db") == ErrorCode::NotFound);
  CHECK(NewObject::create(bench.open(), {"b", "l/evil"}).error().code ==
        ErrorCode::InvalidArgument);
  CHECK(fs::exists(bench.root() / ".state/tasks.db"));
  // All calls agree on what is a bucket.
  CHECK(bench.refused("same", "v/a.mp4") == ErrorCode::NotFound);
  CHECK(NewObject::create(bench.open(), {"same", "x"}).error().code == ErrorCode::NotFound);
  CHECK_FALSE(list_objects(bench.open(), "same", {}));
  CHECK(*bucket_names(bench.open()) == std::vector<std::string>{"b"});
}

TEST_CASE("names that cannot be written are refused before anything is") {
  const Bench bench;
  std::string deep;
  for (std::size_t i = 0; i < kDeepest; ++i) deep += "d/";
  const auto refused = [&](const std::string& key) {
    const auto object = NewObject::create(bench.open(), {"b", key});
    return !object && object.error().code == ErrorCode::InvalidArgument;
  };
  CHECK(refused(std::string(256, 'k')));
  CHECK(refused(std::string(256, 'k') + "/x"));
  CHECK(refused("v/a.mp4/below"));
  CHECK(refused("v"));
  CHECK(refused(deep + "d/x"));
  CHECK_FALSE(fs::exists(bench.root() / "b/d"));
  // At the limits.
  for (const std::string& key : {std::string(255, 'k'), deep + "x"}) {
    CAPTURE(key);
    auto object = NewObject::create(bench.open(), {"b", key});
    REQUIRE(object);
    CHECK((*object)->commit());
    const auto page = list_objects(bench.open(), "b", {.prefix = key});
    REQUIRE(page);
    CHECK(page->objects.size() == 1);
  }
}

TEST_CASE("what is there and cannot be opened is a fault, not nothing") {
  const Bench bench;
  const Descriptor root = bench.open();
  const Exhausted none_left;
  const auto object = open_object(root, {"b", "v/a.mp4"});
  const auto page = list_objects(root, "b", {});
  CHECK(object.error().code == ErrorCode::Internal);
  CHECK(page.error().code == ErrorCode::Internal);
}

TEST_CASE("an object appears whole or not at all") {
  const Bench bench;
  {
    auto object = *NewObject::create(bench.open(), {"b", "new/deep/x"});
    REQUIRE(object->write("half"));
  }
  CHECK_FALSE(fs::exists(bench.root() / "b/new"));
  CHECK(std::distance(fs::directory_iterator(bench.root() / "b"), {}) == 1);
  auto deep = *NewObject::create(bench.open(), {"b", "new/deep/x"});
  REQUIRE(deep->commit());
  CHECK(fs::exists(bench.root() / "b/new/deep/x"));
  auto object = *NewObject::create(bench.open(), {"b", "v/a.mp4"});
  REQUIRE(object->write("one "));
  REQUIRE(object->write("two"));
  CHECK(bench.text("b/v/a.mp4") == "video");
  CHECK(hex(object->sum()) == "aae2c33a105ad3f28f39402d67a24b20");
  const auto tag = object->commit();
  REQUIRE(tag);
  CHECK(bench.text("b/v/a.mp4") == "one two");
  CHECK(open_object(bench.open(), {"b", "v/a.mp4"})->tag == *tag);
}

TEST_CASE("what came in the way of an object while it was written") {
  const Bench bench;
  auto below = *NewObject::create(bench.open(), {"b", "new/x"});
  auto onto = *NewObject::create(bench.open(), {"b", "folder"});
  bench.write("b/new", "a file");
  fs::create_directory(bench.root() / "b/folder");
  CHECK(below->commit().error().code == ErrorCode::InvalidArgument);
  CHECK(onto->commit().error().code == ErrorCode::InvalidArgument);
  CHECK(bench.text("b/new") == "a file");
}

TEST_CASE("a service that begins removes what uploads have left") {
  const Bench bench;
  bench.write("b/.animate-upload-1.part", "half");
  bench.write("b/v/.animate-upload-2.txt", "not ours");
  REQUIRE(prepare_buckets(bench.root().string()));
  CHECK_FALSE(fs::exists(bench.root() / "b/.animate-upload-1.part"));
  CHECK(fs::exists(bench.root() / "b/v/.animate-upload-2.txt"));
  CHECK(bench.text("b/v/a.mp4") == "video");
  CHECK_FALSE(prepare_buckets((bench.root() / "none").string()));
}

TEST_CASE("names that no task can say are none here") {
  const Bench bench;
  CHECK(bench.refused("b", "a\x01") == ErrorCode::InvalidArgument);
  CHECK(bench.refused("b", "a\x7f/b") == ErrorCode::InvalidArgument);
  bench.write("b/a\x01", "x");
  CHECK(list_objects(bench.open(), "b", {})->objects.size() == 1);
}
