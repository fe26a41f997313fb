// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/reader.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "gst/glue/graph.h"
#include "gst/glue/handle.h"
#include "plugins/animtask/net/fetch.h"
#include "plugins/animtask/sources/presigned_reader.h"

namespace anim {
namespace {

namespace fs = std::filesystem;

Status check_file(const std::string& uri, const std::string& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (!fs::exists(status)) {
    return Error{ErrorCode::NotFound, "\"" + uri + "\" does not exist: there is no " + file, {}};
  }
  if (fs::is_directory(status)) {
    return Error{ErrorCode::ReadFailed, "\"" + uri + "\" is a directory, not a video file", {}};
  }
  if (!fs::is_regular_file(status)) {
    // Reading a pipe or a device may wait for ever, and filesrc cannot be interrupted then.
    return Error{ErrorCode::ReadFailed, "\"" + uri + "\" is a pipe or a device, not a file", {}};
  }
  if (access(file.c_str(), R_OK) != 0) {
    return Error{
        ErrorCode::ReadFailed, "\"" + uri + "\" may not be read: " + std::strerror(errno), {}};
  }
  if (fs::file_size(file, error) == 0 && !error) {
    return Error{ErrorCode::ReadFailed, "\"" + uri + "\" is empty (0 bytes)", {}};
  }
  return success();
}

Result<GstElement*> make_web_reader(const SourceInput& input) {
  const std::string& uri = input.rules.place.uri;
  const std::string& url = input.address.url.empty() ? uri : input.address.url;
  GError* raw = nullptr;
  GstElement* made = gst_element_make_from_uri(GST_URI_SRC, url.c_str(), nullptr, &raw);
  if (made == nullptr) {
    const auto error = glue::adopt(raw);
    return Error{ErrorCode::Unsupported,
                 "\"" + uri + "\" cannot be read here: " + error->message +
                     " (on Debian, gstreamer1.0-plugins-good reads http and https)",
                 {}};
  }
  limit_redirects(made, input.rules);
  return made;
}

}  // namespace

Result<GstElement*> make_reader(const SourceInput& input) {
  const Place& place = input.rules.place;
  if (place.kind == Place::Kind::Stdin) return make_element("fdsrc");
  if (!input.address.is_remote()) {
    const std::string& file = input.address.file;
    if (Status status = check_file(place.uri, file); !status) return status.error();
    auto made = make_element("filesrc");
    if (made) g_object_set(*made, "location", file.c_str(), nullptr);
    return made;
  }
  if (!input.address.presigned_url.empty()) {
    return make_presigned_reader(input.address.presigned_url, place.uri);
  }
  return make_web_reader(input);
}

Result<SourceInput> moved(SourceInput input, StopSignal& stop) {
  const MayRead may_read = [&](const std::string& url) { return check_nested(input.rules, url); };
  auto url = follow(input.rules.place.uri, may_read, stop);
  if (!url) return url.error();
  input.address.url = std::move(*url);
  return input;
}

}  // namespace anim
