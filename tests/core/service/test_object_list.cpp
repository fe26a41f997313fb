// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include <doctest/doctest.h>

#include "gst/core/service/object_list.h"

using namespace anim;
using namespace anim::service;

TEST_CASE("a request is read") {
  const auto request = list_request({{"list-type", "2"},
                                     {"prefix", "v/"},
                                     {"start-after", "v/a"},
                                     {"delimiter", "/"},
                                     {"max-keys", "7"},
                                     {"encoding-type", "url"}});
  REQUIRE(request);
  CHECK(request->prefix == "v/");
  CHECK(request->after == "v/a");
  CHECK(request->by_folder);
  CHECK(request->most == 7);
  CHECK(request->encode_keys);
}

TEST_CASE("a page's token is where the next one begins, whatever is in the key") {
  const std::string key = "v/a b%&<片.mov";
  const std::string xml = list_xml("b", {}, {.objects = {}, .folders = {}, .next = key});
  const std::size_t begin = xml.find("<NextContinuationToken>") + 23;
  const std::string token = xml.substr(begin, xml.find('<', begin) - begin);
  for (const bool is_first : {true, false}) {
    Fields query = {{"list-type", "2"}, {"continuation-token", token}};
    query.insert(is_first ? query.begin() : query.end(), {"start-after", "z"});
    const auto request = list_request(query);
    REQUIRE(request);
    CHECK(request->after == key);
  }
}

TEST_CASE("what is refused") {
  const auto why = [](const Fields& query) {
    const auto request = list_request(query);
    REQUIRE_FALSE(request);
    CHECK(request.error().code == ErrorCode::InvalidArgument);
    return request.error().message;
  };
  CHECK(why({}) == "objects are listed with list-type=2");
  CHECK(why({{"list-type", "1"}}) == "list-type: \"1\" is not 2");
  CHECK(why({{"list-type", "2"}, {"delimiter", "-"}}) == "delimiter: \"-\" is not \"/\"");
  CHECK(why({{"list-type", "2"}, {"encoding-type", "x"}}).starts_with("encoding-type"));
  CHECK(why({{"list-type", "2"}, {"continuation-token", "%"}}).starts_with("continuation-token"));
  CHECK(why({{"list-type", "2"}, {"continuation-token", "%ff"}}).starts_with("continuation-token"));
  CHECK(why({{"list-type", "2"}, {"prefix", "\xff"}}) == "prefix: \"\\xff\" is not UTF-8");
  CHECK(why({{"list-type", "2"}, {"start-after", "\xff"}}).starts_with("start-after"));
  for (const char* count : {"0", "1001", "-1", "x", "", "1x"}) {
    CHECK(why({{"list-type", "2"}, {"max-keys", count}}).starts_with("max-keys"));
  }
}

TEST_CASE("the answer") {
  ObjectPage page;
  page.objects.push_back({"v/<1> 2.mov", 42, Moment(1724137387000), "t"});
  page.folders.push_back("v/deep/");
  ListRequest request;
  request.prefix = "v/";
  request.by_folder = true;
  const std::string xml = list_xml("b", request, page);
  for (const char* part :
       {"<Name>b</Name>", "<Key>v/&lt;1&gt; 2.mov</Key>", "<Size>42</Size>", "<ETag>",
        "<LastModified>2024-08-20T07:03:07.000Z</LastModified>", "<IsTruncated>false</IsTruncated>",
        "<CommonPrefixes><Prefix>v/deep/</Prefix></CommonPrefixes>", "<KeyCount>2</KeyCount>"}) {
    CAPTURE(part);
    CHECK(xml.find(part) != std::string::npos);
  }
  request.encode_keys = true;
  CHECK(list_xml("b", request, page).find("<Key>v%2F%3C1%3E%202.mov</Key>") != std::string::npos);
  CHECK(buckets_xml({"a", "b"}).find("<Bucket><Name>b</Name></Bucket>") != std::string::npos);
}
