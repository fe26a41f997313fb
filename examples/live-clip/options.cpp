// SPDX-License-Identifier: LGPL-2.1-or-later
#include "examples/live-clip/options.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <gst/gst.h>

namespace live_clip {
namespace {

using anim::Error;
using anim::ErrorCode;
using anim::Result;

constexpr const char* kSummary =
    "Watches a live stream and makes an animated image of its last seconds: when a key is "
    "pressed,\n"
    "on SIGUSR1, on an HTTP POST, or when it finds a moment by itself. Reconnects by itself.";

constexpr const char* kHelp =
    "On a terminal every key makes a clip, and q ends. Ctrl-C ends too: clips that are being made "
    "are\n"
    "finished; again, and they are given up.\n"
    "\n"
    "With --listen: POST /capture makes a clip and answers {\"id\": 1}; GET /status tells how it "
    "goes.\n"
    "\n"
    "Examples:\n"
    "  live-clip rtsp://camera.local/stream --pre 10 --post 5 --location '/clips/{t_hour}{t_min}"
    "-{index}.webp'\n"
    "  live-clip srt://192.0.2.1:9000 --on loudness --listen 8080\n"
    "  live-clip udp://0.0.0.0:5000 --animation "
    "'{\"Format\":\"gif\",\"Interval\":0.2,\"Width\":320,"
    "\"Height\":-1}'\n"
    "\n"
    "Exit status: 0 ended as asked, 1 another failure, 2 bad usage, 3 an element is missing,\n"
    "4 the stream cannot be read, 5 the port cannot be listened at.";

using OptionContext = std::unique_ptr<GOptionContext, decltype(&g_option_context_free)>;

// No option can mean these.
constexpr double kUnset = -G_MAXDOUBLE;
constexpr int kUnsetWhole = G_MININT;

/// The options as GLib reads them. Texts are owned by this struct.
struct Raw {
  gchar* location = nullptr;
  gchar* animation = nullptr;
  gchar* on = nullptr;
  gchar** uris = nullptr;
  double pre = kUnset;
  double post = kUnset;
  double threshold = kUnset;
  double hold_off = kUnset;
  double stall = kUnset;
  double duration = kUnset;
  int port = kUnsetWhole;
  int retries = kUnsetWhole;

  Raw() = default;
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;
  ~Raw() {
    for (gchar* text : {location, animation, on}) g_free(text);
    g_strfreev(uris);
  }
};

std::vector<GOptionEntry> entries(Raw& raw) {
  const auto text = [](const char* name, gchar** where, const char* help, const char* what) {
    return GOptionEntry{name, 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, where, help, what};
  };
  const auto number = [](const char* name, double* where, const char* help, const char* what) {
    return GOptionEntry{name, 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_DOUBLE, where, help, what};
  };
  const auto whole = [](const char* name, int* where, const char* help, const char* what) {
    return GOptionEntry{name, 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_INT, where, help, what};
  };
  return {
      text("location", &raw.location,
           "Where clips go (default: clip-{t_year}{t_mon}{t_day}-{t_hour}{t_min}{t_sec}-{index}."
           "{autoext})",
           "TEMPLATE"),
      number("pre", &raw.pre, "How much before the trigger is shown (default: 10)", "SECONDS"),
      number("post", &raw.post, "How much after the trigger is shown (default: 0)", "SECONDS"),
      text("animation", &raw.animation,
           "What clips look like: an entry of a task's Animations without URI (default: WebP, 10 "
           "frames a second, 480 pixels wide)",
           "JSON"),
      whole("listen", &raw.port, "Take POST /capture on this port of 127.0.0.1; 0 = any free port",
            "PORT"),
      text("on", &raw.on, "Find moments: loudness (a sudden rise of the sound) or scene (a cut)",
           "KIND"),
      number("threshold", &raw.threshold,
             "How much is a moment: dB above the average loudness (default: 10), percent of change "
             "between two key frames (default: 20)",
             "NUMBER"),
      number("hold-off", &raw.hold_off,
             "No other moment for so long after one (default: pre + post, at least 1)", "SECONDS"),
      number("stall", &raw.stall, "Connect anew after so long without a frame (default: 10)",
             "SECONDS"),
      whole("retries", &raw.retries,
            "Give up after so many failed connections in a row (default: never; a file is read "
            "once)",
            "COUNT"),
      number("duration", &raw.duration, "End after so long", "SECONDS"),
      {G_OPTION_REMAINING, 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING_ARRAY, &raw.uris, nullptr,
       "URI"},
      {},
  };
}

Error refusal(std::string message) {
  return {ErrorCode::InvalidArgument, std::move(message), {}};
}

struct Range {
  double least;
  double most;
};

/// `given` if it is set and in range, the default if it is not set.
Result<double> within(std::string_view option, double given, double otherwise, Range range) {
  if (given == kUnset) return otherwise;
  if (given >= range.least && given <= range.most) return given;
  gchar* text = g_strdup_printf("--%s: %g is not between %g and %g", std::string(option).c_str(),
                                given, range.least, range.most);
  Error error = refusal(text);
  g_free(text);
  return error;
}

Result<std::optional<int>> whole_within(const std::string& option, int given, int most) {
  if (given == kUnsetWhole) return std::optional<int>();
  if (given >= 0 && given <= most) return std::optional(given);
  return refusal("--" + option + ": " + std::to_string(given) + " is not between 0 and " +
                 std::to_string(most));
}

Result<std::string> source_uri(gchar** uris) {
  const guint count = uris != nullptr ? g_strv_length(uris) : 0;
  if (count != 1) {
    return refusal(count == 0 ? "no URI is given"
                              : "one URI can be watched, not " + std::to_string(count));
  }
  const std::string given = uris[0];
  if (gst_uri_is_valid(given.c_str()) == FALSE) {
    gchar* file = gst_filename_to_uri(given.c_str(), nullptr);
    if (file == nullptr) return refusal("\"" + given + "\" is no URI and no file");
    std::string out = file;
    g_free(file);
    return out;
  }
  gchar* scheme = gst_uri_get_protocol(given.c_str());
  const bool known = gst_uri_protocol_is_supported(GST_URI_SRC, scheme) != FALSE;
  std::string name = scheme;
  g_free(scheme);
  if (!known) return refusal("\"" + name + "\": no element of GStreamer here reads such URIs");
  return given;
}

Result<std::optional<MomentKind>> moment_kind(const gchar* on) {
  if (on == nullptr) return std::optional<MomentKind>();
  const std::string_view kind = on;
  if (kind == "loudness") return std::optional(MomentKind::Loudness);
  if (kind == "scene") return std::optional(MomentKind::Scene);
  return refusal("--on: \"" + std::string(kind) + "\" is not one of loudness, scene");
}

/// Reads one option into `where`, and keeps the first refusal of several.
template <class T, class Value>
void assign(T& where, const Result<Value>& given, std::optional<Error>& refused) {
  if (given) {
    where = *given;
  } else if (!refused) {
    refused = given.error();
  }
}

Result<Options> read(const Raw& raw) {
  constexpr double kHour = 60 * 60;  // animclipsink's longest
  constexpr double kDay = 24 * kHour;
  Options out;
  std::optional<Error> refused;
  assign(out.uri, source_uri(raw.uris), refused);
  assign(out.moments, moment_kind(raw.on), refused);
  assign(out.pre, within("pre", raw.pre, out.pre, {0, kHour}), refused);
  assign(out.post, within("post", raw.post, out.post, {0, kHour}), refused);
  const bool loudness = out.moments == MomentKind::Loudness;
  assign(out.threshold,
         within("threshold", raw.threshold, loudness ? 10 : 20, {0, loudness ? 60.0 : 100.0}),
         refused);
  assign(out.hold_off,
         within("hold-off", raw.hold_off, std::max(1.0, out.pre + out.post), {0, kDay}), refused);
  assign(out.stall, within("stall", raw.stall, out.stall, {1, kDay}), refused);
  if (raw.duration != kUnset) {
    assign(out.duration, within("duration", raw.duration, 0, {0, 1000 * kDay}), refused);
  }
  assign(out.port, whole_within("listen", raw.port, 65535), refused);
  assign(out.retries, whole_within("retries", raw.retries, G_MAXINT), refused);
  const bool tunes_moments = raw.threshold != kUnset || raw.hold_off != kUnset;
  if (tunes_moments && raw.on == nullptr) refused = refusal("--threshold and --hold-off need --on");
  if (refused) return *refused;
  if (!out.retries && gst_uri_has_protocol(out.uri.c_str(), "file") != FALSE) out.retries = 0;
  if (raw.location != nullptr) out.location = raw.location;
  if (raw.animation != nullptr) out.animation = raw.animation;
  return out;
}

}  // namespace

Result<Options> parse_options(int argc, char** argv) {
  Raw raw;
  const OptionContext context(g_option_context_new(nullptr), &g_option_context_free);
  const auto table = entries(raw);
  g_option_context_add_main_entries(context.get(), table.data(), nullptr);
  g_option_context_set_summary(context.get(), kSummary);
  g_option_context_set_description(context.get(), kHelp);
  GError* error = nullptr;
  if (g_option_context_parse(context.get(), &argc, &argv, &error) == FALSE) {
    Error refused = refusal(error->message);
    g_error_free(error);
    return refused;
  }
  return read(raw);
}

}  // namespace live_clip
