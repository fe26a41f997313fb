// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/glue/held_bytes.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

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
  InFile(int file, std::string folder) : file_(file), folder_(std::move(folder)) {}
  InFile(const InFile&) = delete;
  InFile& operator=(const InFile&) = delete;
  ~InFile() override { close(file_); }

  Status append(const Bytes& bytes) override {
    Status status = write_at(bytes, size_);
    size_ += bytes.size();
    return status;
  }

  Result<Owned<GstBuffer>> take(const std::vector<Patch>& patches) override {
    for (const Patch& patch : patches) {
      if (Status status = write_at(patch.bytes, patch.offset); !status) return status.error();
    }
    void* data = mmap(nullptr, size_, PROT_READ, MAP_SHARED, file_, 0);
    if (data == MAP_FAILED) return failed("read back");
    auto* mapping = new Mapping{data, size_};
    return adopt(gst_buffer_new_wrapped_full(
        GST_MEMORY_FLAG_READONLY, data, size_, 0, size_, mapping,
        [](gpointer mapping) { delete static_cast<Mapping*>(mapping); }));
  }

 private:
  Status write_at(const Bytes& bytes, std::size_t offset) {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t written = pwrite(file_, bytes.data() + done, bytes.size() - done,
                                     static_cast<off_t>(offset + done));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failed("write");
      done += static_cast<std::size_t>(written);
    }
    return success();
  }

  [[nodiscard]] Error failed(const char* what) const {
    const int reason = errno;
    return {reason == ENOSPC ? ErrorCode::NoSpaceLeft : ErrorCode::WriteFailed,
            std::string("could not ") + what + " the held animation in the spool folder \"" +
                folder_ + "\": " + g_strerror(reason),
            {}};
  }

  int file_;
  std::string folder_;
  std::size_t size_ = 0;
};

}  // namespace

std::unique_ptr<HeldBytes> hold_in_memory() {
  return std::make_unique<InMemory>();
}

Result<std::unique_ptr<HeldBytes>> hold_in_folder(const std::string& folder) {
  std::string name = folder + "/animXXXXXX";
  const int file = mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) {
    return Error{ErrorCode::WriteFailed,
                 "the spool folder \"" + folder + "\" cannot take a file: " + g_strerror(errno),
                 {}};
  }
  unlink(name.c_str());
  return std::unique_ptr<HeldBytes>(std::make_unique<InFile>(file, folder));
}

}  // namespace anim::glue
