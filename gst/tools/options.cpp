// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/options.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <glib.h>

#include "gst/core/task_file.h"
#include "gst/core/task_writer.h"

namespace anim::tools {
namespace {

constexpr const char* kSummary =
    "Makes animated WebP and GIF from video: of a task JSON, or of a video with options.";

constexpr const char* kExamples =
    "Examples:\n"
    "  gst-animate-1.0 task.json\n"
    "      run a task\n"
    "  gst-animate-1.0 in.mp4 -o out.webp --start 5 --duration 25 --interval 1 --frame-rate 15 "
    "--width 320\n"
    "      one frame a second of seconds 5 to 30, shown at 15 frames a second\n"
    "  gst-animate-1.0 in.mp4 -o out.webp -o out.gif --fps 12 --width 480 --to 3\n"
    "      the first 3 seconds at their own speed, as both formats\n"
    "  gst-animate-1.0 --batch tasks.jsonl\n"
    "      run many tasks, one JSON a line (--help-batch)\n"
    "  gst-animate-1.0 in.mp4 -o out.gif --fps 10 --dry-run\n"
    "      how many frames, what size, how long\n"
    "  cat in.mkv | gst-animate-1.0 - -o out.webp --fps 10\n"
    "      the video comes from standard input\n"
    "\n"
    "Exit status: 0 done, 1 another failure, 2 bad usage, 3 bad task, 4 unreadable source,\n"
    "5 failed output, 75 --index could write nothing down: try again, 130 interrupted\n"
    "(nothing half-written is left in any of these).";

using OptionContext = std::unique_ptr<GOptionContext, decltype(&g_option_context_free)>;

/// The options as GLib reads them: text, so that decimals stay exact. Owned by this struct.
struct Raw {
  gboolean version = FALSE;
  gboolean dry_run = FALSE;
  gboolean print_pipeline = FALSE;
  gboolean json = FALSE;
  gboolean quiet = FALSE;
  gboolean lossless = FALSE;
  gboolean reverse = FALSE;
  gboolean boomerang = FALSE;
  gchar** outputs = nullptr;
  gchar** inputs = nullptr;
  gchar* storage_root = nullptr;
  gchar* task_id = nullptr;
  gchar* journal = nullptr;
  gchar* start = nullptr;
  gchar* duration = nullptr;
  gchar* to = nullptr;
  gchar* interval = nullptr;
  gchar* frame_rate = nullptr;
  gchar* fps = nullptr;
  gchar* number = nullptr;
  gchar* mode = nullptr;
  gchar* threshold = nullptr;
  gchar* speed = nullptr;
  gchar* width = nullptr;
  gchar* height = nullptr;
  gchar* scale_type = nullptr;
  gchar* loop = nullptr;
  gchar* quality = nullptr;
  gchar* max_size = nullptr;
  gchar* colors = nullptr;
  gchar* dither = nullptr;
  gchar* lossy = nullptr;
  gchar* content = nullptr;

  Raw() = default;
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;
  ~Raw() {
    g_strfreev(outputs);
    g_strfreev(inputs);
    for (gchar* text :
         {storage_root, task_id, journal,  start,     duration, to,    interval, frame_rate,
          fps,          number,  mode,     threshold, speed,    width, height,   scale_type,
          loop,         quality, max_size, colors,    dither,   lossy, content}) {
      g_free(text);
    }
  }
};

GOptionEntry flag(const char* name, char letter, gboolean* where, const char* text) {
  return {name, letter, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, where, text, nullptr};
}

GOptionEntry value(const char* name, gchar** where, const char* text, const char* what) {
  return {name, 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, where, text, what};
}

constexpr GOptionEntry kLastEntry = {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr};

// What is to be made.
std::vector<GOptionEntry> look_entries(Raw& raw) {
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

// How it is done, and what is said.
std::vector<GOptionEntry> run_entries(Raw& raw) {
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

Error bad_usage(std::string message) {
  return {ErrorCode::InvalidArgument, std::move(message), {}};
}

std::vector<std::string> list(gchar** texts) {
  std::vector<std::string> out;
  for (; texts != nullptr && *texts != nullptr; ++texts) out.emplace_back(*texts);
  return out;
}

bool ends_with(const std::string& text, std::string_view ending) {
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(), g_ascii_tolower);
  return lower.ends_with(ending);
}

/// The number of an option, if it was given: "2.5" or "1001/30000".
Result<std::optional<Rational>> number(const char* option, const gchar* text) {
  if (text == nullptr) return std::optional<Rational>();
  const std::string given = text;
  const std::size_t slash = given.find('/');
  const auto num = Rational::parse(given.substr(0, slash));
  const auto den =
      slash == std::string::npos ? Rational(1) : Rational::parse(given.substr(slash + 1));
  if (!num || !den || den->is_zero()) {
    return bad_usage(std::string("--") + option + ": \"" + given + "\" is no number");
  }
  const auto value = num->times(den->inverted());
  if (!value)
    return bad_usage(std::string("--") + option + ": " + given + " is too exact a number");
  return std::optional<Rational>(*value);
}

/// Fills `field` from an option; leaves it alone when the option was not given.
template <class Field, class Convert>
Status fill(const char* option, const gchar* text, Field& field, Convert convert) {
  const auto value = number(option, text);
  if (!value) return value.error();
  if (*value) field = convert(**value);
  return success();
}

Status fill(const char* option, const gchar* text, std::optional<Rational>& field) {
  return fill(option, text, field, [](Rational value) { return value; });
}

/// A whole number that is not negative; what is too large stays too large for the task to refuse.
template <class Field>
Status fill_count(const char* option, const gchar* text, Field& field) {
  const auto value = number(option, text);
  if (!value) return value.error();
  if (!*value) return success();
  if (!(*value)->is_whole() || **value < Rational(0) || **value > Rational(G_MAXINT)) {
    return bad_usage(std::string("--") + option + ": \"" + text +
                     "\" is no whole number of at least 0");
  }
  field = static_cast<unsigned>((*value)->num());
  return success();
}

template <class Value>
Status fill_word(const char* option, const gchar* text, const std::vector<Value>& values,
                 Value& field) {
  if (text == nullptr) return success();
  std::string allowed;
  for (const Value& value : values) {
    if (to_string(value) == text) {
      field = value;
      return success();
    }
    allowed += (allowed.empty() ? "" : ", ") + std::string(to_string(value));
  }
  return bad_usage(std::string("--") + option + ": \"" + text + "\" is not one of " + allowed);
}

Result<Side> side(const char* option, const gchar* text) {
  const auto value = number(option, text);
  if (!value) return value.error();
  if (!*value) return Side{};
  const Rational given = **value;
  if (given > Rational(0) && given <= Rational(1)) return Side{Side::Kind::Ratio, given};
  if (given > Rational(1) && given.is_whole()) return Side{Side::Kind::Pixels, given};
  return bad_usage(std::string("--") + option + ": \"" + text +
                   "\" is neither a ratio above 0 and up to 1 nor a whole number of pixels");
}

const Side kFollow{Side::Kind::Follow, Rational(-1)};

/// On the command line, a side that is left out follows the other one.
Status fill_sides(const Raw& raw, AnimationRequest& request) {
  const auto width = side("width", raw.width);
  if (!width) return width.error();
  const auto height = side("height", raw.height);
  if (!height) return height.error();
  request.width = *width;
  request.height = *height;
  const bool has_width = width->kind != Side::Kind::Source;
  const bool has_height = height->kind != Side::Kind::Source;
  if (has_width && !has_height) request.height = kFollow;
  if (has_height && !has_width) request.width = kFollow;
  return success();
}

Status fill_timing(const Raw& raw, AnimationRequest& request) {
  if (raw.fps != nullptr && (raw.interval != nullptr || raw.frame_rate != nullptr)) {
    return bad_usage("--fps sets both --interval and --frame-rate; give either it or them");
  }
  if (Status status = fill("interval", raw.interval, request.interval); !status) return status;
  if (Status status = fill("frame-rate", raw.frame_rate, request.frame_rate); !status)
    return status;
  if (raw.fps == nullptr) return success();
  if (Status status = fill("fps", raw.fps, request.frame_rate); !status) return status;
  if (*request.frame_rate <= Rational(0)) return bad_usage("--fps must be above 0");
  request.interval = request.frame_rate->inverted();
  return success();
}

/// The look that all outputs share.
Result<AnimationRequest> look(const Raw& raw) {
  AnimationRequest request;
  request.scale_type = ScaleType::Fit;
  Dither dither = Dither::Auto;
  Content content = Content::Auto;
  unsigned colors = 0;
  unsigned lossy = 0;
  unsigned count = 0;
  for (const Status& status : {
           fill_timing(raw, request),
           fill_sides(raw, request),
           fill("threshold", raw.threshold, request.threshold),
           fill("speed", raw.speed, request.speed, [](Rational value) { return value; }),
           fill_word<SamplingMode>(
               "mode", raw.mode,
               {SamplingMode::Interval, SamplingMode::Key, SamplingMode::Even, SamplingMode::Scene},
               request.mode),
           fill("quality", raw.quality, request.quality),
           fill_count("number", raw.number, count),
           fill_count("loop", raw.loop, request.loop_count),
           fill_count("colors", raw.colors, colors),
           fill_count("lossy", raw.lossy, lossy),
           fill_count("max-size", raw.max_size, request.target_size),
           fill_word<ScaleType>(
               "scale-type", raw.scale_type,
               {ScaleType::Stretch, ScaleType::Crop, ScaleType::Fill, ScaleType::Fit},
               request.scale_type),
           fill_word<Dither>("dither", raw.dither,
                             {Dither::Auto, Dither::None, Dither::Ordered, Dither::FloydSteinberg},
                             dither),
           fill_word<Content>("content", raw.content,
                              {Content::Auto, Content::Photo, Content::Screen}, content),
       }) {
    if (!status) return status.error();
  }
  request.number = count;
  request.lossless = raw.lossless != FALSE;
  request.reverse = raw.reverse != FALSE;
  request.boomerang = raw.boomerang != FALSE;
  if (raw.colors != nullptr) request.colors = colors;
  if (raw.dither != nullptr) request.dither = dither;
  if (raw.lossy != nullptr) request.lossy = lossy;
  if (raw.content != nullptr) request.content = content;
  return request;
}

Result<TaskSource> source(const Raw& raw, const std::string& input) {
  TaskSource out;
  out.uri = input;
  std::optional<Rational> to;
  for (const Status& status :
       {fill("start", raw.start, out.start_time, [](Rational value) { return value; }),
        fill("duration", raw.duration, out.duration), fill("to", raw.to, to)}) {
    if (!status) return status.error();
  }
  if (!to) return out;
  if (out.duration) return bad_usage("give either --duration or --to");
  if (*to <= out.start_time) return bad_usage("--to must be after --start");
  out.duration = to->plus(out.start_time.negated());
  return out;
}

/// A path as it is in a template: braces stand for themselves.
std::string as_template(const std::string& path) {
  std::string out;
  for (const char c : path) {
    out += c;
    if (c == '{' || c == '}') out += c;
  }
  return out;
}

/// `shared` for one output: what its format does not know is left out.
Result<AnimationRequest> output(AnimationRequest shared, const std::string& path) {
  shared.uri = as_template(path);
  if (ends_with(path, ".webp")) {
    shared.format = AnimationFormat::Webp;
    shared.colors.reset();
    shared.dither.reset();
    shared.lossy.reset();
    return shared;
  }
  if (ends_with(path, ".gif")) {
    shared.format = AnimationFormat::Gif;
    shared.lossless = false;
    shared.content.reset();
    return shared;
  }
  return bad_usage("--output: \"" + path + "\" ends in neither .webp nor .gif");
}

Result<Task> task_of(const Raw& raw, const std::string& input,
                     const std::vector<std::string>& outputs) {
  auto from = source(raw, input);
  if (!from) return from.error();
  const auto shared = look(raw);
  if (!shared) return shared.error();
  Task task;
  task.project_name = "gst-animate";
  task.sources.push_back(std::move(*from));
  task.targets = 1;
  for (const std::string& path : outputs) {
    auto request = output(*shared, path);
    if (!request) return request.error();
    task.animations.push_back(std::move(*request));
  }
  return task;
}

/// With a task file, what the options would say is in the file.
Status refuse_look_options(const Raw& raw) {
  const std::array<std::pair<const char*, const void*>, 19> given = {{
      {"output", raw.outputs},
      {"start", raw.start},
      {"duration", raw.duration},
      {"to", raw.to},
      {"interval", raw.interval},
      {"frame-rate", raw.frame_rate},
      {"fps", raw.fps},
      {"number", raw.number},
      {"width", raw.width},
      {"height", raw.height},
      {"scale-type", raw.scale_type},
      {"loop", raw.loop},
      {"quality", raw.quality},
      {"max-size", raw.max_size},
      {"colors", raw.colors},
      {"dither", raw.dither},
      {"lossy", raw.lossy},
      {"content", raw.content},
      {"lossless", raw.lossless != FALSE ? "" : nullptr},
  }};
  for (const auto& [name, value] : given) {
    if (value != nullptr) {
      return bad_usage(std::string("--") + name +
                       " goes with a video; a task file says it in its JSON");
    }
  }
  return success();
}

// What a call has that runs a batch.
Status refuse_with_batch(const Raw& raw) {
  if (raw.inputs != nullptr) return bad_usage("--batch takes no other task and no video");
  if (raw.dry_run != FALSE || raw.print_pipeline != FALSE) {
    return bad_usage("--dry-run and --print-pipeline are for one task");
  }
  if (raw.task_id != nullptr || raw.journal != nullptr) {
    return bad_usage("--task-id and --journal are for one task");
  }
  return refuse_look_options(raw);
}

Result<Options> options_of(const Raw& raw, std::optional<BatchSettings> batch) {
  Options options;
  options.version = raw.version != FALSE;
  options.dry_run = raw.dry_run != FALSE;
  options.print_pipeline = raw.print_pipeline != FALSE;
  options.json = raw.json != FALSE;
  options.quiet = raw.quiet != FALSE;
  if (raw.storage_root != nullptr) options.storage_root = raw.storage_root;
  if (raw.task_id != nullptr) options.task_id = raw.task_id;
  if (raw.journal != nullptr) options.journal = raw.journal;
  if (options.version) return options;
  if (batch) {
    if (Status status = refuse_with_batch(raw); !status) return status.error();
    if (options.json && !batch->index) return bad_usage("--json goes with one task");
    options.batch = std::move(batch);
    return options;
  }
  const auto inputs = list(raw.inputs);
  if (inputs.size() != 1) {
    return bad_usage(inputs.empty() ? "no task and no video given; see --help"
                                    : "one task or one video at a time; \"" + inputs[1] +
                                          "\" is a second one");
  }
  const auto outputs = list(raw.outputs);
  if (ends_with(inputs[0], ".json")) {
    if (Status status = refuse_look_options(raw); !status) return status.error();
    options.task_file = inputs[0];
    return options;
  }
  if (outputs.empty()) return bad_usage("where to? give -o FILE.webp or -o FILE.gif");
  auto task = task_of(raw, inputs[0], outputs);
  if (!task) return task.error();
  options.task = std::move(*task);
  return options;
}

}  // namespace

Result<Options> parse_options(int argc, char** argv) {
  Raw raw;
  LimitOptions limits;
  BatchOptions batch;
  const OptionContext context(g_option_context_new(nullptr), &g_option_context_free);
  g_option_context_set_summary(context.get(), kSummary);
  g_option_context_set_description(context.get(), kExamples);
  for (const auto& table : {look_entries(raw), run_entries(raw)}) {
    g_option_context_add_main_entries(context.get(), table.data(), nullptr);
  }
  g_option_context_add_group(context.get(), limits.group());
  g_option_context_add_group(context.get(), batch.group());
  GError* error = nullptr;
  if (g_option_context_parse(context.get(), &argc, &argv, &error) == FALSE) {
    const std::string message = error->message;
    g_error_free(error);
    return bad_usage(message + "; see --help");
  }
  const auto values = limits.values();
  if (!values) return values.error();
  auto many = batch.values();
  if (!many) return many.error();
  auto options = options_of(raw, std::move(*many));
  if (!options) return options;
  options->limits = *values;
  options->limit_texts = limits.texts();
  return options;
}

Result<std::string> task_text(const Options& options) {
  if (options.task) return to_json(*options.task);
  return read_task_file(options.task_file);
}

}  // namespace anim::tools
