// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/options.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <glib.h>

#include "gst/core/task_file.h"
#include "gst/core/task_writer.h"
#include "gst/tools/raw_options.h"

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
Status fill_sides(const RawOptions& raw, AnimationRequest& request) {
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

Status fill_timing(const RawOptions& raw, AnimationRequest& request) {
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
Result<AnimationRequest> look(const RawOptions& raw) {
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

Result<TaskSource> source(const RawOptions& raw, const std::string& input) {
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

Result<Task> task_of(const RawOptions& raw, const std::string& input,
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
Status refuse_look_options(const RawOptions& raw) {
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
Status refuse_with_batch(const RawOptions& raw) {
  if (raw.inputs != nullptr) return bad_usage("--batch takes no other task and no video");
  if (raw.dry_run != FALSE || raw.print_pipeline != FALSE) {
    return bad_usage("--dry-run and --print-pipeline are for one task");
  }
  if (raw.task_id != nullptr || raw.journal != nullptr) {
    return bad_usage("--task-id and --journal are for one task");
  }
  return refuse_look_options(raw);
}

Result<Options> options_of(const RawOptions& raw, std::optional<BatchSettings> batch) {
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
  RawOptions raw;
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
