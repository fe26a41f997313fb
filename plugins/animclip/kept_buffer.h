// SPDX-License-Identifier: LGPL-2.1-or-later
// What is kept of a buffer that came in: its bytes and its alpha, in memory of their own size.
#pragma once

#include <cstddef>
#include <memory>

#include <gst/gst.h>

namespace anim {

/// A buffer that keeps nothing else alive: no place in a pool, no larger block of which it is a
/// part, and of metas alpha alone. Memory that is its own is shared. `is_raw`: decoded video, which
/// keeps all its metas, for one of them says how its planes lie.
[[nodiscard]] std::shared_ptr<GstBuffer> kept(GstBuffer* buffer, bool is_raw);

/// The memory that keeping it takes, roughly: bytes, alpha, and the structures around them.
[[nodiscard]] std::size_t kept_bytes(GstBuffer* buffer);

}  // namespace anim
