// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/gif.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>
#include <string_view>
#include <utility>

#include <gif_lib.h>

#include "gst/core/lzw.h"

namespace anim {
namespace {

constexpr std::size_t kLargestBlock = 255;
constexpr std::string_view kSignature = "GIF89a";
constexpr int kColorResolution = 8;  // bits
constexpr int kNetscapeLoop = 1;     // the sub-block that holds the loop count

Error refused(int code) {
  const char* reason = GifErrorString(code);
  return {ErrorCode::EncodeFailed, "the GIF could not be written",
          reason != nullptr ? reason : "giflib error " + std::to_string(code)};
}

int append(GifFileType* gif, const GifByteType* bytes, int count) {
  auto& out = *static_cast<Bytes*>(gif->UserData);
  out.insert(out.end(), bytes, bytes + count);
  return count;
}

Status put_loop(GifFileType* gif, unsigned plays) {
  if (plays == 1) return success();
  const unsigned again = plays == 0 ? 0 : plays - 1;
  const std::array<GifByteType, 3> block = {kNetscapeLoop, static_cast<GifByteType>(again),
                                            static_cast<GifByteType>(again >> 8U)};
  const bool done =
      EGifPutExtensionLeader(gif, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
      EGifPutExtensionBlock(gif, 11, "NETSCAPE2.0") == GIF_OK &&
      EGifPutExtensionBlock(gif, static_cast<int>(block.size()), block.data()) == GIF_OK &&
      EGifPutExtensionTrailer(gif) == GIF_OK;
  if (!done) return refused(gif->Error);
  return success();
}

Status put_control(GifFileType* gif, const GifPicture& picture, Ticks delay, GifDisposal disposal) {
  GraphicsControlBlock control{};
  control.DisposalMode = disposal == GifDisposal::Clear ? DISPOSE_BACKGROUND : DISPOSE_DO_NOT;
  control.DelayTime = static_cast<int>(delay);
  control.TransparentColor =
      picture.has_transparent ? picture.transparent_index() : NO_TRANSPARENT_COLOR;
  std::array<GifByteType, 4> block{};
  const std::size_t size = EGifGCBToExtension(&control, block.data());
  if (EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, static_cast<int>(size), block.data()) !=
      GIF_OK) {
    return refused(gif->Error);
  }
  return success();
}

using ColorMap = std::unique_ptr<ColorMapObject, void (*)(ColorMapObject*)>;

ColorMap map_of(const GifPicture& picture) {
  std::array<GifColorType, 256> colors{};
  std::transform(picture.colors.begin(), picture.colors.end(), colors.begin(), [](Rgb color) {
    return GifColorType{color.r, color.g, color.b};
  });
  return {GifMakeMapObject(1 << picture.table_bits(), colors.data()), GifFreeMapObject};
}

/// Its own table when it `has_table`, otherwise the global one is meant.
Status put_description(GifFileType* gif, const GifPicture& picture, bool has_table) {
  ColorMap map = {nullptr, GifFreeMapObject};
  if (has_table) map = map_of(picture);
  if (has_table && !map) return refused(E_GIF_ERR_NOT_ENOUGH_MEM);
  // giflib forgets the table of the picture before, without freeing it, where the next has none.
  GifFreeMapObject(std::exchange(gif->Image.ColorMap, nullptr));
  const Rect& rect = picture.rect;
  if (EGifPutImageDesc(gif, rect.x, rect.y, rect.width, rect.height, false, map.get()) != GIF_OK) {
    return refused(gif->Error);
  }
  return success();
}

Status put_codes(GifFileType* gif, const Bytes& codes) {
  std::array<GifByteType, 1 + kLargestBlock> block{};
  for (std::size_t at = 0; at < codes.size(); at += kLargestBlock) {
    const std::size_t size = std::min(kLargestBlock, codes.size() - at);
    block[0] = static_cast<GifByteType>(size);
    std::copy_n(codes.begin() + static_cast<std::ptrdiff_t>(at), size, block.begin() + 1);
    if (EGifPutCodeNext(gif, block.data()) != GIF_OK) return refused(gif->Error);
  }
  if (EGifPutCodeNext(gif, nullptr) != GIF_OK) return refused(gif->Error);
  return success();
}

}  // namespace

int GifPicture::table_bits() const {
  return lzw_index_bits(colors.size() + (has_transparent ? 1 : 0));
}

/// The open giflib file; it appends to `bytes`.
struct GifWriter::File {
  File() : gif(EGifOpen(&bytes, append, &error)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (gif != nullptr) EGifCloseFile(gif, nullptr);
  }

  Bytes taken() { return std::exchange(bytes, {}); }

  Bytes bytes;
  int error = 0;
  GifFileType* gif;
};

GifWriter::GifWriter(std::unique_ptr<File> file, Size canvas, unsigned plays)
    : file_(std::move(file)), canvas_(canvas), plays_(plays) {}
GifWriter::~GifWriter() = default;

Result<std::unique_ptr<GifWriter>> GifWriter::create(Size canvas, unsigned plays) {
  const auto fits = [](int side) { return side >= 1 && side <= kGifLargestSide; };
  if (!fits(canvas.width) || !fits(canvas.height)) {
    return Error{ErrorCode::LimitExceeded,
                 "a picture of " + std::to_string(canvas.width) + "x" +
                     std::to_string(canvas.height) +
                     " does not fit a GIF, whose sides are 1 to 65535 pixels",
                 {}};
  }
  if (plays > kGifMostPlays) {
    return Error{ErrorCode::LimitExceeded,
                 "a GIF cannot play " + std::to_string(plays) +
                     " times; 1 to 65536, or 0 for ever, are allowed",
                 {}};
  }
  auto file = std::make_unique<File>();
  if (file->gif == nullptr) return refused(file->error);
  return std::unique_ptr<GifWriter>(new GifWriter(std::move(file), canvas, plays));
}

// The signature, which giflib writes together with the global table: that is not known yet.
Result<Bytes> GifWriter::header() const {
  return Bytes(kSignature.begin(), kSignature.end());
}

/// What follows the signature up to the first picture, whose table becomes the global one.
Status GifWriter::put_screen(const GifPicture& first) {
  GifFileType* gif = file_->gif;
  EGifSetGifVersion(gif, true);
  const ColorMap map = map_of(first);
  if (!map) return refused(E_GIF_ERR_NOT_ENOUGH_MEM);
  if (EGifPutScreenDesc(gif, canvas_.width, canvas_.height, kColorResolution, 0, map.get()) !=
      GIF_OK) {
    return refused(gif->Error);
  }
  file_->bytes.erase(file_->bytes.begin(), file_->bytes.begin() + kSignature.size());
  global_ = first.colors;
  global_bits_ = first.table_bits();
  return put_loop(gif, plays_);
}

bool GifWriter::has_in_global(const GifPicture& picture) const {
  return picture.colors == global_ && picture.table_bits() <= global_bits_;
}

Result<Bytes> GifWriter::picture(const GifPicture& picture, Ticks delay, GifDisposal disposal) {
  assert(delay >= 0 && delay <= kGifLongestDelay);
  GifFileType* gif = file_->gif;
  Status status = global_bits_ == 0 ? put_screen(picture) : success();
  if (status) status = put_control(gif, picture, delay, disposal);
  if (status) status = put_description(gif, picture, !has_in_global(picture));
  if (status) status = put_codes(gif, picture.codes);
  if (!status) return status.error();
  return file_->taken();
}

Result<Bytes> GifWriter::trailer() {
  int error = 0;
  if (EGifCloseFile(std::exchange(file_->gif, nullptr), &error) != GIF_OK) return refused(error);
  return file_->taken();
}

}  // namespace anim
