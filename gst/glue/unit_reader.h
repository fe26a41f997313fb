// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the roles of the units in a stream's buffers, with their alpha where they bring some.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <gst/gst.h>

#include "gst/core/image.h"
#include "gst/core/unit_gate.h"
#include "gst/core/unit_rules.h"

namespace anim {

/// Of the streaming thread.
class UnitReader {
 public:
  explicit UnitReader(const UnitFormat& format);

  /// What a buffer's unit is to the gate, but for its times, and the parameter sets in it.
  struct Unit {
    GateUnit unit;
    std::optional<std::int64_t> order_count{};  ///< as in UnitRole
    Bytes headers{};
  };

  /// The units begin anew, after a flush; parameter sets stay known.
  void restart();

  /// Nothing when the unit is not understood, when some units bring alpha and others do not, or
  /// when a stream with alpha begins where its decoders cannot.
  [[nodiscard]] std::optional<Unit> read(GstBuffer* buffer);

 private:
  enum class Alpha { Unknown, None, Every };

  UnitFormat format_;
  std::unique_ptr<UnitRules> rules_;
  std::unique_ptr<UnitRules> alpha_rules_;
  Alpha alpha_ = Alpha::Unknown;
  bool is_begun_ = false;  ///< colour and alpha, at one entry
};

}  // namespace anim
