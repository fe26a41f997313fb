// SPDX-License-Identifier: LGPL-2.1-or-later
// Lists the objects of a bucket on the storage root, in the order of their keys.
#pragma once

#include <string>

#include "gst/core/error.h"
#include "gst/core/service/object_list.h"
#include "gst/tools/server/descriptor.h"

namespace anim::server {

/// A page of a bucket's objects. Links are not followed, hidden names not listed. Folders that the
/// request leaves out are not read, nor those that are deeper than kDeepest, where no key leads.
/// Fails with NotFound when there is no such bucket, and Internal when a folder cannot be read: a
/// list is whole or none.
[[nodiscard]] Result<service::ObjectPage> list_objects(const Descriptor& root,
                                                       const std::string& bucket,
                                                       const service::ListRequest& request);

}  // namespace anim::server
