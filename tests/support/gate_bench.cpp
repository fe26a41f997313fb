// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/gate_bench.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "tests/core/bit_writer.h"
#include "tests/core/unit_bytes.h"

namespace anim::test {
namespace {

using glue::adopt;
using glue::Owned;

constexpr std::uint32_t kP = 5;
constexpr std::uint32_t kI = 7;

Owned<GstBuffer> filled(const Bytes& head, std::size_t bytes) {
  auto buffer = adopt(gst_buffer_new_allocate(nullptr, std::max(bytes, head.size()), nullptr));
  gst_buffer_memset(buffer.get(), 0, 0xFF, G_MAXSIZE);
  gst_buffer_fill(buffer.get(), 0, head.data(), head.size());
  return buffer;
}

Bytes sets() {
  BitWriter sequence;
  sequence.bits(0x674D001E, 32);
  for (const std::uint32_t value : {0U, 0U, 0U, 2U, 4U}) sequence.exp_golomb(value);
  sequence.flag(false);
  for (const std::uint32_t value : {19U, 14U}) sequence.exp_golomb(value);
  sequence.flag(true);
  BitWriter picture;
  picture.bits(0x68, 8);
  for (const std::uint32_t number : {0U, 0U}) picture.exp_golomb(number);
  return joined({nal(sequence.stopped()), nal(picture.stopped())});
}

Bytes slice(std::uint32_t header, std::uint32_t type) {
  BitWriter out;
  out.bits(header, 8);
  for (const std::uint32_t value : {0U, type, 0U}) out.exp_golomb(value);
  out.bits(0x7FFFFFFF, 32);
  return nal(out.stopped());
}

}  // namespace

GstFlowReturn GateBench::push(int number, GstClockTime pts) {
  return push(frame(number, 4, pts, kFrame), pts);
}

GstFlowReturn GateBench::push(Owned<GstBuffer> buffer, GstClockTime pts) {
  GST_BUFFER_PTS(buffer.get()) = pts;
  GST_BUFFER_DURATION(buffer.get()) = kFrame;
  return gst_harness_push(harness(), buffer.release());
}

GstFlowReturn GateBench::push_many(int from, int until) {
  for (int i = from; i < until; ++i) {
    const GstFlowReturn flow = push(i, static_cast<GstClockTime>(i) * kFrame);
    if (flow != GST_FLOW_OK) return flow;
  }
  return GST_FLOW_OK;
}

std::vector<int> GateBench::passed() const {
  std::vector<int> numbers;
  for (const Out& out : pull()) numbers.push_back(out.frame);
  return numbers;
}

std::vector<GstClockTime> GateBench::passed_times() const {
  std::vector<GstClockTime> times;
  while (const auto buffer = pull_buffer()) times.push_back(GST_BUFFER_PTS(buffer.get()));
  return times;
}

H264Units::H264Units(std::size_t bytes)
    : idr_(filled(joined({sets(), slice(0x65, kI)}), bytes)),
      reference_(filled(slice(0x41, kP), bytes)),
      disposable_(filled(slice(0x01, kP), bytes)),
      empty_(filled(nal({0x09, 0xF0}), bytes)) {}

}  // namespace anim::test
