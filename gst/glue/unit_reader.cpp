// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/glue/unit_reader.h"

#include <span>

#include <gst/video/video.h>

namespace anim {
namespace {

/// A buffer's bytes while this lives; none when they cannot be mapped.
class Mapped {
 public:
  explicit Mapped(GstBuffer* buffer)
      : buffer_(buffer), is_mapped_(gst_buffer_map(buffer, &info_, GST_MAP_READ) != FALSE) {}
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  ~Mapped() {
    if (is_mapped_) gst_buffer_unmap(buffer_, &info_);
  }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const {
    if (!is_mapped_) return {};
    return {info_.data, info_.size};
  }

 private:
  GstBuffer* buffer_;
  GstMapInfo info_{};
  bool is_mapped_;
};

GstBuffer* alpha_of(GstBuffer* buffer) {
  const auto* meta = gst_buffer_get_video_codec_alpha_meta(buffer);
  return meta != nullptr ? meta->buffer : nullptr;
}

// Both bitstreams must agree before a unit counts as less than they say.
void agree(GateUnit& unit, const UnitRole& alpha) {
  if (unit.entry != alpha.entry) unit.entry = Entry::None;
  unit.is_reference = unit.is_reference || alpha.is_reference;
  unit.is_shown = unit.is_shown || alpha.is_shown;
}

}  // namespace

UnitReader::UnitReader(const UnitFormat& format)
    : format_(format), rules_(make_unit_rules(format)) {}

void UnitReader::restart() {
  is_begun_ = false;
  if (rules_) rules_->restart();
  if (alpha_rules_) alpha_rules_->restart();
}

std::optional<UnitReader::Unit> UnitReader::read(GstBuffer* buffer) {
  GstBuffer* alpha = alpha_of(buffer);
  const Alpha brings = alpha != nullptr ? Alpha::Every : Alpha::None;
  if (alpha_ == Alpha::Unknown) alpha_ = brings;
  if (!rules_ || brings != alpha_) return {};
  const Mapped mapped(buffer);
  const auto role = rules_->read(mapped.bytes());
  if (!role) return {};
  Unit out;
  out.unit = {.entry = role->entry,
              .is_reference = role->is_reference,
              .continues_picture = role->continues_picture,
              .is_shown = role->is_shown,
              .bytes = mapped.bytes().size()};
  out.order_count = role->order_count;
  for (const auto& header : role->headers) {
    out.headers.insert(out.headers.end(), header.begin(), header.end());
  }
  if (alpha == nullptr) return out;
  if (!alpha_rules_) alpha_rules_ = make_unit_rules(format_);
  const Mapped mapped_alpha(alpha);
  const auto alpha_role = alpha_rules_->read(mapped_alpha.bytes());
  if (!alpha_role) return {};
  agree(out.unit, *alpha_role);
  // Decoders that begin at different units may give out pictures that are paired wrongly for ever.
  is_begun_ = is_begun_ || out.unit.entry != Entry::None;
  if (!is_begun_) return {};
  return out;
}

}  // namespace anim
