// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "gst/core/dash_manifest.h"

using Names = std::vector<std::string>;

TEST_CASE("of a DASH manifest only unusual schemes count") {
  CHECK(anim::dash_references(
            "<MPD xmlns=\"urn:mpeg:dash\" xsi:schemaLocation='http://x y'><BaseURL> "
            "File:///etc/passwd </BaseURL><Period xlink:href=\"ftp://h/x\"/>"
            "<S media='seg-$Number$.m4s' t=\"a:b\"/></MPD>") ==
        Names{"File:///etc/passwd", "ftp://h/x"});
}

TEST_CASE("a DASH manifest that is whole in itself is read") {
  CHECK(anim::check_dash("<?xml version=\"1.0\" encoding=\"UTF-8\"?><!-- href= --><MPD "
                         "xmlns:xlink=\"http://www.w3.org/1999/xlink\" type=\"static\"><BaseURL>"
                         "<![CDATA[a&b]]></BaseURL><S media=\"x?a=1&amp;href=2\"/></MPD>")
            .ok());
  CHECK(anim::check_dash("\xEF\xBB\xBF<MPD/>").ok());
}

TEST_CASE("a DASH manifest that leads elsewhere, or may hide that it does, is refused") {
  const auto refusal = [](std::string_view text) {
    const anim::Status status = anim::check_dash(text);
    return status ? std::string() : status.error().message;
  };
  const std::string elsewhere = "it is a DASH manifest with parts elsewhere (xlink:href)";
  CHECK(refusal("<MPD><Period xlink:href=\"p.xml\"/></MPD>") == elsewhere);
  CHECK(refusal("<MPD><Period q:href" + std::string(1000, '\n') + "=\"p.xml\"/></MPD>") ==
        elsewhere);
  const std::string live = "it is a live DASH presentation, which has no end";
  CHECK(refusal("<MPD type=\"dynamic\"/>") == live);
  CHECK(refusal("<MPD type = 'dynamic'/>") == live);
  const std::string hidden = "it is a DASH manifest with a document type or numeric characters";
  CHECK(refusal("<!DOCTYPE MPD [<!ENTITY d 'x'>]><MPD type=\"&d;\"/>") == hidden);
  CHECK(refusal("<MPD type=\"&#100;ynamic\"/>") == hidden);
  const std::string encoded = "it is a DASH manifest in another encoding than UTF-8";
  CHECK(refusal("<?xml version='1.0' encoding='UTF-7'?><MPD/>") == encoded);
  CHECK(refusal("\xEF\xBB\xBF<?xml version='1.0' encoding = \"utf-16\"?><MPD/>") == encoded);
  CHECK(refusal(std::string_view("<\0M\0P\0D\0", 8)) == encoded);
  CHECK(refusal("<MPD t=\"\xFF\"/>") == encoded);
}

TEST_CASE("a DASH manifest of more streams than there should be threads is refused") {
  const auto manifest = [](int streams, const std::string& tag) {
    std::string out = "<MPD profiles=\"AdaptationSet\"><Period>";
    for (int i = 0; i < streams; ++i) out += "<" + tag + "/>";
    return anim::check_dash(out + "</Period></MPD>");
  };
  CHECK(manifest(250, "AdaptationSet").ok());
  for (const char* tag : {"AdaptationSet", "d:AdaptationSet"}) {
    const anim::Status status = manifest(251, tag);
    REQUIRE_FALSE(status.ok());
    CHECK(status.error().message == "it is a DASH manifest with more than 250 AdaptationSets");
  }
}
