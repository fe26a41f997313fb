// SPDX-License-Identifier: LGPL-2.1-or-later
// Lists of a bucket's objects: what a request asks for and the store's XML that answers it
// (ListObjectsV2 of the object store's API).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gst/core/error.h"
#include "gst/core/store/signature.h"
#include "gst/core/task_result.h"

namespace anim::service {

/// Which objects of a bucket are asked for.
struct ListRequest {
  std::string prefix = {};
  std::string after = {};    ///< keys behind this one alone
  bool by_folder = false;    ///< delimiter "/": what lies deeper counts as its folder
  std::size_t most = 100;    ///< keys and folders together
  bool encode_keys = false;  ///< encoding-type "url"
};

/// Reads a request's query. Fails with InvalidArgument, also for what this service has not.
[[nodiscard]] Result<ListRequest> list_request(const Fields& query);

struct ListedObject {
  std::string key;
  std::uint64_t bytes = 0;
  Moment modified{};
  std::string tag;  ///< ETag without its quotes
};

struct ObjectPage {
  std::vector<ListedObject> objects;
  std::vector<std::string> folders;  ///< with their "/", of a request by folder
  std::string next;                  ///< the last key or folder when there are more; else ""
};

/// The answer's body.
[[nodiscard]] std::string list_xml(const std::string& bucket, const ListRequest& request,
                                   const ObjectPage& page);

/// The body that lists buckets.
[[nodiscard]] std::string buckets_xml(const std::vector<std::string>& buckets);

}  // namespace anim::service
