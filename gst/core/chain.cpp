// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/chain.h"

#include <array>
#include <charconv>
#include <utility>

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
  if (plan.keys_alone) out.properties.emplace_back("mode", "key");
  if (plan.start.count() > 0)
    out.properties.emplace_back("start-time", std::to_string(plan.start.count()));
  if (stop) out.properties.emplace_back("stop-time", std::to_string(stop->count()));
  if (plan.max_frames > 0)
    out.properties.emplace_back("max-frames", std::to_string(plan.max_frames));
  return out;
}

void add_timing(ElementSpec& sampler, const SamplePlan& plan) {
  if (!plan.frame_rate.is_zero())
    sampler.properties.emplace_back("frame-rate", fraction(plan.frame_rate));
  if (plan.speed != Rational(1)) sampler.properties.emplace_back("speed", fraction(plan.speed));
}

// Pictures that are no new scene leave with the timing that they have in the source: what it is for
// those that are kept is known after them alone.
void add_scenes(std::vector<ElementSpec>& chain, const AnimationRequest& request,
                const SamplePlan& plan) {
  ElementSpec filter{"scenefilter", {}};
  if (request.threshold)
    filter.properties.emplace_back("threshold", decimal(request.threshold->to_double()));
  chain.push_back(std::move(filter));
  ElementSpec timing{"intervalsampler", {}};
  if (request.number > 0)
    timing.properties.emplace_back("max-frames", std::to_string(request.number));
  add_timing(timing, plan);
  if (!timing.properties.empty()) chain.push_back(std::move(timing));
}

void add_order(std::vector<ElementSpec>& chain, const AnimationRequest& request) {
  ElementSpec order{"frameorder", {}};
  if (request.reverse) order.properties.emplace_back("reverse", "true");
  if (request.boomerang) order.properties.emplace_back("boomerang", "true");
  if (!order.properties.empty()) chain.push_back(std::move(order));
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
  if (request.target_size > 0)
    out.properties.emplace_back("target-size", std::to_string(request.target_size));
  if (request.content) out.properties.emplace_back("content", to_string(*request.content));
  if (request.colors) out.properties.emplace_back("colors", std::to_string(*request.colors));
  if (request.dither) out.properties.emplace_back("dither", to_string(*request.dither));
  if (request.lossy) out.properties.emplace_back("lossy", std::to_string(*request.lossy));
  if (request.loop_count > 0) {
    out.properties.emplace_back("animation-loops", std::to_string(request.loop_count));
  }
  return out;
}

}  // namespace

std::vector<ElementSpec> gate_specs(const TimelinePart& part, const AnimationRequest& request,
                                    const StreamFacts& stream) {
  const Rational fewest_unknown(1, 10);  // seconds; streams without a rate are seldom slower
  SamplePlan plan = sample_plan(request, stream.timeline_length);
  const Rational clear =
      stream.unit_rate ? *stream.unit_rate->inverted().times(Rational(3, 2)) : fewest_unknown;
  const bool may_be_clamped =
      request.mode == SamplingMode::Interval || request.mode == SamplingMode::Scene;
  if (may_be_clamped && request.interval && *request.interval < clear) {
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
  const bool picks_scenes = request.mode == SamplingMode::Scene;
  std::vector<ElementSpec> chain = {samples("intervalsampler", plan.sample, {}),
                                    scaler(plan.scale)};
  if (picks_scenes) {
    add_scenes(chain, request, plan.sample);
  } else {
    add_timing(chain.front(), plan.sample);
  }
  add_order(chain, request);
  chain.push_back(encoder(request));
  return chain;
}

std::string wanted_text(const ElementSpec& gate) {
  std::string text = "sampler";
  for (const auto& [name, value] : gate.properties) {
    const char* type = name == "rate" ? "=(fraction)" : name == "mode" ? "=(string)" : "=(guint64)";
    text.append(", ").append(name).append(type).append(value);
  }
  return text;
}

}  // namespace anim
