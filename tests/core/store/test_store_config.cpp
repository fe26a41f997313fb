// SPDX-License-Identifier: LGPL-2.1-or-later
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/store/store_config.h"

using namespace anim;

namespace {

SettingLookup settings(std::map<std::string, std::string> values) {
  return [values = std::move(values)](std::string_view name) {
    const auto found = values.find(std::string(name));
    return found == values.end() ? std::string() : found->second;
  };
}

StoreConfig oss(const std::string& endpoint) {
  const auto store = oss_config(settings({{"OSS_ENDPOINT", endpoint},
                                          {"OSS_REGION", "cn-hangzhou"},
                                          {"OSS_ACCESS_KEY_ID", "ak"},
                                          {"OSS_ACCESS_KEY_SECRET", "sk"}}));
  REQUIRE(store.ok());
  return store.value().value();
}

std::string url(const StoreConfig& store, const std::string& bucket, const std::string& key) {
  return url_of(store, request_for(store, "GET", bucket, key));
}

const std::map<std::string, std::string> kAmazon = {
    {"AWS_REGION", "eu-west-1"}, {"AWS_ACCESS_KEY_ID", "ak"}, {"AWS_SECRET_ACCESS_KEY", "sk"}};

}  // namespace

TEST_CASE("without an endpoint there is no OSS store and no message service") {
  const auto none = settings({{"OSS_ACCESS_KEY_ID", "ak"}});
  CHECK_FALSE(oss_config(none).value().has_value());
  CHECK_FALSE(mns_config(none).value().has_value());
}

TEST_CASE("half a configuration is refused with what is missing") {
  const auto half = oss_config(settings({{"OSS_ENDPOINT", "http://10.0.0.1"}}));
  REQUIRE_FALSE(half.ok());
  CHECK(half.error().message ==
        "OSS_ENDPOINT is set, but these are not set: OSS_REGION, OSS_ACCESS_KEY_ID, "
        "OSS_ACCESS_KEY_SECRET");
  const auto s3 = s3_config(settings({{"AWS_ACCESS_KEY_ID", "ak"}}));
  REQUIRE_FALSE(s3.ok());
  CHECK(s3.error().message ==
        "s3:// needs a store, but these are not set: AWS_REGION, AWS_SECRET_ACCESS_KEY");
  const auto mns =
      mns_config(settings({{"MNS_ENDPOINT", "http://h"}, {"OSS_ACCESS_KEY_ID", "ak"}}));
  REQUIRE_FALSE(mns.ok());
  CHECK(mns.error().message == "MNS_ENDPOINT is set, but these are not set: OSS_ACCESS_KEY_SECRET");
}

TEST_CASE("an endpoint is a host, with http:// or https:// and a port where needed") {
  CHECK(oss("oss-cn-hangzhou.aliyuncs.com").endpoint.scheme == "https");
  CHECK(oss("http://10.0.0.1:9000/").endpoint.host == "10.0.0.1:9000");
  for (const char* bad : {"ftp://host", "http://", "http://host/path", "http://u:p@host", "a b",
                          "host?x", "http://host#f"}) {
    CAPTURE(bad);
    const auto refused = oss_config(settings({{"OSS_ENDPOINT", bad}}));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message.find("OSS_ENDPOINT: \"" + std::string(bad) +
                                       "\" is no endpoint") == 0);
  }
}

TEST_CASE("the region of OSS stands in its own endpoints") {
  for (const char* endpoint :
       {"oss-cn-beijing.aliyuncs.com", "https://oss-cn-beijing-internal.aliyuncs.com"}) {
    const auto store = oss_config(settings({{"OSS_ENDPOINT", endpoint},
                                            {"OSS_ACCESS_KEY_ID", "ak"},
                                            {"OSS_ACCESS_KEY_SECRET", "sk"}}));
    REQUIRE(store.ok());
    CHECK(store.value()->region == "cn-beijing");
  }
}

TEST_CASE("the bucket stands before the host, or in the path of bare addresses") {
  CHECK(url(oss("oss-cn-hangzhou.aliyuncs.com"), "bucket", "a b/c") ==
        "https://bucket.oss-cn-hangzhou.aliyuncs.com/a%20b/c");
  CHECK(url(oss("http://127.0.0.1:9000"), "bucket", "k") == "http://127.0.0.1:9000/bucket/k");
  CHECK(url(oss("http://localhost:9000"), "bucket", "k") == "http://localhost:9000/bucket/k");
  CHECK(url(oss("http://[::1]:9000"), "bucket", "k") == "http://[::1]:9000/bucket/k");
  CHECK(url(oss("http://s.localhost:9000"), "bucket", "k") == "http://bucket.s.localhost:9000/k");
}

TEST_CASE("S3: the endpoint follows from the region, or is given") {
  CHECK(url(s3_config(settings(kAmazon)).value(), "bucket", "k") ==
        "https://bucket.s3.eu-west-1.amazonaws.com/k");
  CHECK(url(s3_config(settings(kAmazon)).value(), "dotted.bucket", "k") ==
        "https://s3.eu-west-1.amazonaws.com/dotted.bucket/k");
  auto values = kAmazon;
  values["AWS_ENDPOINT_URL"] = "http://other";
  values["AWS_ENDPOINT_URL_S3"] = "http://store";
  CHECK(s3_config(settings(values)).value().endpoint.host == "store");
  values.erase("AWS_REGION");
  values["AWS_DEFAULT_REGION"] = "us-east-2";
  CHECK(s3_config(settings(values)).value().region == "us-east-2");
}

TEST_CASE("a bucket's name cannot change the host") {
  for (const char* name : {"abc", "test-bucket", "0ab9"}) {
    CHECK(is_bucket_name(StoreKind::Oss, name));
    CHECK(is_bucket_name(StoreKind::S3, name));
  }
  for (const char* name :
       {"", "ab", "-abc", "abc-", "Abc", "a@b", "evil.com#", "a:b", "a?b", "a b"}) {
    CHECK_FALSE(is_bucket_name(StoreKind::Oss, name));
    CHECK_FALSE(is_bucket_name(StoreKind::S3, name));
  }
  CHECK(is_bucket_name(StoreKind::S3, "a.b.c"));
  CHECK_FALSE(is_bucket_name(StoreKind::Oss, "a.b.c"));
  CHECK_FALSE(is_bucket_name(StoreKind::Oss, std::string(64, 'a')));
}
