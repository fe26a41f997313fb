// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/mixed_frames.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "gst/core/lossless_frames.h"

namespace anim {

MixedFrames::MixedFrames(const WebpSettings& settings, Size canvas)
    : settings_(settings), choice_(settings, canvas), lossy_(webp_picture_step(settings)) {}

Result<bool> MixedFrames::look(const ImageView& picture) {
  const PictureForms forms(picture);
  if (settings_.is_lossless()) {
    return exact(exact_.change_to(forms.rgb()), {.effort = settings_.quality,
                                                 .method = settings_.method,
                                                 .near_lossless = settings_.near_lossless});
  }
  if (settings_.content == WebpContent::Photo) return lossy(forms);
  return chosen(forms);
}

Result<bool> MixedFrames::chosen(const PictureForms& picture) {
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

/// Whether there is anything to encode.
bool MixedFrames::exact(ExactChange change, const LosslessSettings& settings) {
  exact_.show(change);
  Job job = lossless_frame_of(std::move(change), settings);
  if (!job) return false;
  waiting_.push_back(std::move(job));
  return true;
}

/// Whether there is anything to encode.
bool MixedFrames::lossy(const PictureForms& picture) {
  if (std::exchange(is_lossless_, false)) {
    const Image& latest = latest_.is_empty() ? exact_.shown() : latest_;
    lossy_.show(PictureForms(latest.view()).yuv());
    latest_ = Image();
  }
  const bool is_new = lossy_.look(picture.yuv());
  if (!is_new) return false;
  for (const Rect& area : lossy_.coded()) exact_.forget(area);
  waiting_.emplace_back();
  return true;
}

std::optional<MixedFrames::Job> MixedFrames::next_job(bool is_end) {
  if (waiting_.empty()) return std::nullopt;
  // A frame without loss ends the time that parts of those before it stay.
  const bool is_last_lossy =
      std::any_of(waiting_.begin(), waiting_.end(), [](const Job& job) { return job != nullptr; });
  std::optional<Job> job =
      waiting_.front() ? std::move(waiting_.front()) : next_lossy(is_end || is_last_lossy);
  if (job) waiting_.pop_front();
  return job;
}

std::optional<MixedFrames::Job> MixedFrames::next_lossy(bool is_end) {
  auto next = lossy_.next(is_end);
  if (!next) return std::nullopt;
  const auto frame = std::make_shared<LossyFrame>(std::move(*next));
  return [frame, settings = settings_]() -> Result<WebpFrame> {
    auto chunks = lossy_chunks(frame->pixels, settings, frame->step_powers);
    if (!chunks) return chunks.error();
    return WebpFrame{frame->area, std::move(*chunks), frame->is_masked};
  };
}

}  // namespace anim
