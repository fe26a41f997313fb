// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/object_list.h"

#include <utility>

#include "gst/core/ascii.h"
#include "gst/core/service/http_head.h"
#include "gst/core/store/multipart.h"
#include "gst/core/text.h"

namespace anim::service {
namespace {

constexpr std::size_t kMostKeys = 1000;

Error refusal(const std::string& name, const std::string& value, const char* allowed) {
  return {ErrorCode::InvalidArgument, name + ": " + in_quotes(value) + " is not " + allowed, {}};
}

Status read_count(const std::string& value, std::size_t& out) {
  out = whole_number<std::size_t>(value).value_or(0);
  if (out >= 1 && out <= kMostKeys) return success();
  return refusal("max-keys", value, "a whole number from 1 to 1000");
}

// A token is the last key, percent-encoded, so that it is plain text in XML and in URLs.
Status read_token(const std::string& value, std::string& out) {
  auto key = percent_decoded(value, false);
  if (!key || !is_utf8(*key))
    return refusal("continuation-token", value, "one that this service gave");
  out = std::move(*key);
  return success();
}

Status read_field(const std::string& name, const std::string& value, ListRequest& out) {
  const bool is_key = name == "prefix" || name == "start-after";
  if (is_key && !is_utf8(value)) return refusal(name, value, "UTF-8");
  if (name == "list-type") return value == "2" ? success() : refusal(name, value, "2");
  if (name == "prefix") out.prefix = value;
  if (name == "start-after" && out.after.empty()) out.after = value;
  if (name == "continuation-token") return read_token(value, out.after);
  if (name == "max-keys") return read_count(value, out.most);
  if (name == "delimiter" && !value.empty()) {
    out.by_folder = value == "/";
    return out.by_folder ? success() : refusal(name, value, "\"/\"");
  }
  if (name == "encoding-type" && !value.empty()) {
    out.encode_keys = value == "url";
    return out.encode_keys ? success() : refusal(name, value, "\"url\"");
  }
  return success();
}

std::string element(const char* name, std::string_view text) {
  return std::string("<") + name + ">" + xml_escaped(text) + "</" + name + ">";
}

}  // namespace

Result<ListRequest> list_request(const Fields& query) {
  ListRequest out;
  bool is_second = false;
  for (const auto& [name, value] : query) {
    is_second = is_second || name == "list-type";
    if (Status status = read_field(name, value, out); !status) return status.error();
  }
  if (is_second) return out;
  return Error{ErrorCode::InvalidArgument, "objects are listed with list-type=2", {}};
}

std::string list_xml(const std::string& bucket, const ListRequest& request,
                     const ObjectPage& page) {
  const auto shown = [&](const std::string& text) {
    return request.encode_keys ? percent_encoded(text) : text;
  };
  std::string out = R"(<?xml version="1.0" encoding="UTF-8"?><ListBucketResult>)" +
                    element("Name", bucket) + element("Prefix", shown(request.prefix)) +
                    element("MaxKeys", std::to_string(request.most)) +
                    element("Delimiter", request.by_folder ? shown("/") : "");
  if (request.encode_keys) out += element("EncodingType", "url");
  out += element("IsTruncated", page.next.empty() ? "false" : "true") +
         element("KeyCount", std::to_string(page.objects.size() + page.folders.size()));
  if (!page.next.empty()) out += element("NextContinuationToken", percent_encoded(page.next));
  for (const ListedObject& object : page.objects) {
    out += "<Contents>" + element("Key", shown(object.key)) +
           element("LastModified", iso_time(object.modified)) +
           element("ETag", "\"" + object.tag + "\"") + element("Type", "Normal") +
           element("Size", std::to_string(object.bytes)) + element("StorageClass", "Standard") +
           "</Contents>";
  }
  for (const std::string& folder : page.folders) {
    out += "<CommonPrefixes>" + element("Prefix", shown(folder)) + "</CommonPrefixes>";
  }
  return out + "</ListBucketResult>";
}

std::string buckets_xml(const std::vector<std::string>& buckets) {
  std::string out = R"(<?xml version="1.0" encoding="UTF-8"?><ListAllMyBucketsResult>)"
                    "<Owner><ID>local</ID><DisplayName>local</DisplayName></Owner>"
                    "<IsTruncated>false</IsTruncated><Buckets>";
  for (const std::string& name : buckets) out += "<Bucket>" + element("Name", name) + "</Bucket>";
  return out + "</Buckets></ListAllMyBucketsResult>";
}

}  // namespace anim::service
