// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/chain.h"

#include <array>
#include <charconv>

namespace anim {
namespace {

std::string fraction(Rational value) {
  return std::to_string(value.num()) + "/" + std::to_string(value.den());
}

// The shortest decimal that reads back as the same double.
std::string decimal(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

// What intervalsampler and samplegate both are told.
ElementSpec samples(const char* factory, const SamplePlan& plan, std::optional<Nanoseconds> stop) {
  ElementSpec out{factory, {}};
  if (plan.interval.count() > 0)
    out.properties.emplace_back("interval", std::to_string(plan.interval.count()));
  if (!plan.rate.is_zero()) out.properties.emplace_back("rate", fraction(plan.rate));
  if (plan.start.count() > 0)
    out.properties.emplace_back("start-time", std::to_string(plan.start.count()));
  if (stop) out.properties.emplace_back("stop-time", std::to_string(stop->count()));
  if (plan.max_frames > 0)
    out.properties.emplace_back("max-frames", std::to_string(plan.max_frames));
  if (!plan.frame_rate.is_zero())
    out.properties.emplace_back("frame-rate", fraction(plan.frame_rate));
  return out;
}

ElementSpec scaler(const ScalePlan& plan) {
  ElementSpec out{"fitscale", {}};
  if (plan.width != 0) out.properties.emplace_back("width", decimal(plan.width));
  if (plan.height != 0) out.properties.emplace_back("height", decimal(plan.height));
  if (plan.type != ScaleType::Stretch)
    out.properties.emplace_back("scale-type", to_string(plan.type));
  if (plan.background != ScalePlan{}.background) {
    out.properties.emplace_back("background", std::to_string(plan.background));
  }
  return out;
}

ElementSpec encoder(const AnimationRequest& request) {
  ElementSpec out{request.format == AnimationFormat::Webp ? "animwebpenc" : "animgifenc", {}};
  if (request.quality)
    out.properties.emplace_back("quality", decimal(request.quality->to_double()));
  if (request.lossless) out.properties.emplace_back("lossless", "true");
  if (request.colors) out.properties.emplace_back("colors", std::to_string(*request.colors));
  if (request.dither) out.properties.emplace_back("dither", to_string(*request.dither));
  if (request.loop_count > 0) {
    out.properties.emplace_back("animation-loops", std::to_string(request.loop_count));
  }
  return out;
}

}  // namespace

std::vector<ElementSpec> gate_specs(const TimelinePart& part, const AnimationRequest& request,
                                    std::optional<Rational> unit_rate) {
  const Rational fewest_unknown(1, 10);  // seconds; streams without a rate are seldom slower
  SamplePlan plan = sample_plan(request);
  const Rational clear = unit_rate ? *unit_rate->inverted().times(Rational(3, 2)) : fewest_unknown;
  if (request.interval && *request.interval < clear) {
    plan.interval = Nanoseconds(0);
    plan.rate = Rational(0);
  }
  std::vector<ElementSpec> out;
  for (const SamplePlan& here : samples_on(part, plan)) {
    out.push_back(samples("samplegate", here, part.stop));
  }
  return out;
}

ElementSpec part_spec(const TimelinePart& part) {
  SamplePlan every_frame;
  every_frame.start = part.start;
  return samples("intervalsampler", every_frame, part.stop);
}

std::vector<ElementSpec> output_chain(const AnimationRequest& request, const OutputPlan& plan) {
  return {samples("intervalsampler", plan.sample, {}), scaler(plan.scale), encoder(request)};
}

}  // namespace anim
