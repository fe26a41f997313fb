// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/raw_options.h"

namespace anim::tools {
namespace {

GOptionEntry flag(const char* name, char letter, gboolean* where, const char* text) {
  return {name, letter, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, where, text, nullptr};
}

GOptionEntry value(const char* name, gchar** where, const char* text, const char* what) {
  return {name, 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, where, text, what};
}

constexpr GOptionEntry kLastEntry = {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr};

}  // namespace

RawOptions::~RawOptions() {
  g_strfreev(outputs);
  g_strfreev(inputs);
  for (gchar* text :
       {storage_root, task_id, journal,  start,     duration, to,    interval, frame_rate,
        fps,          number,  mode,     threshold, speed,    width, height,   scale_type,
        loop,         quality, max_size, colors,    dither,   lossy, content}) {
    g_free(text);
  }
}

std::vector<GOptionEntry> look_entries(RawOptions& raw) {
  return {
      {"output", 'o', G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME_ARRAY, &raw.outputs,
       "Where to write; .webp or .gif says what. May be given several times", "FILE"},
      value("start", &raw.start, "Skip the first SECONDS of the video", "SECONDS"),
      value("duration", &raw.duration, "Use that much of the video", "SECONDS"),
      value("to", &raw.to, "Use the video up to SECONDS", "SECONDS"),
      value("interval", &raw.interval, "Take one frame every SECONDS (default: every frame)",
            "SECONDS"),
      value("frame-rate", &raw.frame_rate, "Show that many frames a second (default: 1/interval)",
            "RATE"),
      value("fps", &raw.fps, "Take and show that many frames a second: the video's own speed",
            "RATE"),
      value("number", &raw.number, "Take at most that many frames", "COUNT"),
      value("mode", &raw.mode,
            "interval (default), key (pictures at which decoding may begin), even (--number of "
            "them over the whole) or scene (at most every --interval, when the picture changes)",
            "MODE"),
      value("threshold", &raw.threshold, "How much is a change for --mode scene, 0 to 100",
            "PERCENT"),
      value("speed", &raw.speed, "Play that many times as fast, 0.1 to 100", "FACTOR"),
      flag("reverse", 0, &raw.reverse, "Play from the end to the beginning"),
      flag("boomerang", 0, &raw.boomerang, "Play there and back again"),
      value("width", &raw.width,
            "Pixels, or a ratio of the source up to 1; alone, the height "
            "follows",
            "WIDTH"),
      value("height", &raw.height,
            "Pixels, or a ratio of the source up to 1; alone, the width "
            "follows",
            "HEIGHT"),
      value("scale-type", &raw.scale_type, "stretch, crop, fill or fit (default)", "TYPE"),
      value("loop", &raw.loop, "How many times to play; 0 = for ever (default)", "COUNT"),
      value("quality", &raw.quality, "0 to 100", "QUALITY"),
      value("max-size", &raw.max_size,
            "Make each file as good as BYTES allow; takes several times as long", "BYTES"),
      flag("lossless", 0, &raw.lossless, "Keep every pixel (WebP)"),
      value("content", &raw.content, "auto (default), photo or screen (WebP)", "KIND"),
      value("colors", &raw.colors, "At most that many colours, 2 to 256 (GIF)", "COUNT"),
      value("lossy", &raw.lossy, "How far pixels may be off for smaller files, 0 to 100 (GIF)",
            "PERCENT"),
      value("dither", &raw.dither, "auto, none, ordered or floyd-steinberg (GIF)", "METHOD"),
      kLastEntry,
  };
}

std::vector<GOptionEntry> run_entries(RawOptions& raw) {
  return {
      value("task-id", &raw.task_id, "TaskId of the result and the messages (default: a new one)",
            "ID"),
      value("journal", &raw.journal, "Write the result there before the files go to their places",
            "FILE"),
      value("storage-root", &raw.storage_root,
            "The folder that holds the buckets of oss:// (default: this folder)", "FOLDER"),
      flag("dry-run", 'n', &raw.dry_run, "Only say what would be made: frames, size, duration"),
      flag("print-pipeline", 0, &raw.print_pipeline, "Only print the gst-launch-1.0 line"),
      flag("json", 0, &raw.json, "Print the result (or the plan) as JSON"),
      flag("quiet", 'q', &raw.quiet, "Show no progress"),
      flag("version", 0, &raw.version, "Print the version"),
      {G_OPTION_REMAINING, 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME_ARRAY, &raw.inputs, nullptr,
       "TASK.json | VIDEO -o FILE…"},
      kLastEntry,
  };
}

}  // namespace anim::tools
