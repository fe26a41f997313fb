// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/nal.h"

#include <algorithm>

#include "gst/core/start_code.h"

namespace anim {
namespace {

using Span = std::span<const std::uint8_t>;

/// Big endian.
std::size_t number(Span bytes) {
  std::size_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

Span without_trailing_zeros(Span bytes) {
  while (!bytes.empty() && bytes.back() == 0) bytes = bytes.first(bytes.size() - 1);
  return bytes;
}

std::optional<std::vector<NalUnit>> split_byte_stream(Span unit) {
  std::vector<NalUnit> out;
  std::size_t framed = 0;  // zeros after one NAL unit count to the next one's start code
  std::size_t at = find_start_code(unit, 0);
  if (!without_trailing_zeros(unit.first(at)).empty()) return std::nullopt;
  while (at < unit.size()) {
    const std::size_t begin = at + kStartCodePrefix;
    const std::size_t next = find_start_code(unit, begin);
    const Span payload = without_trailing_zeros(unit.subspan(begin, next - begin));
    if (payload.empty()) return std::nullopt;
    const std::size_t end = begin + payload.size();
    out.push_back({unit.subspan(framed, end - framed), payload});
    framed = end;
    at = next;
  }
  if (out.empty()) return std::nullopt;
  return out;
}

std::optional<std::vector<NalUnit>> split_lengths(Span unit, std::size_t length_size) {
  std::vector<NalUnit> out;
  while (!unit.empty()) {
    if (unit.size() <= length_size) return std::nullopt;
    const std::size_t length = number(unit.first(length_size));
    if (length == 0 || length > unit.size() - length_size) return std::nullopt;
    out.push_back({unit.first(length_size + length), unit.subspan(length_size, length)});
    unit = unit.subspan(length_size + length);
  }
  if (out.empty()) return std::nullopt;
  return out;
}

/// ff_byte* and last_byte of an SEI message's type or size. Nothing when the bytes end before.
std::optional<std::uint32_t> take_sei_number(Span& bytes) {
  std::uint32_t value = 0;
  while (!bytes.empty()) {
    const std::uint8_t byte = bytes.front();
    bytes = bytes.subspan(1);
    value += byte;
    if (byte != 0xFF) return value;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<NalUnit>> split_nal_units(Span unit, std::size_t length_size) {
  return length_size == kByteStream ? split_byte_stream(unit) : split_lengths(unit, length_size);
}

Bytes unescaped(Span payload, std::size_t count) {
  Bytes out;
  out.reserve(std::min(payload.size(), count));
  int zeros = 0;
  for (const std::uint8_t byte : payload) {
    if (out.size() == count) break;
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    out.push_back(byte);
  }
  return out;
}

std::vector<SeiMessage> read_sei(Span bytes) {
  std::vector<SeiMessage> messages;
  while (bytes.size() > 1) {  // the last byte holds the trailing bits
    const auto type = take_sei_number(bytes);
    const auto size = take_sei_number(bytes);
    if (!type || !size || *size > bytes.size()) break;
    messages.push_back({*type, bytes.first(*size)});
    bytes = bytes.subspan(*size);
  }
  return messages;
}

std::int64_t nearest_order_count(std::int64_t before, std::uint32_t lsb, unsigned lsb_bits) {
  const std::int64_t period = std::int64_t{1} << lsb_bits;
  const std::int64_t before_lsb = before & (period - 1);
  std::int64_t step = static_cast<std::int64_t>(lsb) - before_lsb;
  if (step <= -period / 2) step += period;
  if (step > period / 2) step -= period;
  return before + step;
}

std::optional<Span> take_parameter_set(Span& record) {
  if (record.size() < 2) return std::nullopt;
  const std::size_t length = number(record.first(2));
  if (length == 0 || length > record.size() - 2) return std::nullopt;
  const Span set = record.subspan(2, length);
  record = record.subspan(2 + length);
  return set;
}

}  // namespace anim
