// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/playlist.h"

using Names = std::vector<std::string>;

TEST_CASE("an HLS playlist names segments, variants, keys and maps") {
  CHECK(anim::hls_references("#EXTM3U\r\n#EXT-X-VERSION:3\r\n#EXTINF:1.0,\r\nseg 1.ts\r\n\r\n"
                             "  http://h/2.ts\t\n#EXT-X-ENDLIST") ==
        Names{"seg 1.ts", "http://h/2.ts"});
  CHECK(anim::hls_references("#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"file:///k\",IV=0x1\n"
                             "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",URI=\"a.m3u8\"\n"
                             "#EXT-X-STREAM-INF:BANDWIDTH=1\n../v.m3u8\n"
                             "#EXT-X-MAP:URI=\"init.mp4\",BYTERANGE=\"1@0\"\n") ==
        Names{"file:///k", "a.m3u8", "../v.m3u8", "init.mp4"});
  CHECK(anim::hls_references("#EXT-X-KEY:URI=\"not closed") == Names{"not closed"});
  CHECK(anim::hls_references("").empty());
}

TEST_CASE("of a DASH manifest only unusual schemes count") {
  CHECK(anim::dash_references(
            "<MPD xmlns=\"urn:mpeg:dash\" xsi:schemaLocation='http://x y'><BaseURL> "
            "File:///etc/passwd </BaseURL><Period xlink:href=\"ftp://h/x\"/>"
            "<S media='seg-$Number$.m4s' t=\"a:b\"/></MPD>") ==
        Names{"File:///etc/passwd", "ftp://h/x"});
}
