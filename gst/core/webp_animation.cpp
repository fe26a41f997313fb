// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/webp_animation.h"

#include <array>
#include <functional>
#include <string>
#include <utility>

#include <webp/encode.h>

#include "gst/core/carried_picture.h"
#include "gst/core/webp_container.h"

namespace anim {
namespace {

constexpr std::array kPresets = {WEBP_PRESET_DEFAULT, WEBP_PRESET_PICTURE, WEBP_PRESET_PHOTO,
                                 WEBP_PRESET_DRAWING, WEBP_PRESET_ICON,    WEBP_PRESET_TEXT};

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

/// A WebPPicture over planes of ours, and the bytes it becomes.
class Still {
 public:
  explicit Still(Image& pixels) {
    WebPPictureInit(&picture_);
    WebPMemoryWriterInit(&writer_);
    picture_.width = pixels.size().width;
    picture_.height = pixels.size().height;
    picture_.writer = WebPMemoryWrite;
    picture_.custom_ptr = &writer_;
    if (plane_count(pixels.format()) == 1) {
      picture_.use_argb = 1;
      picture_.argb = reinterpret_cast<std::uint32_t*>(pixels.plane(0));
      picture_.argb_stride = picture_.width;
      return;
    }
    const ImageView view = pixels.view();
    const bool has_alpha = pixels.format() == PixelFormat::A420;
    picture_.colorspace = has_alpha ? WEBP_YUV420A : WEBP_YUV420;
    picture_.y = pixels.plane(0);
    picture_.u = pixels.plane(1);
    picture_.v = pixels.plane(2);
    picture_.y_stride = static_cast<int>(view.stride[0]);
    picture_.uv_stride = static_cast<int>(view.stride[1]);
    if (!has_alpha) return;
    picture_.a = pixels.plane(3);
    picture_.a_stride = static_cast<int>(view.stride[3]);
  }
  Still(const Still&) = delete;
  Still& operator=(const Still&) = delete;
  ~Still() {
    WebPPictureFree(&picture_);
    WebPMemoryWriterClear(&writer_);
  }

  Result<Bytes> encoded(const WebPConfig& config) {
    if (WebPEncode(&config, &picture_) != 0) {
      return Bytes(writer_.mem, writer_.mem + writer_.size);
    }
    return Error{ErrorCode::EncodeFailed,
                 std::string("a picture could not be made WebP: ") + words_of(picture_.error_code),
                 "WebPEncode: error " + std::to_string(picture_.error_code)};
  }

  [[nodiscard]] bool has_too_many_modes() const {
    return picture_.error_code == VP8_ENC_ERROR_PARTITION0_OVERFLOW;
  }

 private:
  WebPPicture picture_{};
  WebPMemoryWriter writer_{};
};

/// The prediction modes of a very large picture may not fit the 512 KiB that VP8 gives them:
/// libwebp then takes simpler ones, the more the higher `partition_limit` (0 to 100).
Result<Bytes> encode_still(Image& pixels, WebPConfig config) {
  for (config.partition_limit = 0;; config.partition_limit += 50) {
    Still still(pixels);
    auto file = still.encoded(config);
    if (file.ok() || !still.has_too_many_modes() || config.partition_limit == 100) return file;
  }
}

/// How far a sample may stray unseen beside the codec's own error: 2 levels at quality 75.
BlockTolerance tolerance_at(const WebpSettings& settings) {
  if (settings.is_lossless()) return {};
  return {.sample = std::min(static_cast<int>(100 - settings.quality) / 12, 4)};
}

/// The Format of Animation<>.
class WebpFormat {
 public:
  using Frame = WebpFrame;
  using Job = std::function<Result<Frame>()>;
  static constexpr Ticks kTicksPerSecond = 1000;
  static constexpr Ticks kShortestTicks = 1;

  WebpFormat(const AnimationInfo& info, const WebPConfig& config, BlockTolerance tolerance)
      : config_(config), carried_(tolerance), container_(info) {}

  Result<Job> difference(const ImageView& picture) {
    const Rect area = carried_.update(picture);
    if (area.is_empty()) return Job();
    // The encoder writes into transparent pixels, and the caller's planes do not last.
    auto pixels = std::make_shared<Image>(cropped(picture, area));
    return Job([pixels, area, config = config_]() -> Result<Frame> {
      const auto file = encode_still(*pixels, config);
      if (!file) return file.error();
      auto chunks = webp_image_chunks(*file);
      if (!chunks) return chunks.error();
      return WebpFrame{area, std::move(*chunks)};
    });
  }

  Result<Bytes> header() { return container_.header(); }
  Result<Bytes> frame(const Frame& frame, Ticks duration) {
    return container_.frame(frame, duration);
  }
  static Result<Bytes> trailer() { return Bytes(); }
  [[nodiscard]] std::vector<Patch> patches() const { return container_.patches(); }

 private:
  WebPConfig config_;
  CarriedPicture carried_;
  WebpContainer container_;
};

Result<WebPConfig> config_of(const WebpSettings& settings) {
  WebPConfig config;
  const auto preset = kPresets.at(static_cast<std::size_t>(settings.preset));
  if (WebPConfigPreset(&config, preset, settings.quality) != 0) {
    config.method = settings.method;
    config.lossless = settings.is_lossless() ? 1 : 0;
    config.near_lossless = settings.near_lossless;
    if (WebPValidateConfig(&config) != 0) return config;
  }
  return Error{ErrorCode::InvalidArgument,
               "WebP takes a quality of 0 to 100, a speed of 0 to 6 and near-lossless of 0 to 100",
               "quality " + std::to_string(settings.quality) + ", method " +
                   std::to_string(settings.method) + ", near-lossless " +
                   std::to_string(settings.near_lossless)};
}

}  // namespace

PixelFormat webp_picture_format(const WebpSettings& settings, bool has_alpha) {
  if (settings.is_lossless()) return PixelFormat::Bgra;
  return has_alpha ? PixelFormat::A420 : PixelFormat::I420;
}

Result<std::unique_ptr<AnimationEncoder>> make_webp_animation(const AnimationInfo& info,
                                                              const WebpSettings& settings,
                                                              unsigned threads) {
  const auto [width, height] = info.canvas;
  if (width < 1 || height < 1 || width > kWebpMaxSide || height > kWebpMaxSide) {
    return Error{ErrorCode::LimitExceeded,
                 "a WebP picture has 1 to 16383 pixels a side; this one is " +
                     std::to_string(width) + "x" + std::to_string(height),
                 {}};
  }
  if (info.plays > kWebpMaxPlays) {
    return Error{ErrorCode::LimitExceeded,
                 "an animated WebP plays at most 65535 times or for ever (0); asked for " +
                     std::to_string(info.plays),
                 {}};
  }
  const auto config = config_of(settings);
  if (!config) return config.error();
  auto format = std::make_unique<WebpFormat>(info, *config, tolerance_at(settings));
  return std::unique_ptr<AnimationEncoder>(
      std::make_unique<Animation<WebpFormat>>(info, std::move(format), threads));
}

}  // namespace anim
