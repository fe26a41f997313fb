// SPDX-License-Identifier: LGPL-2.1-or-later
#include <doctest/doctest.h>

#include "gst/core/chain.h"

using anim::ElementSpec;
using anim::Rational;

TEST_CASE("defaults are left out") {
  CHECK(anim::output_chain({}, {}) ==
        std::vector<ElementSpec>{{"intervalsampler", {}}, {"fitscale", {}}, {"animwebpenc", {}}});
  CHECK(anim::part_spec({}) == ElementSpec{"intervalsampler", {}});
}

TEST_CASE("a part is every frame between two times") {
  CHECK(
      anim::part_spec({.start = std::chrono::seconds(5), .stop = std::chrono::seconds(30)}) ==
      ElementSpec{"intervalsampler", {{"start-time", "5000000000"}, {"stop-time", "30000000000"}}});
}

TEST_CASE("the plan's samples count on the timeline") {
  anim::OutputPlan plan;
  plan.sample.start = std::chrono::seconds(2);
  plan.sample.interval = std::chrono::milliseconds(500);
  plan.sample.frame_rate = Rational(15);
  plan.sample.max_frames = 9;
  CHECK(anim::output_chain({}, plan)[0] == ElementSpec{"intervalsampler",
                                                       {{"interval", "500000000"},
                                                        {"start-time", "2000000000"},
                                                        {"max-frames", "9"},
                                                        {"frame-rate", "15/1"}}});
}

TEST_CASE("the gate is told what the sampler is told, and every frame where that may count") {
  const anim::TimelinePart part{.start = std::chrono::seconds(5)};
  anim::AnimationRequest request;
  request.interval = Rational(1, 10);
  request.number = 7;
  using Specs = std::vector<ElementSpec>;
  const Specs sparse = {
      {"samplegate",
       {{"interval", "100000000"}, {"start-time", "5000000000"}, {"max-frames", "7"}}}};
  const Specs every = {{"samplegate", {{"start-time", "5000000000"}, {"max-frames", "7"}}}};
  CHECK(anim::gate_specs(part, request, {.unit_rate = Rational(25), .timeline_length = {}}) ==
        sparse);
  CHECK(anim::gate_specs(part, request, {}) == sparse);
  CHECK(anim::gate_specs(part, request, {.unit_rate = Rational(12), .timeline_length = {}}) ==
        every);
  request.interval = Rational(1, 11);
  CHECK(anim::gate_specs(part, request, {}) == every);
}

TEST_CASE("the gate of a part that comes after all samples wants none") {
  anim::AnimationRequest request;
  request.interval = Rational(1);
  request.number = 3;
  CHECK(anim::gate_specs({.offset = std::chrono::seconds(4)}, request, {}).empty());
}

TEST_CASE("look and format reach the scaler and the encoder") {
  anim::AnimationRequest request;
  request.format = anim::AnimationFormat::Gif;
  request.quality = Rational(90);
  request.colors = 64;
  request.dither = anim::Dither::FloydSteinberg;
  request.lossy = 12;
  request.loop_count = 3;
  request.target_size = 3'000'000'000;
  anim::OutputPlan plan;
  plan.scale = {
      .width = 100, .height = -1, .type = anim::ScaleType::Fill, .background = 0xFFFFFFFF};
  const auto chain = anim::output_chain(request, plan);
  CHECK(chain[1] == ElementSpec{"fitscale",
                                {{"width", "100"},
                                 {"height", "-1"},
                                 {"scale-type", "fill"},
                                 {"background", "4294967295"}}});
  CHECK(chain[2] == ElementSpec{"animgifenc",
                                {{"quality", "90"},
                                 {"target-size", "3000000000"},
                                 {"colors", "64"},
                                 {"dither", "floyd-steinberg"},
                                 {"lossy", "12"},
                                 {"animation-loops", "3"}}});
}

TEST_CASE("content reaches the encoder") {
  anim::AnimationRequest request;
  request.format = anim::AnimationFormat::Webp;
  request.content = anim::Content::Screen;
  CHECK(anim::output_chain(request, {})[2] == ElementSpec{"animwebpenc", {{"content", "screen"}}});
}

TEST_CASE("random access points are told to gate and sampler") {
  anim::AnimationRequest request;
  request.mode = anim::SamplingMode::Key;
  request.interval = Rational(1, 100);
  request.number = 4;
  const ElementSpec gate = anim::gate_specs({}, request, {}).at(0);
  CHECK(gate == ElementSpec{"samplegate", {{"mode", "key"}, {"max-frames", "4"}}});
  CHECK(anim::wanted_text(gate) == "sampler, mode=(string)key, max-frames=(guint64)4");
  anim::OutputPlan plan;
  plan.sample = anim::sample_plan(request, std::nullopt);
  CHECK(anim::output_chain(request, plan)[0] ==
        ElementSpec{"intervalsampler", {{"mode", "key"}, {"max-frames", "4"}}});
}

TEST_CASE("the gate knows even samples when the length is known, and wants every frame otherwise") {
  const anim::TimelinePart part{.start = std::chrono::seconds(2)};
  anim::AnimationRequest request;
  request.mode = anim::SamplingMode::Even;
  request.number = 7;
  const anim::StreamFacts known{.unit_rate = Rational(25),
                                .timeline_length = std::chrono::seconds(10)};
  const ElementSpec sparse{"samplegate",
                           {{"rate", "7/10"}, {"start-time", "2000000000"}, {"max-frames", "7"}}};
  const ElementSpec all{"samplegate", {{"start-time", "2000000000"}, {"max-frames", "7"}}};
  CHECK(anim::gate_specs(part, request, known) == std::vector{sparse});
  CHECK(anim::gate_specs(part, request, {}) == std::vector{all});
}

TEST_CASE("scenes are picked and the order is turned before the encoder") {
  anim::AnimationRequest request;
  request.mode = anim::SamplingMode::Scene;
  request.threshold = Rational(15, 2);
  request.interval = Rational(1);
  request.number = 5;
  request.frame_rate = Rational(3);
  request.speed = Rational(2);
  request.boomerang = true;
  anim::OutputPlan plan;
  plan.sample = anim::sample_plan(request, std::nullopt);
  const auto chain = anim::output_chain(request, plan);
  CHECK(chain ==
        std::vector<ElementSpec>{
            {"intervalsampler", {{"interval", "1000000000"}}},
            {"fitscale", {}},
            {"scenefilter", {{"threshold", "7.5"}}},
            {"intervalsampler", {{"max-frames", "5"}, {"frame-rate", "3/1"}, {"speed", "2/1"}}},
            {"frameorder", {{"boomerang", "true"}}},
            {"animwebpenc", {}}});
  anim::AnimationRequest plain;
  plain.mode = anim::SamplingMode::Scene;
  CHECK(anim::output_chain(plain, {}).size() == 4);
}
