// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-animgifenc
 * @title: animgifenc
 *
 * Makes one animated GIF of a video stream: each frame lasts until the next one's timestamp, to the
 * hundredth of a second, and only what has changed is drawn again, in up to 256 colours: those of
 * the first frame, or of its own where that is worth the bytes (see palette). Frames that have no
 * more colours than fit keep them exactly. Pixels with an alpha
 * below one half are transparent. Frames are encoded side by side on all cores; the bytes do not
 * depend on their number. The animation is written as it comes, and memory does not grow with the
 * number of frames.
 *
 * It does not scale, sample or rotate: put an intervalsampler and a fitscale before it. A GIF shows
 * at most 50 frames a second; frames that come closer together are left out. The last frame's time
 * is known at the end of the stream only, so give sinks of live pipelines sync=false. A buffer of
 * this stream is a piece of one image; the first is flagged as HEADER.
 *
 * ## Example pipelines
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=50 pattern=ball ! animgifenc ! filesink location=ball.gif
 * ]|
 * An animation of less than two seconds that plays for ever.
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=20 ! video/x-raw,framerate=10/1 ! animgifenc colors=64
 * dither=none animation-loops=3 ! filesink location=three.gif
 * ]|
 * Ten frames a second in 64 colours, played three times.
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=20 pattern=snow ! animgifenc quality=100
 * dither=floyd-steinberg ! filesink location=snow.gif
 * ]|
 * Every change is kept.
 *
 * Since: 0.1
 */
#include "plugins/animgif/animgifenc.h"

#include "gst/glue/handle.h"

namespace anim {

const std::vector<glue::Property<AnimGifEnc>>& AnimGifEnc::properties() {
  using S = Settings;
  using E = AnimGifEnc;
  static const std::vector<glue::Property<E>> table = {
      glue::uint_property<E>(
          "quality",
          "Quality from 1 (smallest file) to 100 (every change is drawn). A "
          "pixel that differs by up to (100 - quality) * 0.15 levels of 255 "
          "from what was drawn stays (by 3 and 0.1 for each step below 80; three times "
          "as many in still parts, and what noise explains), unless the frame fits in "
          "its colours. Below 80 pixels lose more, too (lossy)",
          &S::quality, 1, 100),
      glue::uint_property<E>("colors",
                             "Most colours of a frame, 2 to 256; 255 and a transparent one where "
                             "that is needed, and where they are more than fit",
                             &S::colors, 2, 256),
      glue::enum_property<E>("palette",
                             "Where the colours of frames come from. A file with one table is as "
                             "good as its first dozen frames foretell the others; what is new "
                             "later has 64 colours from everywhere, as far as there is room",
                             &S::palette),
      glue::enum_property<E>("dither",
                             "Pattern that hides the steps between colours, in frames that have "
                             "more of them than fit",
                             &S::dither),
      glue::uint_property<E>("lossy",
                             "How far pixels may be off where that makes the file smaller: a tenth "
                             "of it in levels of 255, more where the picture is busy and below a "
                             "quality of 80 (twice as much at 60), less where it stays and above "
                             "a quality of 90; 0 = not at all. Frames that fit in their colours "
                             "stay exact",
                             &S::lossy, 0, 100),
      glue::uint_property<E>("animation-loops", "How often it plays in all; 0 = for ever",
                             &S::animation_loops, 0, kGifMostPlays),
      glue::uint_property<E>("n-threads",
                             "Threads that encode, the streaming thread among them; 0 = one for "
                             "each core",
                             &S::n_threads, 0, 256),
      glue::uint64_property<E>("target-size",
                               "Largest size of the file in bytes, at the best quality that it "
                               "allows; 0 = as quality says. Encodes several times",
                               &S::target_size),
      glue::string_property<E>("spool-dir",
                               "Folder for the temporary files of target-size; empty = the "
                               "system's",
                               &S::spool_dir),
      glue::structure_property<E>("stats",
                                  "Of the latest animation: frames-in, frames-stored, bytes, "
                                  "duration (ns, known at the end)",
                                  &E::stats),
  };
  return table;
}

void AnimGifEnc::class_init(GstElementClass* klass) {
  glue::install_properties<AnimGifEnc>(klass);
  glue::init_animation_class<AnimGifEnc>(klass);
  gst_element_class_set_static_metadata(klass, "Animated GIF encoder", "Codec/Encoder/Image",
                                        "Makes one animated GIF of a video stream",
                                        "gst-plugins-anim");
}

AnimGifEnc::AnimGifEnc(GstElement* self)
    : AnimationElement(self, kKind, glue::pad_functions<AnimGifEnc>()) {}

PixelFormat AnimGifEnc::picture_format(const GstVideoInfo& /*source*/) const {
  return PixelFormat::Bgra;
}

glue::AnimationWishes AnimGifEnc::wishes() const {
  const Settings now = settings.copy();
  return {.quality = static_cast<double>(now.quality),
          .target_size = now.target_size,
          .spool_folder = now.spool_dir};
}

EncoderAt AnimGifEnc::encoder_at(Size canvas, bool has_alpha) const {
  const Settings now = settings.copy();
  return [=](double quality) {
    return make_gif_encoder({.canvas = canvas, .plays = now.animation_loops},
                            {.quality = static_cast<unsigned>(quality),
                             .colors = now.colors,
                             .palette = now.palette,
                             .dither = now.dither,
                             .lossy = now.lossy,
                             .has_alpha = has_alpha},
                            now.n_threads);
  };
}

}  // namespace anim
