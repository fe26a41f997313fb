// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/vp8l/image_stream.h"

#include <array>
#include <utility>
#include <vector>

#include "gst/core/vp8l/code_groups.h"
#include "gst/core/vp8l/prefix_code.h"
#include "gst/core/vp8l/symbol_counts.h"
#include "gst/core/vp8l/token.h"

namespace anim::vp8l {
namespace {

constexpr int kLeastTileBits = 5;              // of groups of codes: 32 pixels a side at least
constexpr std::array kCacheBits = {6, 8, 10};  // of the caches that are tried

/// The codes of a group.
class GroupCodes {
 public:
  explicit GroupCodes(const SymbolCounts& counts)
      : green_(counts.of(Alphabet::Green)),
        red_(counts.of(Alphabet::Red)),
        blue_(counts.of(Alphabet::Blue)),
        alpha_(counts.of(Alphabet::Alpha)),
        distance_(counts.of(Alphabet::Distance)) {}

  void put_codes(LowBitWriter& out) const {
    for (const PrefixCode* code : {&green_, &red_, &blue_, &alpha_, &distance_}) {
      code->put_code(out);
    }
  }

  void put(LowBitWriter& out, const Token& token) const {
    switch (token.kind) {
      case Token::Kind::Pixel:
        green_.put(out, token.value >> 8 & 0xFF);
        red_.put(out, token.value >> 16 & 0xFF);
        blue_.put(out, token.value & 0xFF);
        alpha_.put(out, token.value >> 24);
        break;
      case Token::Kind::Cached:
        green_.put(out, kFirstCached + token.value);
        break;
      case Token::Kind::Copy:
        put_prefixed(out, green_, kFirstLength, token.length);
        put_prefixed(out, distance_, 0, token.value);
        break;
    }
  }

 private:
  static void put_prefixed(LowBitWriter& out, const PrefixCode& code, std::size_t first,
                           std::uint32_t value) {
    const Prefixed coded = prefixed(value);
    code.put(out, first + coded.symbol);
    out.put(coded.extra, coded.extra_bits);
  }

  PrefixCode green_;
  PrefixCode red_;
  PrefixCode blue_;
  PrefixCode alpha_;
  PrefixCode distance_;
};

void put_cache_bits(LowBitWriter& out, int bits) {
  out.put(bits > 0 ? 1 : 0, 1);
  if (bits > 0) out.put(static_cast<std::uint32_t>(bits), 4);
}

/// Section 6.2.2: which tile has which group of codes.
void put_groups(LowBitWriter& out, const CodeGroups& groups) {
  const bool are_many = groups.groups.size() > 1;
  out.put(are_many ? 1 : 0, 1);
  if (!are_many) return;
  out.put(static_cast<std::uint32_t>(groups.tiles.bits - 2), 3);
  Pixels picture{groups.tiles.columns, groups.tiles.rows, {}};
  for (const std::uint16_t group : groups.of_tile) {
    picture.words.push_back(std::uint32_t{group} << 8);
  }
  put_small_picture(out, picture);
}

}  // namespace

PictureStream::PictureStream(Pixels pixels, const StreamSearch& search)
    : pixels_(std::move(pixels)),
      matches_(longest_matches(pixels_, search.tries)),
      tokens_(greedy_tokens(pixels_, matches_)),
      bits_(counts_of(tokens_, 0).bits()) {
  if (!search.may_cache) return;
  for (const int bits : kCacheBits) {
    CachedPixels cached(pixels_, bits);
    const double taken = counts_with_cache(tokens_, cached).bits();
    if (taken >= bits_) continue;
    bits_ = taken;
    cached_ = std::move(cached);
  }
  tokens_ = with_cache(std::move(tokens_), cached_);
}

void PictureStream::put(LowBitWriter& out) const {
  const int cache_bits = cached_.bits();
  std::vector<Token> tokens = cheapest_tokens(pixels_, matches_, cached_, tokens_);
  if (counts_of(tokens, cache_bits).bits() > bits_) tokens = tokens_;
  const CodeGroups groups =
      code_groups(pixels_.width, pixels_.height, kLeastTileBits, tokens, cache_bits);
  put_cache_bits(out, cache_bits);
  put_groups(out, groups);
  const std::vector<GroupCodes> codes(groups.groups.begin(), groups.groups.end());
  for (const GroupCodes& code : codes) code.put_codes(out);
  visit_with_tiles(tokens, groups.tiles, pixels_.width, [&](const Token& token, std::size_t tile) {
    codes[groups.of_tile[tile]].put(out, token);
  });
}

void put_small_picture(LowBitWriter& out, const Pixels& pixels) {
  const std::vector<Token> tokens =
      greedy_tokens(pixels, longest_matches(pixels, StreamSearch{}.tries));
  put_cache_bits(out, 0);
  const GroupCodes codes(counts_of(tokens, 0));
  codes.put_codes(out);
  for (const Token& token : tokens) codes.put(out, token);
}

}  // namespace anim::vp8l
