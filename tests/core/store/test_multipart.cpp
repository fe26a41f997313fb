// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <doctest/doctest.h>

#include "gst/core/store/multipart.h"

using namespace anim;

TEST_CASE("an object up to the bound goes at once") {
  const MultipartRule rule;
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, 64 * kMebibyte}) {
    const auto parts = parts_of(size, rule);
    REQUIRE(parts.size() == 1);
    CHECK(parts[0].offset == 0);
    CHECK(parts[0].length == size);
  }
}

TEST_CASE("parts cover a larger object without gap, the last may be smaller") {
  const MultipartRule rule;
  const std::uint64_t tebibyte = kMebibyte * kMebibyte;
  for (const std::uint64_t size : {64 * kMebibyte + 1, 80 * kMebibyte, 100 * kMebibyte - 1,
                                   80'000 * kMebibyte, tebibyte, 4 * tebibyte + 12345}) {
    CAPTURE(size);
    const auto parts = parts_of(size, rule);
    CHECK(parts.size() > 1);
    CHECK(parts.size() <= rule.most_parts);
    std::uint64_t end = 0;
    for (const FileRange& part : parts) {
      CHECK(part.offset == end);
      end += part.length;
    }
    CHECK(end == size);
    CHECK(parts.front().length >= rule.part_size);
    CHECK(parts.back().length > 0);
  }
  CHECK(parts_of(64 * kMebibyte + 1, rule).size() == 9);
}

TEST_CASE("the body that completes an upload lists the parts in order") {
  CHECK(complete_multipart_body({"\"a\"", "\"b\""}) ==
        "<CompleteMultipartUpload>"
        "<Part><PartNumber>1</PartNumber><ETag>&quot;a&quot;</ETag></Part>"
        "<Part><PartNumber>2</PartNumber><ETag>&quot;b&quot;</ETag></Part>"
        "</CompleteMultipartUpload>");
}

TEST_CASE("text in XML") {
  CHECK(xml_escaped("a<b>&\"c\"\t\n") == "a&lt;b&gt;&amp;&quot;c&quot;\t\n");
  CHECK(xml_escaped("\r") == "&#13;");
  CHECK(xml_escaped("\x01") == "\xEF\xBF\xBD");
  CHECK(xml_escaped("\xEF\xBF\xBFx") == "\xEF\xBF\xBDx");
  CHECK(xml_escaped("\xE4\xB8\xAD") == "\xE4\xB8\xAD");
  CHECK(mns_message_body("{\"a\":\"<\"}") ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Message "
        "xmlns=\"http://mns.aliyuncs.com/doc/v1/\"><MessageBody>{&quot;a&quot;:&quot;&lt;&quot;}"
        "</MessageBody></Message>");
}

TEST_CASE("the text of an element is found or not") {
  const std::string xml = "<Error><Code>NoSuchKey</Code><Message>no</Message></Error>";
  CHECK(xml_text(xml, "Code") == "NoSuchKey");
  CHECK_FALSE(xml_text(xml, "UploadId").has_value());
  CHECK_FALSE(xml_text("<Code>cut off", "Code").has_value());
}
