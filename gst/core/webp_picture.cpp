// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/webp_picture.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <webp/encode.h>

#include "gst/core/vp8/key_frame.h"
#include "gst/core/webp_container.h"

namespace anim {
namespace {

constexpr std::uint8_t kOpaque = 255;

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
    WebPMemoryWriter writer;
    WebPMemoryWriterInit(&writer);
    picture_.writer = WebPMemoryWrite;
    picture_.custom_ptr = &writer;
    const bool is_done = WebPEncode(&config, &picture_) != 0;
    const Bytes file(writer.mem, writer.mem + writer.size);
    WebPMemoryWriterClear(&writer);
    if (is_done) return webp_image_chunks(file);
    return Error{ErrorCode::EncodeFailed,
                 std::string("a picture could not be made WebP: ") + words_of(picture_.error_code),
                 "WebPEncode: error " + std::to_string(picture_.error_code)};
  }

 private:
  WebPPicture picture_{};
};

WebPConfig lossless_config(float effort, int method) {
  WebPConfig config;
  WebPConfigInit(&config);
  config.lossless = 1;
  config.quality = effort;
  config.method = method;
  return config;
}

bool is_opaque(const ImageView& picture) {
  if (picture.format != PixelFormat::A420) return true;
  for (int y = 0; y < picture.size.height; ++y) {
    const auto row = picture.row(3, y);
    if (std::any_of(row.begin(), row.end(), [](std::uint8_t a) { return a != kOpaque; })) {
      return false;
    }
  }
  return true;
}

/// Fills a rectangle with the sample before it, or with its own first.
void fill(std::uint8_t* plane, int stride, const Rect& area) {
  std::uint8_t* first = plane + static_cast<std::ptrdiff_t>(area.y) * stride + area.x;
  const std::uint8_t value = area.x > 0 ? first[-1] : first[0];
  for (int y = 0; y < area.height; ++y, first += stride) std::fill_n(first, area.width, value);
}

bool is_transparent(const ImageView& picture, const Rect& area) {
  for (int y = area.y; y < area.y + area.height; ++y) {
    const auto row = picture.row(3, y).subspan(static_cast<std::size_t>(area.x),
                                               static_cast<std::size_t>(area.width));
    if (std::any_of(row.begin(), row.end(), [](std::uint8_t a) { return a != 0; })) return false;
  }
  return true;
}

/// Makes blocks that cannot be seen flat, so that they cost next to nothing.
void flatten_transparent(Image& picture) {
  constexpr int kBlock = 8;
  const auto [width, height] = picture.size();
  const ImageView view = picture.view();
  for (int y = 0; y < height; y += kBlock) {
    for (int x = 0; x < width; x += kBlock) {
      const Rect luma{x, y, std::min(kBlock, width - x), std::min(kBlock, height - y)};
      if (!is_transparent(view, luma)) continue;
      const Rect chroma{x / 2, y / 2, (luma.width + 1) / 2, (luma.height + 1) / 2};
      fill(picture.plane(0), static_cast<int>(view.stride[0]), luma);
      fill(picture.plane(1), static_cast<int>(view.stride[1]), chroma);
      fill(picture.plane(2), static_cast<int>(view.stride[2]), chroma);
    }
  }
}

/// The alpha plane as green of a VP8L picture, which is what an ALPH chunk holds: without the five
/// bytes before its image stream (WebP Container Specification, "Alpha").
Result<Bytes> alpha_chunk(const ImageView& picture, int method) {
  constexpr std::size_t kSkipped = 5;
  constexpr std::uint8_t kLosslessWithoutFilter = 1;
  constexpr int kEffortOfMethod = 8;
  Image green(PixelFormat::Bgra, picture.size);
  std::uint8_t* to = green.plane(0);
  for (int y = 0; y < picture.size.height; ++y) {
    for (const std::uint8_t alpha : picture.row(3, y)) {
      const std::array<std::uint8_t, 4> bgra = {0, alpha, 0, kOpaque};
      to = std::copy(bgra.begin(), bgra.end(), to);
    }
  }
  const auto effort = static_cast<float>(kEffortOfMethod * method);
  const auto chunk = LibwebpPicture(green).encoded(lossless_config(effort, method));
  if (!chunk) return chunk.error();
  Bytes payload = {kLosslessWithoutFilter};
  const auto stream = webp_chunk_payload(*chunk).subspan(kSkipped);
  payload.insert(payload.end(), stream.begin(), stream.end());
  return webp_chunk("ALPH", payload);
}

/// How the encoder of VP8 is set for a preset.
struct Tuning {
  int masking;
  int filter_strength;
  int filter_sharpness;
};
Tuning tuning_of(WebpPreset preset) {
  switch (preset) {
    case WebpPreset::None:
      return {50, 60, 0};
    case WebpPreset::Picture:
      return {80, 35, 4};
    case WebpPreset::Photo:
      return {80, 30, 3};
    case WebpPreset::Drawing:
      return {25, 10, 6};
    case WebpPreset::Icon:
    case WebpPreset::Text:
      return {0, 0, 0};
  }
  return {50, 60, 0};
}

Result<Bytes> lossy_chunks(Image& picture, const WebpSettings& settings) {
  Bytes chunks;
  if (!is_opaque(picture.view())) {
    auto alpha = alpha_chunk(picture.view(), settings.method);
    if (!alpha) return alpha;
    chunks = std::move(*alpha);
    flatten_transparent(picture);
  }
  const Tuning tuning = tuning_of(settings.preset);
  const auto frame =
      vp8::encode_key_frame(picture.view(), {.quality = settings.quality,
                                             .effort = settings.method,
                                             .masking = tuning.masking,
                                             .filter_strength = tuning.filter_strength,
                                             .filter_sharpness = tuning.filter_sharpness});
  if (!frame) return frame.error();
  const Bytes chunk = webp_chunk("VP8 ", *frame);
  chunks.insert(chunks.end(), chunk.begin(), chunk.end());
  return chunks;
}

}  // namespace

Status check_webp_settings(const WebpSettings& settings) {
  const bool is_in_range = settings.quality >= 0 && settings.quality <= 100 &&
                           settings.method >= 0 && settings.method <= 6 &&
                           settings.near_lossless >= 0 && settings.near_lossless <= 100;
  if (is_in_range) return success();
  return Error{ErrorCode::InvalidArgument,
               "WebP takes a quality of 0 to 100, a speed of 0 to 6 and near-lossless of 0 to 100",
               "quality " + std::to_string(settings.quality) + ", method " +
                   std::to_string(settings.method) + ", near-lossless " +
                   std::to_string(settings.near_lossless)};
}

PixelFormat webp_picture_format(const WebpSettings& settings, bool has_alpha) {
  if (settings.is_lossless()) return PixelFormat::Bgra;
  return has_alpha ? PixelFormat::A420 : PixelFormat::I420;
}

Result<Bytes> webp_picture_chunks(Image& picture, const WebpSettings& settings) {
  if (!settings.is_lossless()) return lossy_chunks(picture, settings);
  WebPConfig config = lossless_config(settings.quality, settings.method);
  config.near_lossless = settings.near_lossless;
  return LibwebpPicture(picture).encoded(config);
}

}  // namespace anim
