// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8/coded_frame.h"

#include <algorithm>
#include <utility>

#include "gst/core/vp8/chroma.h"

namespace anim::vp8 {
namespace {

constexpr int kCostUpdates = 8;  // a picture; what tokens cost is learnt on the way

void keep_levels(const Macroblock& macroblock, const MacroblockLevels& levels,
                 std::vector<std::int16_t>& kept) {
  visit_blocks(macroblock, [&](BlockType, int block) {
    const Levels& from = levels[block];
    kept.push_back(static_cast<std::int16_t>(from.count));
    kept.insert(kept.end(), from.at.begin(), from.at.begin() + from.count);
  });
}

class FrameCoder {
 public:
  FrameCoder(const ImageView& picture, const Segmentation& segments,
             std::span<const SegmentCoding, kMaxSegments> codings, SearchEffort effort)
      : picture_(picture),
        segments_(segments),
        codings_(codings),
        effort_(effort),
        coded_(macroblocks_in(picture.size.width), macroblocks_in(picture.size.height)) {
    frame_.columns = macroblocks_in(picture.size.width);
    frame_.rows = macroblocks_in(picture.size.height);
    above_.resize(frame_.columns);
  }

  CodedFrame coded() {
    const int update_after = std::max(1, seen_macroblocks() / kCostUpdates);
    int until_update = update_after;
    for (int row = 0; row < frame_.rows; ++row) {
      left_ = {};
      for (int column = 0; column < frame_.columns; ++column) {
        if (segments_.is_hole(frame_.macroblocks.size())) {
          pass_hole(column, row);
          continue;
        }
        if (until_update-- == 0) {
          costs_ = TokenCosts(frame_.counts.best_probabilities());
          until_update = update_after;
        }
        code_macroblock(column, row);
      }
    }
    return std::move(frame_);
  }

 private:
  [[nodiscard]] int seen_macroblocks() const {
    const int all = frame_.columns * frame_.rows;
    if (!segments_.has_holes) return all;
    const auto holes = std::count(segments_.of.begin(), segments_.of.end(), kHoleSegment);
    return all - static_cast<int>(holes);
  }

  [[nodiscard]] Surroundings surroundings(int column, int row) {
    return {.has_above = row > 0,
            .has_left = column > 0,
            .above_right = coded_.above_right(column, row),
            .above = above_[column],
            .left = left_};
  }

  /// What nobody sees is not searched, and no more is said of it than must be: decoders that
  /// interpolate chroma show some of it in the pixels beside the hole.
  void pass_hole(int column, int row) {
    CodedMacroblock macroblock;
    macroblock.segment = kHoleSegment;
    const Surroundings around = surroundings(column, row);
    predict_by_mean(coded_.at(column, row), around);
    if (is_beside_seen(column, row)) {
      for (Levels& levels : levels_) levels.count = 0;
      source_.load(picture_, column, row);
      const ChromaSearch search(codings_[kHoleSegment], costs_, effort_);
      macroblock.modes.chroma =
          search.code(source_.pixels(), coded_.at(column, row), around, levels_);
      macroblock.has_coefficients = has_coefficients(macroblock.modes, levels_);
    }
    pass(macroblock, above_[column]);
    frame_.macroblocks.push_back(macroblock);
  }

  /// Whether any of the macroblocks around is no hole.
  [[nodiscard]] bool is_beside_seen(int column, int row) const {
    for (int y = std::max(row - 1, 0); y <= std::min(row + 1, frame_.rows - 1); ++y) {
      for (int x = std::max(column - 1, 0); x <= std::min(column + 1, frame_.columns - 1); ++x) {
        const auto index = static_cast<std::size_t>(y) * frame_.columns + x;
        if (!segments_.is_hole(index)) return true;
      }
    }
    return false;
  }

  void code_macroblock(int column, int row) {
    CodedMacroblock macroblock;
    if (segments_.has_several()) macroblock.segment = segments_.of[frame_.macroblocks.size()];
    source_.load(picture_, column, row);
    const Surroundings around = surroundings(column, row);
    const MacroblockSearch search(codings_[macroblock.segment], costs_, effort_);
    macroblock.modes = search.code(source_.pixels(), coded_.at(column, row), around, levels_);
    macroblock.has_coefficients = has_coefficients(macroblock.modes, levels_);
    pass(macroblock, above_[column]);
    frame_.macroblocks.push_back(macroblock);
  }

  void pass(const CodedMacroblock& macroblock, Side& above) {
    const Macroblock& modes = macroblock.modes;
    pass_modes(modes, above, left_);
    if (!macroblock.has_coefficients) {
      pass_without_coefficients(modes, above);
      pass_without_coefficients(modes, left_);
      return;
    }
    visit_blocks_in_context(modes, levels_, above, left_,
                            [&](BlockType type, int block, int context) {
                              frame_.counts.add(type, context, levels_[block]);
                            });
    keep_levels(modes, levels_, frame_.levels);
  }

  const ImageView& picture_;
  const Segmentation& segments_;
  std::span<const SegmentCoding, kMaxSegments> codings_;
  SearchEffort effort_;
  TokenCosts costs_{kDefaultCoefficientProbabilities};
  CodedPicture coded_;
  SourceMacroblock source_;
  MacroblockLevels levels_;
  std::vector<Side> above_;
  Side left_;
  CodedFrame frame_;
};

}  // namespace

CodedFrame code_frame(const ImageView& picture, const Segmentation& segments,
                      std::span<const SegmentCoding, kMaxSegments> codings, SearchEffort effort) {
  return FrameCoder(picture, segments, codings, effort).coded();
}

void LevelReader::read(const Macroblock& macroblock, MacroblockLevels& levels) {
  visit_blocks(macroblock, [&](BlockType, int block) {
    Levels& to = levels[block];
    to.count = *next_++;
    std::copy(next_, next_ + to.count, to.at.begin());
    next_ += to.count;
  });
}

}  // namespace anim::vp8
