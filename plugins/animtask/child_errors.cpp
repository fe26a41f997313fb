// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/child_errors.h"

#include <utility>

#include "gst/core/text.h"

namespace anim {
namespace {

// An encoder that complains before its first sample has been given none.
Failure explain_output(GstMessage* message, const OutputSet& outputs,
                       const Circumstances& circumstances) {
  Error said = error_of(message);
  const auto owner = outputs.owner_of(GST_MESSAGE_SRC(message));
  if (!owner) return failure_of(std::move(said));
  if (owner->samples == 0 && said.code == ErrorCode::InvalidArgument) {
    return without_sample(*owner->request, circumstances, said.detail);
  }
  said.message = in_quotes(owner->uri) + ": " + said.message;
  return failure_of(std::move(said));
}

}  // namespace

ChildError understand(GstMessage* error, JoinedSource& source, const OutputSet& outputs,
                      const Circumstances& circumstances) {
  ChildError out;
  GstObject* origin = GST_MESSAGE_SRC(error);
  if (!source.contains(origin)) {
    out.failure = explain_output(error, outputs, circumstances);
    return out;
  }
  if (source.try_again(error)) return out;
  auto failure = source.explain(error);
  if (!failure) return out;
  const bool is_damage = is_stream_error(error) && failure->code != TaskCode::Unsupported;
  if (source.has_picture(origin) && is_damage) {
    out.damaged = source.mark_damaged(origin);
    out.damage = std::move(failure->error.message);
  } else {
    out.failure = std::move(failure);
  }
  return out;
}

}  // namespace anim
