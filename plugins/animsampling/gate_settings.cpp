// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/animsampling/gate_settings.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace anim {
namespace {

/// The fields that are times or counts.
struct Number {
  const char* name;
  std::uint64_t SamplingSettings::*member;
};

constexpr auto kNumbers = std::to_array<Number>({
    {"interval", &SamplingSettings::interval},
    {"max-frames", &SamplingSettings::max_frames},
    {"start-time", &SamplingSettings::start_time},
    {"stop-time", &SamplingSettings::stop_time},
});

constexpr const char* kIntervalMode = "interval";
constexpr const char* kKeyMode = "key";

// From any type of whole number, as gst_parse_launch makes gint of what has no type.
bool read_number(const GValue* value, std::uint64_t& out) {
  if (!g_type_is_a(G_VALUE_TYPE(value), G_TYPE_INT) && !G_VALUE_HOLDS_UINT(value) &&
      !G_VALUE_HOLDS_INT64(value) && !G_VALUE_HOLDS_UINT64(value)) {
    return false;
  }
  GValue number = G_VALUE_INIT;
  g_value_init(&number, G_TYPE_UINT64);
  g_value_transform(value, &number);  // what is below 0 becomes more than any time
  out = g_value_get_uint64(&number);
  g_value_unset(&number);
  return out <= G_MAXINT64 || G_VALUE_HOLDS_UINT64(value);
}

// Times are signed in core.
bool is_in_range(const SamplingSettings& sampler) {
  return sampler.interval <= G_MAXINT64 && sampler.start_time <= G_MAXINT64;
}

bool read_mode(const GValue* value, SamplerMode& out) {
  const char* text = G_VALUE_HOLDS_STRING(value) ? g_value_get_string(value) : nullptr;
  if (text == nullptr) return false;
  const std::string_view mode = text;
  out = mode == kKeyMode ? SamplerMode::Key : SamplerMode::Interval;
  return mode == kKeyMode || mode == kIntervalMode;
}

bool read_field(std::string_view name, const GValue* value, SamplingSettings& out) {
  if (name == "mode") return read_mode(value, out.mode);
  if (name == "rate" && GST_VALUE_HOLDS_FRACTION(value)) {
    const int num = gst_value_get_fraction_numerator(value);
    if (num < 0) return false;
    out.rate = Rational(num, gst_value_get_fraction_denominator(value));
    return true;
  }
  for (const Number& number : kNumbers) {
    if (name == number.name) return read_number(value, out.*number.member);
  }
  return false;
}

// A sampler that is not understood may want anything: every frame.
SamplingSettings sampler_of(const GstStructure* structure) {
  SamplingSettings out;
  bool is_understood = structure != nullptr;
  const gint count = is_understood ? gst_structure_n_fields(structure) : 0;
  for (gint i = 0; i < count; ++i) {
    const char* name = gst_structure_nth_field_name(structure, static_cast<guint>(i));
    const bool is_read = read_field(name, gst_structure_get_value(structure, name), out);
    is_understood = is_understood && is_read;
  }
  if (is_understood && is_in_range(out)) return out;
  g_warning(
      "samplegate: a sampler in wanted is not understood and counts as every frame; its fields are "
      "interval, start-time, stop-time, max-frames (uint64, times in ns), rate (fraction) and mode "
      "(string: interval, key)");
  return {};
}

GstStructure* structure_of(const SamplingSettings& sampler) {
  GstStructure* out =
      gst_structure_new("sampler", "rate", GST_TYPE_FRACTION, static_cast<gint>(sampler.rate.num()),
                        static_cast<gint>(sampler.rate.den()), "mode", G_TYPE_STRING,
                        sampler.mode == SamplerMode::Key ? kKeyMode : kIntervalMode, nullptr);
  for (const Number& number : kNumbers) {
    gst_structure_set(out, number.name, G_TYPE_UINT64, sampler.*number.member, nullptr);
  }
  return out;
}

}  // namespace

std::vector<SamplingPlan> GateSettings::plans() const {
  std::vector<SamplingPlan> out;
  for (const SamplingSettings& sampler : wanted) out.push_back(sampler.plan());
  if (!out.empty()) return out;
  SamplingSettings own;
  own.interval = interval;
  own.rate = rate;
  own.max_frames = max_frames;
  own.start_time = start_time;
  own.stop_time = stop_time;
  own.mode = mode;
  return {own.plan()};
}

FrameDemand GateSettings::demand(Zero zero) const {
  FrameDemand out(plans(), zero);
  if (keep_end != GST_CLOCK_TIME_NONE) {
    out.keep_end(Nanoseconds(static_cast<std::int64_t>(std::min<guint64>(keep_end, G_MAXINT64))));
  }
  return out;
}

bool GateSettings::wants_keys() const {
  const auto all = plans();
  return std::any_of(all.begin(), all.end(),
                     [](const SamplingPlan& plan) { return plan.keys_alone; });
}

std::vector<SamplingSettings> samplers_of(const GValue* array) {
  std::vector<SamplingSettings> out;
  for (guint i = 0; i < gst_value_array_get_size(array); ++i) {
    out.push_back(sampler_of(gst_value_get_structure(gst_value_array_get_value(array, i))));
  }
  return out;
}

void put_samplers(GValue* array, const std::vector<SamplingSettings>& samplers) {
  for (const SamplingSettings& sampler : samplers) {
    GValue item = G_VALUE_INIT;
    g_value_init(&item, GST_TYPE_STRUCTURE);
    g_value_take_boxed(&item, structure_of(sampler));
    gst_value_array_append_and_take_value(array, &item);
  }
}

}  // namespace anim
