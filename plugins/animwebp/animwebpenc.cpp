// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-animwebpenc
 * @title: animwebpenc
 *
 * Makes one animated WebP of a video stream: each frame lasts until the next one's timestamp, and
 * what has not changed is not encoded again. Frames are encoded side by side on all cores; the
 * bytes do not depend on their number. Memory does not grow with the number of frames: to a sink
 * that can seek (a file) the animation is written as it comes and its header completed at the
 * end; for other sinks the encoded bytes are held, in memory or in #animwebpenc:spool-dir, and
 * leave as one buffer at the end of the stream.
 *
 * It does not scale, drop or rotate: put an intervalsampler and a fitscale before it. It is a
 * maker of files: nothing is complete before the end of the stream, so give sinks of live
 * pipelines sync=false. A buffer of this stream is a piece of one image; the first is flagged
 * as HEADER.
 *
 * ## Example pipelines
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=50 pattern=ball ! animwebpenc ! filesink
 * location=ball.webp
 * ]|
 * An animation of two seconds that plays for ever.
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=50 pattern=smpte ! video/x-raw,framerate=10/1 !
 * animwebpenc quality=90 speed=6 animation-loops=3 ! filesink location=three.webp
 * ]|
 * Ten frames a second, played three times, small rather than quickly made.
 * |[
 * gst-launch-1.0 -q videotestsrc num-buffers=20 ! animwebpenc lossless=true ! fdsink >
 * lossless.webp
 * ]|
 * Pixel by pixel the same, through a pipe: held in memory until the end.
 *
 * Since: 0.1
 */
#include "plugins/animwebp/animwebpenc.h"

#include <algorithm>
#include <string>
#include <utility>

#include "plugins/animwebp/metadata.h"

namespace anim::glue {
namespace {

WebpSettings codec_settings(const AnimWebpEnc::Settings& settings) {
  return {.quality = settings.quality,
          .method = static_cast<int>(settings.speed),
          .lossless = settings.lossless,
          .near_lossless = settings.near_lossless,
          .preset = settings.preset,
          .content = settings.content};
}

Error no_size_without_loss() {
  return {ErrorCode::InvalidArgument,
          "target-size is reached by losing quality, which lossless and near-lossless forbid; "
          "unset one or the other",
          {}};
}

}  // namespace

const std::vector<Property<AnimWebpEnc>>& AnimWebpEnc::properties() {
  using S = Settings;
  using E = AnimWebpEnc;
  static const std::vector<Property<E>> table = {
      float_property<E>("quality",
                        "Quality from 0 (smallest file) to 100 (best); with lossless the effort "
                        "from 0 (fast) to 100 (small), but no say at speed 1",
                        &S::quality, 0, 100),
      uint_property<E>("speed", "Trade-off of time for size, from 0 (fast) to 6 (slow but small)",
                       &S::speed, 0, 6),
      enum_property<E>("content",
                       "What the pictures show. auto: each frame with or without loss, whichever "
                       "is cheaper at the quality; photo: always with loss; screen: without. No "
                       "say with lossless or near-lossless",
                       &S::content),
      bool_property<E>("lossless", "Keep every visible pixel as it is", &S::lossless),
      int_property<E>("near-lossless",
                      "Lossless after small losses, from 0 (most) to 99 (least); 100 = off. Below "
                      "100 it implies lossless",
                      &S::near_lossless, 0, 100),
      enum_property<E>("preset", "Tuning of lossy pictures for a kind of content", &S::preset),
      uint_property<E>("animation-loops", "How often it plays in all; 0 = for ever",
                       &S::animation_loops, 0, kWebpMaxPlays),
      uint_property<E>("animation-background-color",
                       "Colour behind the animation as 0xAARRGGBB; most viewers ignore it",
                       &S::animation_background_color, 0, G_MAXUINT32),
      uint_property<E>(
          "n-threads",
          "Threads that encode, the streaming thread among them; 0 = one for each core",
          &S::n_threads, 0, 256),
      uint64_property<E>("target-size",
                         "Largest size of the file in bytes, at the best quality that it allows; "
                         "0 = as quality says. Encodes several times",
                         &S::target_size),
      bool_property<E>("metadata",
                       "Write the stream's tags (title, description, artist, copyright, keywords, "
                       "date, place, device) as EXIF and XMP",
                       &S::metadata),
      string_property<E>("spool-dir",
                         "Folder for temporary files: the animation until its end when the sink "
                         "cannot seek (empty = in memory), the pictures with target-size (empty = "
                         "the system's folder)",
                         &S::spool_dir),
      structure_property<E>("stats",
                            "Of the latest animation: frames-in, frames-stored, bytes, duration "
                            "(ns, known at the end)",
                            &E::stats),
  };
  return table;
}

void AnimWebpEnc::class_init(GstElementClass* klass) {
  install_properties<AnimWebpEnc>(klass);
  init_animation_class<AnimWebpEnc>(klass);
  gst_element_class_set_static_metadata(klass, "Animated WebP encoder", "Codec/Encoder/Image",
                                        "Makes one animated WebP of a video stream",
                                        "gst-plugins-anim");
}

PixelFormat AnimWebpEnc::picture_format(const GstVideoInfo& source) const {
  const bool is_halved = GST_VIDEO_INFO_IS_YUV(&source) &&
                         GST_VIDEO_FORMAT_INFO_W_SUB(source.finfo, GST_VIDEO_COMP_U) == 1 &&
                         GST_VIDEO_FORMAT_INFO_H_SUB(source.finfo, GST_VIDEO_COMP_U) == 1;
  return webp_picture_format(
      codec_settings(settings.copy()),
      {.has_alpha = GST_VIDEO_INFO_HAS_ALPHA(&source) != FALSE, .has_halved_chroma = is_halved});
}

AnimationWishes AnimWebpEnc::wishes() const {
  const Settings now = settings.copy();
  return {.quality = now.quality, .target_size = now.target_size, .spool_folder = now.spool_dir};
}

EncoderAt AnimWebpEnc::encoder_at(Size canvas, bool /*has_alpha*/) const {
  const Settings now = settings.copy();
  AnimationInfo info{
      .canvas = canvas, .plays = now.animation_loops, .background = now.animation_background_color};
  if (now.metadata) add_metadata(info);
  const WebpSettings codec = codec_settings(now);
  return [=](double quality) -> Result<std::unique_ptr<AnimationEncoder>> {
    WebpSettings at_quality = codec;
    at_quality.quality = static_cast<float>(quality);
    if (now.target_size > 0 && codec.is_lossless()) return no_size_without_loss();
    return make_webp_animation(info, at_quality, now.n_threads);
  };
}

/// The tags that came before the first frame.
void AnimWebpEnc::add_metadata(AnimationInfo& info) const {
  PictureMetadata metadata = metadata_of(tags());
  if (std::max(metadata.exif.size(), metadata.xmp.size()) > kMostMetadata) {
    warn({ErrorCode::LimitExceeded,
          "the stream's tags are left out: as metadata they have more than " +
              std::to_string(kMostMetadata) + " bytes",
          {}});
    return;
  }
  info.exif = std::move(metadata.exif);
  info.xmp = std::move(metadata.xmp);
}

}  // namespace anim::glue
