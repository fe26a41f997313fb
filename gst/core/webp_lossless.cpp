// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/webp_lossless.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include <webp/encode.h>

#include "gst/core/vp8l/picture.h"
#include "gst/core/webp_container.h"

namespace anim {
namespace {

const char* words_of(WebPEncodingError error) {
  switch (error) {
    case VP8_ENC_ERROR_OUT_OF_MEMORY:
    case VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY:
      return "there is not enough memory";
    case VP8_ENC_ERROR_BAD_DIMENSION:
      return "its size is not possible";
    case VP8_ENC_ERROR_PARTITION0_OVERFLOW:
    case VP8_ENC_ERROR_PARTITION_OVERFLOW:
    case VP8_ENC_ERROR_FILE_TOO_BIG:
      return "it holds more detail than the format can carry; lower the quality or the size";
    case VP8_ENC_ERROR_INVALID_CONFIGURATION:
      return "the settings are not possible";
    case VP8_ENC_OK:
    case VP8_ENC_ERROR_NULL_PARAMETER:
    case VP8_ENC_ERROR_BAD_WRITE:
    case VP8_ENC_ERROR_USER_ABORT:
    case VP8_ENC_ERROR_LAST:
      return "libwebp failed";
  }
  return "libwebp failed";
}

/// Where libwebp writes.
class Output {
 public:
  Output() { WebPMemoryWriterInit(writer_.get()); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() { WebPMemoryWriterClear(writer_.get()); }

  [[nodiscard]] WebPMemoryWriter* get() const { return writer_.get(); }
  [[nodiscard]] Bytes bytes() const { return {writer_->mem, writer_->mem + writer_->size}; }

 private:
  std::unique_ptr<WebPMemoryWriter> writer_ = std::make_unique<WebPMemoryWriter>();
};

/// libwebp's view of a picture of ours (Bgra), without copying pixels.
class LibwebpPicture {
 public:
  explicit LibwebpPicture(Image& pixels) {
    WebPPictureInit(&picture_);
    picture_.width = pixels.size().width;
    picture_.height = pixels.size().height;
    picture_.use_argb = 1;
    picture_.argb = reinterpret_cast<std::uint32_t*>(pixels.plane(0));
    picture_.argb_stride = picture_.width;
  }
  LibwebpPicture(const LibwebpPicture&) = delete;
  LibwebpPicture& operator=(const LibwebpPicture&) = delete;
  ~LibwebpPicture() { WebPPictureFree(&picture_); }

  /// The chunks of a whole file.
  Result<Bytes> encoded(const WebPConfig& config) {
    const Output output;
    picture_.writer = WebPMemoryWrite;
    picture_.custom_ptr = output.get();
    if (WebPEncode(&config, &picture_) != 0) return webp_image_chunks(output.bytes());
    return Error{ErrorCode::EncodeFailed,
                 std::string("a picture could not be made WebP: ") + words_of(picture_.error_code),
                 "WebPEncode: error " + std::to_string(picture_.error_code)};
  }

 private:
  WebPPicture picture_{};
};

void clear_transparent(Image& picture) {
  const auto pixels = static_cast<std::size_t>(picture.size().area());
  auto* words = reinterpret_cast<std::uint32_t*>(picture.plane(0));
  std::replace_if(
      words, words + pixels, [](std::uint32_t pixel) { return pixel >> 24 == 0; }, 0U);
}

Result<WebPConfig> config_of(const LosslessSettings& settings) {
  WebPConfig config{};
  if (WebPConfigInit(&config) == 0) {
    return Error{ErrorCode::EncodeFailed, "this libwebp is not the one that was built against", {}};
  }
  config.lossless = 1;
  config.quality = settings.effort;
  config.method = settings.method;
  config.near_lossless = settings.near_lossless;
  return config;
}

Result<Bytes> own_stream(const ImageView& picture, const ImageView& around, int near_lossless) {
  if (near_lossless == kExact) return vp8l::encode_picture(picture);
  const bool is_laid_over = around.size.area() > 0;
  return vp8l::encode_nearly(picture, is_laid_over ? around : picture, near_lossless);
}

}  // namespace

Result<Bytes> lossless_chunk(Image& picture, const LosslessSettings& settings,
                             const ImageView& around) {
  if (settings.method == kOwnMethod) {
    clear_transparent(picture);
    const auto stream = own_stream(picture.view(), around, settings.near_lossless);
    if (!stream) return stream.error();
    return webp_chunk("VP8L", *stream);
  }
  const auto config = config_of(settings);
  if (!config) return config.error();
  return LibwebpPicture(picture).encoded(*config);
}

}  // namespace anim
