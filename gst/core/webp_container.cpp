// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/webp_container.h"

#include <algorithm>
#include <string_view>

namespace anim {
namespace {

constexpr std::size_t kRiffHeader = 12;   // "RIFF" size "WEBP"
constexpr std::size_t kChunkHeader = 8;   // name, size
constexpr std::size_t kFrameHeader = 16;  // of ANMF, before the image chunks
constexpr std::uint64_t kSizeOffset = 4;
constexpr std::uint64_t kFlagsOffset = kRiffHeader + kChunkHeader;
constexpr std::uint8_t kAnimationFlag = 0x02;
constexpr std::uint8_t kAlphaFlag = 0x10;
constexpr std::uint8_t kExifFlag = 0x08;
constexpr std::uint8_t kXmpFlag = 0x04;
constexpr std::uint8_t kBlend = 0x00;  // neither kind disposes of its area afterwards
constexpr std::uint8_t kReplace = 0x02;

void put(Bytes& out, std::string_view name) {
  out.insert(out.end(), name.begin(), name.end());
}

/// Little endian.
void put(Bytes& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

/// The chunks of metadata, which come after the frames.
Bytes metadata_chunks(const AnimationInfo& info) {
  Bytes out;
  if (!info.exif.empty()) out = webp_chunk("EXIF", info.exif);
  if (info.xmp.empty()) return out;
  const Bytes xmp = webp_chunk("XMP ", info.xmp);
  out.insert(out.end(), xmp.begin(), xmp.end());
  return out;
}

/// Without padding.
std::size_t chunk_size(std::span<const std::uint8_t> file, std::size_t at) {
  std::size_t size = 0;
  for (int i = 3; i >= 0; --i) size = size << 8 | file[at + 4 + static_cast<std::size_t>(i)];
  return size;
}

bool is_named(const Bytes& file, std::size_t at, std::string_view name) {
  return std::equal(name.begin(), name.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
}

void put_frame(Bytes& out, const WebpFrame& frame, Ticks duration) {
  put(out, "ANMF");
  put(out, kFrameHeader + frame.chunks.size(), 4);
  put(out, static_cast<std::uint64_t>(frame.area.x / 2), 3);
  put(out, static_cast<std::uint64_t>(frame.area.y / 2), 3);
  put(out, static_cast<std::uint64_t>(frame.area.width - 1), 3);
  put(out, static_cast<std::uint64_t>(frame.area.height - 1), 3);
  put(out, static_cast<std::uint64_t>(duration), 3);
  put(out, frame.blends ? kBlend : kReplace, 1);
  out.insert(out.end(), frame.chunks.begin(), frame.chunks.end());
}

}  // namespace

Result<Bytes> webp_image_chunks(const Bytes& file) {
  Bytes out;
  std::size_t at = kRiffHeader;
  while (at + kChunkHeader <= file.size()) {
    const std::size_t size = chunk_size(file, at);
    const std::size_t whole = kChunkHeader + size + size % 2;
    if (whole > file.size() - at) break;
    const auto begin = file.begin() + static_cast<std::ptrdiff_t>(at);
    const bool is_image =
        is_named(file, at, "ALPH") || is_named(file, at, "VP8 ") || is_named(file, at, "VP8L");
    if (is_image) out.insert(out.end(), begin, begin + static_cast<std::ptrdiff_t>(whole));
    at += whole;
  }
  if (out.empty() || at != file.size()) {
    return Error{ErrorCode::EncodeFailed, "the WebP encoder gave no complete picture", {}};
  }
  return out;
}

Bytes webp_chunk(std::string_view name, std::span<const std::uint8_t> payload) {
  Bytes out;
  put(out, name);
  put(out, payload.size(), 4);
  out.insert(out.end(), payload.begin(), payload.end());
  if (payload.size() % 2 != 0) out.push_back(0);
  return out;
}

std::span<const std::uint8_t> webp_chunk_payload(std::span<const std::uint8_t> chunks) {
  return chunks.subspan(kChunkHeader, chunk_size(chunks, 0));
}

bool webp_has_alpha(const Bytes& chunks) {
  if (chunks.size() < kChunkHeader + 5) return false;
  if (is_named(chunks, 0, "ALPH")) return true;
  // VP8L: a signature byte, 14 bits of width, 14 of height, then alpha_is_used.
  return is_named(chunks, 0, "VP8L") && (chunks[kChunkHeader + 4] & 0x10) != 0;
}

Bytes WebpContainer::header() {
  Bytes out;
  put(out, "RIFF");
  put(out, kWebpMaxFile - kChunkHeader, 4);
  put(out, "WEBPVP8X");
  put(out, 10, 4);
  put(out, kAnimationFlag | kAlphaFlag, 4);
  put(out, static_cast<std::uint64_t>(info_.canvas.width - 1), 3);
  put(out, static_cast<std::uint64_t>(info_.canvas.height - 1), 3);
  put(out, "ANIM");
  put(out, 6, 4);
  put(out, info_.background, 4);
  put(out, info_.plays, 2);
  written_ = out.size();
  return out;
}

Result<Bytes> WebpContainer::frame(const WebpFrame& frame, Ticks duration) {
  const std::uint64_t one = kChunkHeader + kFrameHeader + frame.chunks.size();
  const auto times =
      static_cast<std::uint64_t>((duration + kWebpMaxDuration - 1) / kWebpMaxDuration);
  if (Status status = check_parts(static_cast<Ticks>(times)); !status) return status.error();
  const std::uint64_t room = kWebpMaxFile - written_ - metadata_chunks(info_).size();
  if (times > room / one) {
    return Error{ErrorCode::LimitExceeded,
                 "the animation grows past 4 GiB, the most that a WebP file can hold; make it "
                 "shorter or smaller, or lower the quality",
                 {}};
  }
  Bytes out;
  out.reserve(one * times);
  for (Ticks left = duration; left > 0; left -= kWebpMaxDuration) {
    put_frame(out, frame, std::min(left, kWebpMaxDuration));
  }
  written_ += out.size();
  has_alpha_ = has_alpha_ || webp_has_alpha(frame.chunks);
  return out;
}

Bytes WebpContainer::trailer() {
  Bytes out = metadata_chunks(info_);
  written_ += out.size();
  return out;
}

std::uint8_t WebpContainer::flags() const {
  return static_cast<std::uint8_t>(kAnimationFlag | (has_alpha_ ? kAlphaFlag : 0) |
                                   (info_.exif.empty() ? 0 : kExifFlag) |
                                   (info_.xmp.empty() ? 0 : kXmpFlag));
}

std::vector<Patch> WebpContainer::patches() const {
  Bytes size;
  put(size, written_ - kChunkHeader, 4);
  return {{kSizeOffset, size}, {kFlagsOffset, {flags()}}};
}

}  // namespace anim
