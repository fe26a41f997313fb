// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/hls_playlist.h"

using anim::read_hls;

namespace {

std::string refusal(std::string_view lines) {
  const auto read = read_hls("#EXTM3U\n" + std::string(lines));
  return read ? std::string() : read.error().message;
}

std::string again(std::string_view lines) {
  const std::string head = "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-PLAYLIST-TYPE:VOD\n";
  const std::string tail = "#EXT-X-ENDLIST\n";
  const std::string text = anim::write_hls(read_hls("#EXTM3U\n" + std::string(lines)).value());
  REQUIRE(text.starts_with(head));
  REQUIRE(text.ends_with(tail));
  return text.substr(head.size(), text.size() - head.size() - tail.size());
}

}  // namespace

TEST_CASE("segments with their lengths, ranges, breaks and beginnings") {
  CHECK(again("#EXT-X-TARGETDURATION:2\r\n#EXTINF:2.0,title, with comma\r\nseg 1.ts\r\n\r\n"
              "#EXTINF:1\n  http://h/2.ts\t\n#EXT-X-DISCONTINUITY\n#EXTINF:1.5,\nb.ts") ==
        "#EXTINF:2.0,\nseg 1.ts\n#EXTINF:1,\nhttp://h/2.ts\n"
        "#EXT-X-DISCONTINUITY\n#EXTINF:1.5,\nb.ts\n");
  CHECK(again("#EXT-X-MAP:BYTERANGE=\"10@5\",URI=\"i.mp4\"\n#EXTINF:1,\n#EXT-X-BYTERANGE:7@100\n"
              "a.mp4\n#EXTINF:1,\n#EXT-X-BYTERANGE:8\na.mp4\n#EXTINF:1,\n#EXT-X-BYTERANGE:9\n"
              "b.mp4\n#EXT-X-MAP:URI=\"j.mp4\"\n#EXTINF:1,\nc.mp4\n") ==
        "#EXT-X-MAP:URI=\"i.mp4\",BYTERANGE=\"10@5\"\n#EXTINF:1,\n#EXT-X-BYTERANGE:7@100\na.mp4\n"
        "#EXTINF:1,\n#EXT-X-BYTERANGE:8@107\na.mp4\n#EXTINF:1,\n#EXT-X-BYTERANGE:9@0\nb.mp4\n"
        "#EXT-X-MAP:URI=\"j.mp4\"\n#EXTINF:1,\nc.mp4\n");
}

TEST_CASE("keys, with the segment's number where there is no IV") {
  CHECK(again("#EXT-X-MEDIA-SEQUENCE:258\n#EXT-X-KEY:METHOD=AES-128,URI=\"k,1\"\n"
              "#EXTINF:1,\na\n#EXTINF:1,\nb\n#EXT-X-KEY:METHOD=AES-128,IV=0xaB3,URI=\"k\","
              "KEYFORMAT=\"identity\"\n#EXTINF:1,\nc\n#EXT-X-KEY:METHOD=NONE\n#EXTINF:1,\nd\n") ==
        "#EXT-X-KEY:METHOD=AES-128,URI=\"k,1\",IV=0x00000000000000000000000000000102\n#EXTINF:1,\n"
        "a\n#EXT-X-KEY:METHOD=AES-128,URI=\"k,1\",IV=0x00000000000000000000000000000103\n"
        "#EXTINF:1,\nb\n#EXT-X-KEY:METHOD=AES-128,URI=\"k\",IV=0x00000000000000000000000000000ab3\n"
        "#EXTINF:1,\nc\n#EXT-X-KEY:METHOD=NONE\n#EXTINF:1,\nd\n");
}

TEST_CASE("what is not about a segment is left out") {
  CHECK(again("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",URI=\"file:///a.m3u8\"\nno-length.ts\n"
              "#EXTINF:-1,\nnot-so-long.ts\n#EXTINF:1e9,\nnor-so.ts\n# a comment\n"
              "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p.ts\"\n#EXTINF:1,\na.ts\n") ==
        "#EXTINF:1,\na.ts\n");
  CHECK(read_hls("#EXTM3U").value().segments.empty());
  CHECK_FALSE(read_hls("#EXTM3U\n#EXTINF:1,\na\n").value().has_end);
  CHECK(read_hls("#EXTM3U\n#EXTINF:1,\na\n#EXT-X-ENDLIST\n").value().has_end);
  CHECK(read_hls("\xEF\xBB\xBF#EXTM3U\n#EXTINF:1,\na\n").value().segments.size() == 1);
}

TEST_CASE("the variant with the largest pictures that can be decoded is taken") {
  const auto best = [](std::string_view lines) {
    return anim::best_variant(read_hls("#EXTM3U\n" + std::string(lines)).value().variants).uri;
  };
  CHECK(best("#EXT-X-STREAM-INF:BANDWIDTH=1000,RESOLUTION=640x360,CODECS=\"avc1.4d, mp4a.40.2\"\n"
             "low\n#EXT-X-STREAM-INF:BANDWIDTH=3000,RESOLUTION=1280x720,CODECS=\"mp4a.40.2,hvc1.1\""
             "\n../high?a=b\n#EXT-X-STREAM-INF:BANDWIDTH=2000,RESOLUTION=1280x720\nmiddle\n"
             "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=9000,URI=\"i\"\n"
             "#EXT-X-STREAM-INF:BANDWIDTH=9000,RESOLUTION=3840x2160,CODECS=\"dvh1.05.06\"\ndolby\n"
             "#EXT-X-STREAM-INF:BANDWIDTH=99000,CODECS=\"mp4a.40.2\"\nsound\n") == "../high?a=b");
  CHECK(best("#EXT-X-STREAM-INF:BANDWIDTH=1\na\n#EXT-X-STREAM-INF:BANDWIDTH=2\nb\n"
             "#EXT-X-STREAM-INF:BANDWIDTH=2,RESOLUTION=99999999999x1\nc\n") == "b");
  CHECK(best("#EXT-X-STREAM-INF:CODECS=\"mp4a.40.2\"\nsound\n") == "sound");
}

TEST_CASE("what cannot be read says why") {
  CHECK(read_hls("<html>\nx").error().message == "its line \"<html>\" is wrong");
  CHECK(refusal("#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"k\"") ==
        "it is encrypted (SAMPLE-AES); only AES-128 can be read");
  CHECK(refusal("#EXT-X-KEY:METHOD=AES-128,KEYFORMAT=\"com.x\",URI=\"k\"") ==
        "it is encrypted (AES-128); only AES-128 can be read");
  for (const char* line :
       {"#EXT-X-KEY:METHOD=AES-128,IV=0xg,URI=\"k\"", "#EXT-X-KEY:METHOD=AES-128,IV=12,URI=\"k\"",
        "#EXT-X-KEY:METHOD=AES-128,IV=0x000000000000000000000000000000000,URI=\"k\"",
        "#EXT-X-BYTERANGE:x", "#EXT-X-BYTERANGE:0@1", "#EXT-X-BYTERANGE:1@",
        "#EXT-X-BYTERANGE:99999999999999999999", "#EXT-X-BYTERANGE:1@9223372036854775807",
        "#EXT-X-BYTERANGE:9223372036854775807@0", "#EXT-X-MEDIA-SEQUENCE:-1",
        "#EXT-X-MAP:URI=\"a\",BYTERANGE=\"1@-1\""}) {
    CAPTURE(line);
    CHECK(refusal(line).starts_with("its line \"#EXT-X-"));
  }
  CHECK(refusal("#EXT-X-MAP:URI=\"\"") == "its line \"\" is wrong");
  CHECK(refusal("#EXTINF:1,\na\"b") == "its line \"a\"b\" is wrong");
  CHECK(refusal("#EXTINF:1,\n" + std::string(8193, 'x')) == "it has a URI of more than 8192 bytes");
  std::string many;
  for (int i = 0; i <= 100'000; ++i) many += "#EXTINF:1,\na\n";
  CHECK(refusal(many) == "it has more than 100000 segments");
}
