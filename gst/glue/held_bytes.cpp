// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/glue/held_bytes.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include <sys/mman.h>

#include "gst/core/spool_file.h"

namespace anim::glue {
namespace {

Error out_of_memory() {
  return {ErrorCode::EncodeFailed,
          "there is no memory to hold the animation until its end; write to a seekable sink or "
          "set a spool folder",
          {}};
}

/// A block that realloc() grows: the kernel moves its pages, nothing is copied.
class InMemory final : public HeldBytes {
 public:
  Status append(const Bytes& bytes) override {
    const std::size_t needed = size_ + bytes.size();
    if (needed > capacity_ && !grow(std::max(needed, capacity_ + capacity_ / 2))) {
      return out_of_memory();
    }
    std::copy(bytes.begin(), bytes.end(), block_.get() + size_);
    size_ = needed;
    return success();
  }

  Result<Owned<GstBuffer>> take(const std::vector<Patch>& patches) override {
    for (const Patch& patch : patches) {
      std::copy(patch.bytes.begin(), patch.bytes.end(), block_.get() + patch.offset);
    }
    return adopt(gst_buffer_new_wrapped(block_.release(), size_));
  }

 private:
  bool grow(std::size_t capacity) {
    void* grown = g_try_realloc(block_.get(), capacity);
    if (grown == nullptr) return false;
    (void)block_.release();
    block_.reset(static_cast<gchar*>(grown));
    capacity_ = capacity;
    return true;
  }

  Owned<gchar> block_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// A file mapped into memory as long as this lives.
struct Mapping {
  void* data;
  std::size_t size;
  ~Mapping() { munmap(data, size); }
};

class InFile final : public HeldBytes {
 public:
  explicit InFile(SpoolFile file) : file_(std::move(file)) {}

  Status append(const Bytes& bytes) override { return file_.append(bytes); }

  Result<Owned<GstBuffer>> take(const std::vector<Patch>& patches) override {
    for (const Patch& patch : patches) {
      if (Status status = file_.write_at(patch.offset, patch.bytes); !status) {
        return status.error();
      }
    }
    const std::size_t size = file_.size();
    void* data = mmap(nullptr, size, PROT_READ, MAP_SHARED, file_.descriptor(), 0);
    if (data == MAP_FAILED) {
      return Error{ErrorCode::ReadFailed,
                   std::string("cannot read back the held animation: ") + g_strerror(errno),
                   {}};
    }
    auto* mapping = new Mapping{data, size};
    return adopt(gst_buffer_new_wrapped_full(
        GST_MEMORY_FLAG_READONLY, data, size, 0, size, mapping,
        [](gpointer mapping) { delete static_cast<Mapping*>(mapping); }));
  }

 private:
  SpoolFile file_;
};

}  // namespace

std::unique_ptr<HeldBytes> hold_in_memory() {
  return std::make_unique<InMemory>();
}

Result<std::unique_ptr<HeldBytes>> hold_in_folder(const std::string& folder) {
  auto file = SpoolFile::create(folder, "the held animation");
  if (!file) return file.error();
  return std::unique_ptr<HeldBytes>(std::make_unique<InFile>(std::move(*file)));
}

}  // namespace anim::glue
