// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/picture_spool.h"

#include <cstring>
#include <type_traits>
#include <utility>

namespace anim {
namespace {

/// What stands before each picture. The file is of this process alone: no byte order to agree on.
struct Record {
  std::int64_t start = 0;  ///< nanoseconds
  PixelFormat format = PixelFormat::Bgra;
  Size size;
  std::int32_t is_new = 0;  ///< its planes follow; else it is the picture before
};
static_assert(std::has_unique_object_representations_v<Record>, "no padding is written");

using RecordBytes = std::array<std::uint8_t, sizeof(Record)>;

/// The visible bytes of the planes of `image`, one after the other.
std::span<std::uint8_t> pixels_of(Image& image) {
  std::size_t total = 0;
  for (int plane = 0; plane < plane_count(image.format()); ++plane) {
    total += static_cast<std::size_t>(plane_bytes(image.format(), image.size(), plane).area());
  }
  return {image.plane(0), total};
}

}  // namespace

Result<PictureSpool> PictureSpool::create(const std::string& folder) {
  auto file = SpoolFile::create(folder, "the pictures of the animation");
  if (!file) return file.error();
  return PictureSpool(std::move(*file));
}

Status PictureSpool::add(const ImageView& picture, Nanoseconds start) {
  const bool is_new = last_.is_empty() || !same_pixels(last_.view(), picture);
  const Record record{start.count(), picture.format, picture.size, is_new ? 1 : 0};
  RecordBytes bytes{};
  std::memcpy(bytes.data(), &record, sizeof record);
  if (Status status = file_.append(bytes); !status) return status;
  if (!is_new) return success();
  last_ = Image(picture);
  return file_.append(pixels_of(last_));
}

Status PictureSpool::for_each(const Visit& visit) const {
  Image picture;
  RecordBytes bytes{};
  for (std::uint64_t at = 0; at < file_.size();) {
    if (Status status = file_.read_at(at, bytes); !status) return status;
    at += bytes.size();
    Record record;
    std::memcpy(&record, bytes.data(), sizeof record);
    if (record.is_new != 0) {
      picture = Image(record.format, record.size);
      if (Status status = file_.read_at(at, pixels_of(picture)); !status) return status;
      at += pixels_of(picture).size();
    }
    if (Status status = visit(picture.view(), Nanoseconds(record.start)); !status) return status;
  }
  return success();
}

}  // namespace anim
