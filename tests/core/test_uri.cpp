// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <string>

#include <doctest/doctest.h>

#include "gst/core/uri.h"

using anim::Place;

TEST_CASE("a source is in a bucket, in a file or on the web") {
  struct Row {
    const char* uri;
    Place::Kind kind;
    const char* bucket;
    const char* key;
  };
  const auto rows = std::to_array<Row>({
      {"oss://test-bucket/video-demo/brewing.mov", Place::Kind::Bucket, "test-bucket",
       "video-demo/brewing.mov"},
      {"OSS://b/100%25 a{b}.mov", Place::Kind::Bucket, "b", "100%25 a{b}.mov"},
      {"oss://b/..a/b..", Place::Kind::Bucket, "b", "..a/b.."},
      {"s3://my.bucket/a/b c.mp4", Place::Kind::S3, "my.bucket", "a/b c.mp4"},
      {"clip.mp4", Place::Kind::File, "", "clip.mp4"},
      {"../up/clip.mp4", Place::Kind::File, "", "../up/clip.mp4"},
      {"/tmp/a b%20.mp4", Place::Kind::File, "", "/tmp/a b%20.mp4"},
      {"C:\\clip.mp4", Place::Kind::File, "", "C:\\clip.mp4"},
      {"file:///tmp/a%20b%C3%A9.mp4", Place::Kind::File, "", "/tmp/a b\xc3\xa9.mp4"},
      {"file://LOCALHOST/x", Place::Kind::File, "", "/x"},
      {"http://host:80/a/b%20c.mp4?x=1/2#f", Place::Kind::Http, "", "a/b c.mp4"},
      {"https://host", Place::Kind::Http, "", ""},
      {"-", Place::Kind::Stdin, "", ""},
      {"./-", Place::Kind::File, "", "./-"},
  });
  for (const Row& row : rows) {
    CAPTURE(row.uri);
    const auto place = anim::source_place(row.uri);
    REQUIRE(place.ok());
    CHECK(place.value().uri == row.uri);
    CHECK(place.value().kind == row.kind);
    CHECK(place.value().bucket == row.bucket);
    CHECK(place.value().key == row.key);
  }
}

TEST_CASE("hostile and mistaken places are refused with the reason") {
  struct Row {
    std::string uri;
    const char* why;
  };
  const std::string long_name(256, 'n');
  const auto rows = std::to_array<Row>({
      {"", "is empty"},
      {"oss://", "names no bucket"},
      {"oss:///key", "names no bucket"},
      {"oss://bucket", "names no object"},
      {"oss://bucket/", "names no object"},
      {"oss://../etc/passwd", "bucket that begins with '.'"},
      {"oss://.topics/t/1.json", "bucket that begins with '.'"},
      {"oss://b/../../etc/passwd", "\"..\" as a part"},
      {"oss://b/a/./c", "\".\" or"},
      {"oss://b/a/..", "\"..\" as a part"},
      {"oss://b//etc/passwd", "empty part"},
      {"oss://b/a//c", "empty part"},
      {"oss://b/a/", "empty part"},
      {"oss://b/a\nb", "control characters"},
      {std::string("oss://b/a\0b", 11), "control characters"},
      {"oss://b/" + long_name, "more than 255 bytes"},
      {"oss://" + long_name + "/a", "longer than 255 bytes"},
      {"oss://b/" + std::string(1024, 'k'), "more than 1023 bytes"},
      {std::string(5000, 'p'), "longer than 4000 bytes"},
      {"file://relative/x", "three slashes"},
      {"file://", "three slashes"},
      {"file:///a%2", "'%'"},
      {"file:///a%zz", "'%'"},
      {"file:///a%00b", "control characters"},
      {"http://", "names no host"},
      {"http://?x", "names no host"},
      {"http://host/a b", "write %20"},
      {"s3://b/../etc/passwd", "\"..\" as a part"},
      {"s3://bucket", "names no object"},
      {"gs://bucket/key", "gs:// is not supported; use oss://bucket/key, s3://bucket/key"},
      {"rtsp://camera/1", "rtsp:// is not supported"},
  });
  for (const Row& row : rows) {
    CAPTURE(row.uri);
    const auto place = anim::source_place(row.uri);
    REQUIRE_FALSE(place.ok());
    CAPTURE(place.error().message);
    CHECK(place.error().message.find(row.why) != std::string::npos);
  }
}

TEST_CASE("an output is a file in a bucket or a path, never a folder or the web") {
  CHECK(anim::output_place("oss://b/x.webp").ok());
  CHECK(anim::output_place("out/x").ok());
  for (const char* uri : {"http://host/x.webp", "out/", "/", "..", "out/.", "file:///tmp/", "-"}) {
    CAPTURE(uri);
    CHECK_FALSE(anim::output_place(uri).ok());
  }
  CHECK(anim::output_place("https://h/x").error().code == anim::ErrorCode::Unsupported);
}

TEST_CASE("buckets and topics lie below the storage root") {
  CHECK(anim::local_path(anim::source_place("oss://b/a/c.mp4").value(), "/store") ==
        "/store/b/a/c.mp4");
  CHECK(anim::local_path(anim::source_place("file:///x%20y").value(), "/store") == "/x y");
  CHECK(anim::topic_folder("t", "/store") == "/store/.topics/t");
}

TEST_CASE("a URL is shown without its secrets") {
  CHECK(anim::bare_url("https://u:p@host:8/a/b?token=x#f") == "https://host:8/a/b");
  CHECK(anim::bare_url("http://host") == "http://host");
  CHECK(anim::bare_url("http://host?x@y") == "http://host");
  CHECK(anim::bare_url("http://host/a@b") == "http://host/a@b");
}

TEST_CASE("a topic's name is a plain file name") {
  for (const char* name : {"test-mns-topic", "A_1.b"}) CHECK(anim::is_topic_name(name));
  for (const char* name : {"", ".", "..", "a/b", "a b", "a\\b", "\xc3\xa9"}) {
    CHECK_FALSE(anim::is_topic_name(name));
  }
  CHECK_FALSE(anim::is_topic_name(std::string(256, 'a')));
}

TEST_CASE("a resolved path is below a root or not") {
  CHECK(anim::is_below("/store", "/store/b/x"));
  CHECK(anim::is_below("/store/", "/store/b"));
  CHECK(anim::is_below("/", "/etc"));
  CHECK_FALSE(anim::is_below("/store", "/store"));
  CHECK_FALSE(anim::is_below("/store", "/store/"));
  CHECK_FALSE(anim::is_below("/store", "/store-evil/x"));
  CHECK_FALSE(anim::is_below("/store", "/etc/passwd"));
}
