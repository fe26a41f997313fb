// SPDX-License-Identifier: LGPL-2.1-or-later
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <variant>

#include <doctest/doctest.h>

#include "gst/core/store/digest.h"
#include "gst/tools/server/object_calls.h"
#include "tests/server/object_request.h"
#include "tests/support/temporary_folder.h"

using namespace anim;
using namespace anim::server;

namespace {

struct Bench {
  Bench() {
    std::filesystem::create_directory(folder.path() / "b");
    std::ofstream(folder.path() / "b/k.mp4") << "0123456789";
  }
  ServerResponse get(const Fields& headers = {}, const std::string& method = "GET") {
    return calls.handle(object_request(method, "b", "k.mp4", headers), "R").later({});
  }
  static std::string header(const ServerResponse& response, const std::string& name) {
    for (const auto& [given, value] : response.headers) {
      if (given == name) return value;
    }
    return "";
  }
  // The answer to a PUT of `body`.
  ServerResponse put(const service::HttpHead& head, const std::string& body) {
    BodyPlan plan = calls.put(head, "R");
    if (auto* response = std::get_if<ServerResponse>(&plan)) return std::move(*response);
    auto& sink = *std::get<std::unique_ptr<BodySink>>(plan);
    if (!sink.take(body)) return {.status = 0};
    return sink.finish().later({});
  }
  [[nodiscard]] bool has(const std::string& name) const {
    return std::filesystem::exists(folder.path() / "b" / name);
  }
  TemporaryFolder folder;
  ObjectCalls calls{{.storage_root = folder.text(),
                     .upload = 20,
                     .uploads = 1,
                     .is_elsewhere = [](const std::string& bucket) { return bucket == "far"; }},
                    *service::AccessKeys::parse("id secret")};
};

bool is_code(const ServerResponse& response, const std::string& code) {
  return response.body.find("<Code>" + code + "</Code>") != std::string::npos;
}

}  // namespace

TEST_CASE("an object is sent in ranges, as nothing of the page") {
  Bench bench;
  const ServerResponse whole = bench.get();
  CHECK(whole.status == 200);
  CHECK(whole.type == "video/mp4");
  CHECK(whole.file->bytes.length == 10);
  CHECK(Bench::header(whole, "Content-Security-Policy") == "default-src 'none'; sandbox");
  const ServerResponse part = bench.get({{"range", "bytes=2-4"}});
  CHECK(part.status == 206);
  CHECK(Bench::header(part, "Content-Range") == "bytes 2-4/10");
  CHECK(part.file->bytes.offset == 2);
  CHECK(part.file->bytes.length == 3);
  const std::string tag = Bench::header(whole, "ETag");
  CHECK(bench.get({{"range", "bytes=2-4"}, {"if-range", tag}}).status == 206);
  CHECK(bench.get({{"range", "bytes=2-4"}, {"if-range", "\"old\""}}).status == 200);
  CHECK(is_code(bench.get({{"range", "bytes=10-"}}), "InvalidRange"));
}

TEST_CASE("an object is put whole, or not at all") {
  Bench bench;
  CHECK(bench.put(object_request("PUT", "b", "new"), "text").status == 200);
  CHECK(bench.has("new"));
  const std::string sum = base64(md5("text"));
  CHECK(bench.put(object_request("PUT", "b", "sum", {{"content-md5", sum}}), "text").status == 200);
  CHECK(is_code(bench.put(object_request("PUT", "b", "bad", {{"content-md5", sum}}), "other"),
                "InvalidDigest"));
  CHECK_FALSE(bench.has("bad"));
  CHECK(bench.put(object_request("PUT", "b", "long"), std::string(21, 'x')).status == 0);
  CHECK_FALSE(bench.has("long"));
  CHECK(is_code(bench.put(object_request("PUT", "b", "long", {{"content-length", "21"}}), ""),
                "EntityTooLarge"));
  CHECK(is_code(bench.put(object_request("PUT", "none", "k"), ""), "NoSuchBucket"));
  CHECK(is_code(bench.put(object_request("PUT", "far", "k"), ""), "OperationNotSupported"));
}

TEST_CASE("buckets that are all in a store of their own are not listed, which is said") {
  const TemporaryFolder folder;
  const ObjectCalls calls({.storage_root = folder.text(),
                           .is_elsewhere = [](const std::string& /*bucket*/) { return true; }},
                          *service::AccessKeys::parse("id secret"));
  const ServerResponse answer = calls.handle(object_request("GET", "", ""), "R");
  CHECK(is_code(answer, "OperationNotSupported"));
  CHECK(answer.body.find("<Message>every bucket is in an object store") != std::string::npos);
}

TEST_CASE("only so many objects come in at once") {
  Bench bench;
  {
    const BodyPlan first = bench.calls.put(object_request("PUT", "b", "1"), "R");
    REQUIRE(std::holds_alternative<std::unique_ptr<BodySink>>(first));
    CHECK(is_code(bench.put(object_request("PUT", "b", "2"), ""), "Throttling"));
  }
  CHECK(bench.put(object_request("PUT", "b", "2"), "").status == 200);
}

TEST_CASE("what would mean something else in the store is refused") {
  Bench bench;
  const auto refused = [&](const service::HttpHead& head) {
    return is_code(bench.calls.handle(head, "R"), "OperationNotSupported");
  };
  CHECK(refused(object_request("GET", "b", "k.mp4", {}, {{"acl", ""}})));
  CHECK(is_code(bench.put(object_request("PUT", "b", "k", {{"x-oss-copy-source", "/b/k.mp4"}}), ""),
                "OperationNotSupported"));
  CHECK(is_code(bench.put(object_request("PUT", "b", "k", {}, {{"partNumber", "1"}}), ""),
                "OperationNotSupported"));
  CHECK(is_code(bench.calls.handle(object_request("GET", "b", "k.mp4", {}, {}, "wrong"), "R"),
                "SignatureDoesNotMatch"));
}

TEST_CASE("which requests are such calls") {
  const auto action = [](const std::string& method, const std::string& target) {
    return object_action({method, target, {}});
  };
  CHECK(action("GET", "/b/k") == "GetObject");
  CHECK(action("HEAD", "/b/k") == "HeadObject");
  CHECK(action("PUT", "/b/k") == "PutObject");
  CHECK(action("GET", "/b/?list-type=2") == "ListObjects");
  CHECK(action("GET", "/") == "");
  CHECK(object_action(object_request("GET", "", "")) == "ListBuckets");
  CHECK(action("DELETE", "/b/k") == "");
  CHECK(action("POST", "/b/k?x-oss-async-process") == "");
}
