// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/store/multipart.h"

#include <algorithm>

namespace anim {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// U+FFFE and U+FFFF, the characters of valid UTF-8 beyond ASCII that XML 1.0 (2.2) leaves out.
bool is_noncharacter(std::string_view text) {
  return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
}

}  // namespace

std::vector<FileRange> parts_of(std::uint64_t size, const MultipartRule& rule) {
  if (size <= rule.above) return {{0, size}};
  const std::uint64_t smallest = (size + rule.most_parts - 1) / rule.most_parts;
  const std::uint64_t length = std::max(rule.part_size, smallest);
  std::vector<FileRange> out;
  for (std::uint64_t offset = 0; offset < size; offset += length) {
    out.push_back({offset, std::min(length, size - offset)});
  }
  return out;
}

std::string complete_multipart_body(const std::vector<std::string>& etags) {
  std::string out = "<CompleteMultipartUpload>";
  for (std::size_t i = 0; i < etags.size(); ++i) {
    out += "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>" +
           xml_escaped(etags[i]) + "</ETag></Part>";
  }
  return out + "</CompleteMultipartUpload>";
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\r') {
      out += "&#13;";  // a plain one would be read as a line feed
    } else if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') {
      out += kReplacement;
    } else if (is_noncharacter(text.substr(i))) {
      out += kReplacement;
      i += kReplacement.size() - 1;
    } else {
      out += c;
    }
  }
  return out;
}

std::optional<std::string> xml_text(std::string_view xml, std::string_view name) {
  const std::string open = "<" + std::string(name) + ">";
  const std::size_t begin = xml.find(open);
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = xml.substr(begin + open.size());
  const std::size_t end = rest.find("</" + std::string(name) + ">");
  if (end == std::string_view::npos) return {};
  return std::string(rest.substr(0, end));
}

std::string mns_message_body(std::string_view text) {
  return R"(<?xml version="1.0" encoding="UTF-8"?>)"
         R"(<Message xmlns="http://mns.aliyuncs.com/doc/v1/"><MessageBody>)" +
         xml_escaped(text) + "</MessageBody></Message>";
}

}  // namespace anim
