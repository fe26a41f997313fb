// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/source_address.h"

#include <chrono>
#include <utility>

#include <sys/stat.h>

#include "gst/core/task_result.h"
#include "plugins/animtask/outputs/publish.h"

namespace anim {
namespace {

// Long conversions ask for parts of it at any time.
constexpr std::uint32_t kReadableSeconds = 24 * 60 * 60;

std::optional<UtcTime> modification_time(const std::string& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return {};
  return utc_time(std::chrono::seconds(status.st_mtim.tv_sec));
}

Result<SourceAddress> in_store(const Place& place, const StoreClient& store) {
  const auto facts = store.look_at(place);
  if (!facts) return facts.error();
  SourceAddress out;
  out.presigned_url = store.presigned_url(place, kReadableSeconds);
  if (facts->modified) out.modified = utc_time(std::chrono::seconds(*facts->modified));
  return out;
}

}  // namespace

Result<SourceAddress> find_source(const Place& place, const std::string& storage_root,
                                  const Stores& stores) {
  const auto store = stores.of(place);
  if (!store) return store.error();
  if (*store) return in_store(place, **store);
  SourceAddress out;
  if (place.kind == Place::Kind::Http || place.kind == Place::Kind::Stdin) return out;
  auto file = source_file(place, storage_root);
  if (!file) return file.error();
  out.file = std::move(*file);
  out.modified = modification_time(out.file);
  return out;
}

}  // namespace anim
