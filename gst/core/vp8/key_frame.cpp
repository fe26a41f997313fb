// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/key_frame.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "gst/core/vp8/bool_encoder.h"
#include "gst/core/vp8/coded_frame.h"
#include "gst/core/vp8/modes.h"

namespace anim::vp8 {
namespace {

constexpr int kMaxFilterLevel = 63;
// The strength of which the filter's level is the step. Weaker filters (240) leave static parts
// that flicker more than libwebp's at equal quality, stronger ones (180) cost dark pictures 3 %.
constexpr int kFullStrength = 188;
// Of contrast, for each unit of masking. At 0.006 the worst blocks of a grainy film were 5.5 %
// worse than libwebp's at equal quality.
constexpr double kMaskingPower = 0.0055;

/// Everything that the frame's header says of how it is coded.
struct Plan {
  Segmentation segments;
  std::array<SegmentCoding, kMaxSegments> codings;
  std::array<int, kMaxSegments> filter_levels{};
  int filter_sharpness = 0;
};

/// The quantiser's index of a quality. Sizes grow about evenly with quality that way; between the
/// ends the curve is that of other WebP encoders, so that numbers mean the same.
double index_of(float quality) {
  const double linear = quality / 100;
  const double compression = linear < 0.75 ? linear * 2 / 3 : 2 * linear - 1;
  return kMaxIndex * (1 - std::cbrt(compression));
}

Plan plan_of(const ImageView& picture, const KeyFrameSettings& settings,
             std::span<const float> step_powers, SearchEffort effort) {
  // Segments take bits beside the modes.
  const int masking = effort.chooses_modes ? settings.masking : 0;
  Plan plan;
  plan.filter_sharpness = settings.filter_sharpness;
  plan.segments = choose_segments(picture, index_of(settings.quality), kMaskingPower * masking,
                                  effort.chooses_modes ? step_powers : std::span<const float>{});
  for (std::size_t i = 0; i < kMaxSegments; ++i) {
    SegmentCoding& coding = plan.codings[i];
    coding.quantizers = quantizers_at(plan.segments.index[i]);
    const int step = coding.quantizers.luma.ac_step();
    coding.tradeoff = Tradeoff::at(step);
    plan.filter_levels[i] =
        std::min(step * settings.filter_strength / kFullStrength, kMaxFilterLevel);
  }
  // The decoder smooths the edges of a macroblock to its left and above with its own level.
  if (plan.segments.has_holes) plan.filter_levels[kHoleSegment] = 0;
  return plan;
}

/// What is tried, one after another while the modes take too much: as asked, luma undivided, and
/// blocks predicted by their mean, which says next to nothing.
std::array<SearchEffort, 3> efforts_of(int effort) {
  // Candidates of subblocks, whole luma, chroma.
  constexpr std::array<SearchEffort, 7> kEfforts = {{{0, 1, 1},
                                                     {1, 1, 1},
                                                     {1, 1, 1},
                                                     {1, 1, 1},
                                                     {2, 2, 4},
                                                     {4, 2, 4},
                                                     {kSubblockModes, kBlockModes, 4}}};
  return {{kEfforts.at(effort),
           {.subblock_candidates = 0},
           {.subblock_candidates = 0, .chooses_modes = false}}};
}

/// The probability of a zero among so many zeros and ones.
int probability_of(std::size_t zeros, std::size_t ones) {
  if (zeros + ones == 0) return 255;
  return static_cast<int>(std::clamp<std::size_t>(256 * zeros / (zeros + ones), 1, 255));
}

/// The tree that says a macroblock's segment: two bits, the second by the first.
struct SegmentTree {
  explicit SegmentTree(const CodedFrame& frame) {
    std::array<std::size_t, kMaxSegments> counts{};
    for (const CodedMacroblock& macroblock : frame.macroblocks) ++counts.at(macroblock.segment);
    probabilities = {probability_of(counts[0] + counts[1], counts[2] + counts[3]),
                     probability_of(counts[0], counts[1]), probability_of(counts[2], counts[3])};
  }
  void put(BoolEncoder& out, int segment) const {
    const bool is_upper = segment >= 2;
    out.put(is_upper, probabilities[0]);
    out.put(segment % 2 != 0, probabilities[is_upper ? 2 : 1]);
  }
  std::array<int, 3> probabilities;
};

/// Section 9.3.
void put_segments(BoolEncoder& out, const Plan& plan, const SegmentTree& tree) {
  out.put(true);  // every macroblock says its segment
  out.put(true);  // and here is what they are
  out.put(true);  // in absolute values
  for (const int index : plan.segments.index) out.put_optional_signed(index, 7);
  for (const int level : plan.filter_levels) out.put_optional_signed(level, 6);
  for (const int probability : tree.probabilities) {
    out.put(probability != 255);
    if (probability != 255) out.put_bits(probability, 8);
  }
}

/// Sections 9.2 to 9.11, and 19.2 for the order.
void put_header(BoolEncoder& out, const Plan& plan, const SegmentTree& tree,
                const CoefficientProbabilities& probabilities) {
  out.put(false);  // YUV
  out.put(false);  // the decoder limits its samples
  out.put(plan.segments.has_several());
  if (plan.segments.has_several()) put_segments(out, plan, tree);
  out.put(false);  // the normal loop filter
  // Of a frame without a level decoders filter nothing, whatever its segments say.
  out.put_bits(*std::max_element(plan.filter_levels.begin(), plan.filter_levels.end()), 6);
  out.put_bits(plan.filter_sharpness, 3);
  out.put(false);      // no differences of the filter between modes
  out.put_bits(0, 2);  // one partition of coefficients
  out.put_bits(plan.segments.index[0], 7);
  for (const int delta : kIndexDeltas) out.put_optional_signed(delta, 4);
  out.put(false);  // no frame comes after that would keep the probabilities
  put_probabilities(out, probabilities);
}

void put_luma_modes(BoolEncoder& out, const Macroblock& macroblock, const Side& above,
                    const Side& left) {
  if (!macroblock.has_subblocks) return put_luma_mode(out, macroblock.luma);
  put_divided_luma(out);
  auto over = above.modes;
  auto beside = left.modes;
  for (int i = 0; i < kLumaBlocks; ++i) {
    const SubblockMode mode = macroblock.subblocks[i];
    put_subblock_mode(out, over[i % 4], beside[i / 4], mode);
    over[i % 4] = beside[i / 4] = mode;
  }
}

/// Calls visit(macroblock, above, left) for each macroblock; it keeps the sides itself.
template <class Visit>
void visit_macroblocks(const CodedFrame& frame, Visit visit) {
  std::vector<Side> above(frame.columns);
  auto macroblock = frame.macroblocks.begin();
  for (int row = 0; row < frame.rows; ++row) {
    Side left;
    for (Side& over : above) visit(*macroblock++, over, left);
  }
}

/// The first partition.
Bytes modes_of(const CodedFrame& frame, const Plan& plan,
               const CoefficientProbabilities& probabilities) {
  const auto has = [](const CodedMacroblock& macroblock) { return macroblock.has_coefficients; };
  const auto full = static_cast<std::size_t>(
      std::count_if(frame.macroblocks.begin(), frame.macroblocks.end(), has));
  const int full_probability = probability_of(full, frame.macroblocks.size() - full);
  const SegmentTree tree(frame);
  BoolEncoder out;
  put_header(out, plan, tree, probabilities);
  out.put(true);  // macroblocks say when they have no coefficients
  out.put_bits(full_probability, 8);
  visit_macroblocks(frame, [&](const CodedMacroblock& macroblock, Side& above, Side& left) {
    if (plan.segments.has_several()) tree.put(out, macroblock.segment);
    out.put(!macroblock.has_coefficients, full_probability);
    put_luma_modes(out, macroblock.modes, above, left);
    put_chroma_mode(out, macroblock.modes.chroma);
    pass_modes(macroblock.modes, above, left);
  });
  return out.take();
}

/// The second partition.
Bytes coefficients_of(const CodedFrame& frame, const CoefficientProbabilities& probabilities) {
  BoolEncoder out;
  LevelReader reader(frame);
  MacroblockLevels levels;
  visit_macroblocks(frame, [&](const CodedMacroblock& macroblock, Side& above, Side& left) {
    if (!macroblock.has_coefficients) {
      pass_without_coefficients(macroblock.modes, above);
      pass_without_coefficients(macroblock.modes, left);
      return;
    }
    reader.read(macroblock.modes, levels);
    visit_blocks_in_context(macroblock.modes, levels, above, left,
                            [&](BlockType type, int block, int context) {
                              put_block(out, probabilities, type, context, levels[block]);
                            });
  });
  return out.take();
}

void put_little_endian(Bytes& out, std::size_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

/// Section 9.1.
Bytes frame_of(Size size, const Bytes& modes, const Bytes& coefficients) {
  constexpr std::size_t kIsShown = 1U << 4;
  constexpr std::size_t kStartCode = 0x2A019D;
  Bytes out;
  out.reserve(10 + modes.size() + coefficients.size());
  put_little_endian(out, kIsShown | modes.size() << 5, 3);
  put_little_endian(out, kStartCode, 3);
  put_little_endian(out, static_cast<std::size_t>(size.width), 2);
  put_little_endian(out, static_cast<std::size_t>(size.height), 2);
  out.insert(out.end(), modes.begin(), modes.end());
  out.insert(out.end(), coefficients.begin(), coefficients.end());
  return out;
}

Error too_large(Size size) {
  return Error{ErrorCode::LimitExceeded,
               "a VP8 picture has 1 to 16383 pixels a side; this one is " +
                   std::to_string(size.width) + "x" + std::to_string(size.height),
               {}};
}

}  // namespace

int ac_step_at(float quality) {
  return quantizers_at(static_cast<int>(std::lround(index_of(quality)))).luma.ac_step();
}

Result<Bytes> encode_key_frame(const ImageView& picture, const KeyFrameSettings& settings,
                               std::span<const float> step_powers, std::size_t max_modes) {
  const auto [width, height] = picture.size;
  if (width < 1 || height < 1 || width > kMaxFrameSide || height > kMaxFrameSide) {
    return too_large(picture.size);
  }
  std::size_t modes_size = 0;
  for (const SearchEffort effort : efforts_of(settings.effort)) {
    const Plan plan = plan_of(picture, settings, step_powers, effort);
    const CodedFrame frame = code_frame(picture, plan.segments, plan.codings, effort);
    const CoefficientProbabilities probabilities = frame.counts.best_probabilities();
    const Bytes modes = modes_of(frame, plan, probabilities);
    modes_size = modes.size();
    if (modes_size <= max_modes) {
      return frame_of(picture.size, modes, coefficients_of(frame, probabilities));
    }
  }
  return Error{ErrorCode::LimitExceeded,
               "the picture holds more detail than the format can carry; lower the quality or the "
               "size",
               "modes: " + std::to_string(modes_size) + " bytes"};
}

}  // namespace anim::vp8
