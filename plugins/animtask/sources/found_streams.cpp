// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/found_streams.h"

#include <string_view>

#include <gst/pbutils/pbutils.h>

#include "plugins/animtask/sources/bin_parts.h"
#include "plugins/animtask/sources/source_words.h"

namespace anim {
namespace {

// Video caps of a message about a missing decoder; nothing of any other.
glue::Owned<GstCaps> missing_video_in(GstMessage* message) {
  const GValue* detail = gst_structure_get_value(gst_message_get_structure(message), "detail");
  if (detail == nullptr || !GST_VALUE_HOLDS_CAPS(detail)) return {};
  const GstCaps* caps = gst_value_get_caps(detail);
  return is_video(caps) ? glue::adopt(gst_caps_copy(caps)) : glue::Owned<GstCaps>();
}

bool asks_for_decryption(GstMessage* message) {
  const gchar* context = nullptr;
  return GST_MESSAGE_TYPE(message) == GST_MESSAGE_NEED_CONTEXT &&
         gst_message_parse_context_type(message, &context) != FALSE &&
         std::string_view(context) == "drm-preferred-decryption-system-id";
}

}  // namespace

glue::Owned<GstCaps> caps_of(GstPad* pad) {
  GstCaps* caps = gst_pad_get_current_caps(pad);
  return glue::adopt(caps != nullptr ? caps : gst_pad_query_caps(pad, nullptr));
}

FoundStreams::Role FoundStreams::add(GstPad* pad) {
  const auto caps = caps_of(pad);
  const std::lock_guard lock(mutex_);
  if (!is_video(caps.get())) {
    others_.push_back(glue::share(pad));
    return Role::OtherMedia;
  }
  if (chosen_) return Role::OtherVideo;
  chosen_ = glue::share(pad);
  return Role::Chosen;
}

bool FoundStreams::has_chosen() const {
  const std::lock_guard lock(mutex_);
  return bool(chosen_);
}

bool FoundStreams::are_any() const {
  const std::lock_guard lock(mutex_);
  return chosen_ || !others_.empty();
}

std::string FoundStreams::chosen_stream() const {
  const std::lock_guard lock(mutex_);
  return describe_stream(caps_of(chosen_.get()).get());
}

void FoundStreams::note(GstMessage* message) {
  if (gst_is_missing_plugin_message(message) != FALSE) {
    auto caps = missing_video_in(message);
    if (!caps) return;
    const std::lock_guard lock(mutex_);
    missing_ = std::move(caps);
  } else if (asks_for_decryption(message)) {
    const std::lock_guard lock(mutex_);
    is_encrypted_ = true;
  }
}

// Called with mutex_ held.
Failure FoundStreams::missing_video() const {
  if (missing_) return missing_decoder(uri_, missing_.get());
  std::vector<std::string> streams;
  for (const auto& pad : others_) streams.push_back(describe_stream(caps_of(pad.get()).get()));
  return no_video(uri_, streams);
}

// Called with mutex_ held. Other video streams may lack one too, which is no matter.
bool FoundStreams::lacks_decoder() const {
  if (!missing_ || !chosen_) return false;
  const auto caps = caps_of(chosen_.get());
  return gst_caps_is_empty(caps.get()) == FALSE && gst_caps_is_any(caps.get()) == FALSE &&
         gst_structure_has_name(gst_caps_get_structure(caps.get(), 0),
                                gst_structure_get_name(gst_caps_get_structure(missing_.get(), 0)));
}

std::optional<Failure> FoundStreams::without_video() const {
  const std::lock_guard lock(mutex_);
  return chosen_ ? std::nullopt : std::optional(missing_video());
}

std::optional<Failure> FoundStreams::obstacle() const {
  const std::lock_guard lock(mutex_);
  if (is_encrypted_) return encrypted(uri_);
  if (lacks_decoder()) return missing_decoder(uri_, missing_.get());
  if (!chosen_ && (missing_ || !others_.empty())) return missing_video();
  return {};
}

}  // namespace anim
