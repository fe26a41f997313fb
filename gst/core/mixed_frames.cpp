// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/mixed_frames.h"

#include <utility>

#include "gst/core/lossless_frames.h"

namespace anim {

MixedFrames::MixedFrames(const WebpSettings& settings, Size canvas)
    : settings_(settings), choice_(settings, canvas), lossy_(settings) {}

Result<MixedFrames::Job> MixedFrames::difference(const ImageView& picture) {
  const PictureForms forms(picture);
  if (settings_.is_lossless()) {
    return exact(exact_.change_to(forms.rgb()), {.effort = settings_.quality,
                                                 .method = settings_.method,
                                                 .near_lossless = settings_.near_lossless});
  }
  if (settings_.content == WebpContent::Photo) return lossy_.difference(forms.yuv());
  return chosen(forms);
}

Result<MixedFrames::Job> MixedFrames::chosen(const PictureForms& picture) {
  if (!is_lossless_ && !choice_.is_due(picture.given())) return lossy(picture);
  ExactChange change = exact_.change_to(picture.rgb());
  const bool has_full_chroma = picture.given().format == PixelFormat::Bgra;
  const auto is_better = choice_.is_better_lossless(change, has_full_chroma);
  if (!is_better) return is_better.error();
  if (!*is_better) return lossy(picture);
  is_lossless_ = true;
  keep(picture.given());
  return exact(std::move(change), choice_.lossless());
}

void MixedFrames::keep(const ImageView& picture) {
  const bool is_rgb = picture.format == PixelFormat::Bgra;
  if (is_rgb) {
    latest_ = Image();
  } else if (latest_.format() == picture.format && latest_.size() == picture.size) {
    latest_.replace({0, 0, picture.size.width, picture.size.height}, picture);
  } else {
    latest_ = Image(picture);
  }
}

MixedFrames::Job MixedFrames::exact(ExactChange change, const LosslessSettings& settings) {
  exact_.show(change);
  return lossless_frame_of(std::move(change), settings);
}

MixedFrames::Job MixedFrames::lossy(const PictureForms& picture) {
  if (std::exchange(is_lossless_, false)) {
    const Image& latest = latest_.is_empty() ? exact_.shown() : latest_;
    lossy_.show(PictureForms(latest.view()).yuv());
    latest_ = Image();
  }
  Job job = lossy_.difference(picture.yuv());
  exact_.forget(lossy_.coded());
  return job;
}

}  // namespace anim
