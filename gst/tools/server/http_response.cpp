// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/http_response.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <unistd.h>

namespace anim::server {
namespace {

MHD_Response* response_of(const ServerResponse& response) {
  if (!response.file) {
    return MHD_create_response_from_buffer(
        response.body.size(), const_cast<char*>(response.body.data()), MHD_RESPMEM_MUST_COPY);
  }
  const int file = fcntl(response.file->file.get(), F_DUPFD_CLOEXEC, 0);
  if (file < 0) return nullptr;
  const FileRange& bytes = response.file->bytes;
  MHD_Response* out = MHD_create_response_from_fd_at_offset64(bytes.length, file, bytes.offset);
  if (out == nullptr) close(file);
  return out;
}

}  // namespace

bool queue_response(MHD_Connection* connection, const ServerResponse& response) {
  MHD_Response* out = response_of(response);
  if (out == nullptr) return false;
  MHD_add_response_header(out, "Content-Type", response.type.c_str());
  for (const auto& [name, value] : response.headers) {
    MHD_add_response_header(out, name.c_str(), value.c_str());
  }
  const bool is_queued =
      MHD_queue_response(connection, static_cast<unsigned>(response.status), out) == MHD_YES;
  MHD_destroy_response(out);
  return is_queued;
}

}  // namespace anim::server
