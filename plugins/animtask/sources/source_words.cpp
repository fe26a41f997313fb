// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animtask/sources/source_words.h"

#include <array>
#include <string_view>
#include <utility>

#include <gst/pbutils/pbutils.h>

#include "gst/core/text.h"
#include "gst/glue/handle.h"

namespace anim {
namespace {

/// Who decodes a media type on Debian 12. An empty package: nobody there.
struct DecoderPackage {
  std::string_view media_type;
  std::string_view name;     ///< where pbutils has none
  std::string_view package;  ///< of Debian
};

constexpr std::array<DecoderPackage, 22> kPackages = {{
    {"video/x-gst-fourcc-vvc1", "H.266 / VVC", ""},
    {"video/x-gst-fourcc-vvi1", "H.266 / VVC", ""},
    {"video/x-h266", "H.266 / VVC", ""},
    {"video/x-h264", "", "gstreamer1.0-libav"},
    {"video/x-h265", "", "gstreamer1.0-libav"},
    {"video/x-av1", "", "gstreamer1.0-plugins-bad"},
    {"video/x-vp8", "", "gstreamer1.0-plugins-good"},
    {"video/x-vp9", "", "gstreamer1.0-plugins-good"},
    {"video/x-theora", "", "gstreamer1.0-plugins-base"},
    {"video/x-divx", "", "gstreamer1.0-libav"},
    {"video/x-xvid", "", "gstreamer1.0-libav"},
    {"video/x-msmpeg", "", "gstreamer1.0-libav"},
    {"video/x-wmv", "", "gstreamer1.0-libav"},
    {"video/x-flash-video", "", "gstreamer1.0-libav"},
    {"video/x-h263", "", "gstreamer1.0-libav"},
    {"video/x-pn-realvideo", "", "gstreamer1.0-libav"},
    {"video/mpeg", "", "gstreamer1.0-libav"},
    {"video/x-prores", "", "gstreamer1.0-libav"},
    {"video/x-dnxhd", "", "gstreamer1.0-libav"},
    {"video/x-dv", "", "gstreamer1.0-plugins-good"},
    {"image/jpeg", "", "gstreamer1.0-plugins-good"},
    {"image/png", "", "gstreamer1.0-plugins-good"},
}};

std::string media_type(const GstCaps* caps) {
  if (caps == nullptr || gst_caps_is_any(caps) || gst_caps_is_empty(caps)) return {};
  return gst_structure_get_name(gst_caps_get_structure(caps, 0));
}

const DecoderPackage* package_of(std::string_view type) {
  for (const DecoderPackage& row : kPackages) {
    if (row.media_type == type) return &row;
  }
  return nullptr;
}

std::string pbutils_words(const GstCaps* fixed) {
  const auto words = glue::adopt(gst_pb_utils_get_codec_description(fixed));
  return words ? words.get() : "";
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

Failure failure(TaskCode code, ErrorCode error, std::string message, std::string detail = {}) {
  return {code, Error{error, std::move(message), std::move(detail)}};
}

// The first sentence: some elements put file names and lines of their own code behind it.
std::string first_sentence(const std::string& said) {
  std::string out = said.substr(0, said.find('\n'));
  return out.substr(0, out.find(": ../"));
}

// "Found (302), URL: …", as souphttpsrc has it. libsoup follows redirects to http and https alone.
bool is_redirect(const std::string& detail) {
  const std::size_t at = detail.find(" (3");
  return at != std::string::npos && detail.compare(at + 5, 7, "), URL:") == 0;
}

}  // namespace

bool is_video(const GstCaps* caps) {
  const std::string type = media_type(caps);
  return type.starts_with("video/") || type.starts_with("image/");
}

std::string describe_stream(const GstCaps* caps) {
  const std::string type = media_type(caps);
  if (type.empty()) return "unknown data";
  const DecoderPackage* row = package_of(type);
  if (row != nullptr && !row->name.empty()) return std::string(row->name);
  const std::string words = gst_caps_is_fixed(caps) != FALSE ? pbutils_words(caps) : "";
  return words.empty() ? type : words;
}

Failure no_video(const std::string& uri, const std::vector<std::string>& streams) {
  return failure(TaskCode::NoVideoStream, ErrorCode::ReadFailed,
                 "\"" + uri + "\" has no video stream; it has " +
                     (streams.empty() ? "no stream at all" : joined(streams)));
}

Failure missing_decoder(const std::string& uri, const GstCaps* caps) {
  std::string message =
      "there is no decoder here for the video of \"" + uri + "\", " + describe_stream(caps);
  const std::string type = media_type(caps);
  const DecoderPackage* row = package_of(type);
  if (row != nullptr && row->package.empty()) {
    message += "; Debian 12 has none";
  } else if (row != nullptr) {
    message += "; on Debian it is in the package " + std::string(row->package);
  }
  const auto text = glue::adopt(gst_caps_to_string(caps));
  return failure(TaskCode::DecoderMissing, ErrorCode::Unsupported, std::move(message), text.get());
}

Failure encrypted(const std::string& uri) {
  return failure(TaskCode::SourceUnreadable, ErrorCode::ReadFailed,
                 "\"" + uri + "\" is encrypted (DRM) and cannot be read without its key");
}

Failure no_picture(const std::string& uri, const std::string& stream) {
  return failure(
      TaskCode::SourceUnreadable, ErrorCode::ReadFailed,
      "the video of \"" + uri + "\" (" + stream + ") ended without one picture that decodes");
}

Failure no_picture_in_part(const TaskSource& source, bool is_damaged) {
  if (is_damaged) {
    return failure(TaskCode::SourceUnreadable, ErrorCode::ReadFailed,
                   in_quotes(source.uri) + " is damaged before its first picture that counts");
  }
  return failure(TaskCode::StartTimeOutOfRange, ErrorCode::OutOfRange,
                 source.path + "/StartTime: " + readable(source.start_time) +
                     " s is at or after the end of the video: there is no picture to sample");
}

std::string long_name(GstObject* object) {
  if (!GST_IS_ELEMENT(object)) return "the reader";
  const gchar* name =
      gst_element_class_get_metadata(GST_ELEMENT_GET_CLASS(object), GST_ELEMENT_METADATA_LONGNAME);
  return name != nullptr ? name : GST_OBJECT_NAME(object);
}

Failure unreadable(const std::string& uri, const std::string& tried) {
  return failure(TaskCode::SourceUnreadable, ErrorCode::ReadFailed,
                 "cannot read \"" + uri + "\": " +
                     (tried.empty() ? "no reader was found for it"
                                    : "tried " + tried + ", which found nothing in it"));
}

Failure unreachable(const std::string& uri) {
  return failure(TaskCode::SourceUnreadable, ErrorCode::ReadFailed,
                 "cannot read \"" + uri + "\": the server cannot be reached or sent nothing");
}

Failure broken_off(const std::string& uri, std::uint64_t given, std::uint64_t stated) {
  return failure(TaskCode::SourceUnreadable, ErrorCode::ReadFailed,
                 "cannot read \"" + uri + "\": the server broke off after " +
                     std::to_string(given) + " of " + std::to_string(stated) + " bytes");
}

Error nested_too_deep(const std::string& uri, bool is_playlist) {
  return {ErrorCode::InvalidArgument,
          in_quotes(uri) + " is refused: " +
              (is_playlist ? "it is a playlist of playlists, where segments should be"
                           : "it is wrapped in more than 16 formats"),
          {}};
}

Failure empty_input() {
  return failure(TaskCode::SourceUnreadable, ErrorCode::ReadFailed,
                 "standard input is empty (0 bytes)");
}

Failure needs_a_file(const std::string& uri) {
  return failure(TaskCode::SourceUnreadable, ErrorCode::ReadFailed,
                 "cannot read \"" + uri +
                     "\": an MP4 or MOV whose index (moov) stands behind the pictures needs to be "
                     "read from a file, not from standard input");
}

Failure nothing_reads(const std::string& uri, const GstCaps* caps) {
  return failure(TaskCode::SourceUnreadable, ErrorCode::ReadFailed,
                 "cannot read \"" + uri + "\": it is " + media_type(caps) +
                     ", of a kind that nothing here reads");
}

bool gives_no_reason(GstMessage* message) {
  return error_of(message).message == "Internal data stream error.";
}

Failure unreadable(const std::string& uri, GstMessage* message) {
  const Error said = error_of(message);
  const bool is_missing = said.code == ErrorCode::NotFound;
  return failure(is_missing ? TaskCode::ResourceNotFound : TaskCode::SourceUnreadable, said.code,
                 "cannot read \"" + uri + "\": tried " + long_name(GST_MESSAGE_SRC(message)) +
                     ", which says \"" + first_sentence(said.message) + "\"" +
                     (is_redirect(said.detail) ? ", a redirect that is not followed" : ""),
                 said.detail);
}

}  // namespace anim
