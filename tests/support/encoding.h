// SPDX-License-Identifier: LGPL-2.1-or-later
// A pipeline that encodes into a file, and what it said until its end.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gst/gst.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/support/temporary_folder.h"

namespace anim::test {

using glue::adopt;
using glue::Owned;

/// What a pipeline said until its end.
struct Ended {
  bool is_eos = false;
  std::string error;
  std::vector<std::string> warnings;
};

inline std::string text_of(GstMessage* message) {
  GError* error = nullptr;
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error(message, &error, nullptr);
  } else {
    gst_message_parse_warning(message, &error, nullptr);
  }
  return adopt(error)->message;
}

/// A pipeline that encodes into `out` in a folder of its own, which is also its spool-dir.
class Encoding {
 public:
  Encoding(const std::string& source, const std::string& encoder, const std::string& tail = "") {
    const std::string text = source + " ! " + encoder + " name=enc spool-dir=" + spool_.text() +
                             tail + " ! filesink location=" + file().string();
    pipeline_ = adopt(GST_ELEMENT(gst_object_ref_sink(gst_parse_launch(text.c_str(), nullptr))));
    encoder_ = adopt(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "enc"));
    REQUIRE(encoder_);
    const auto pad = adopt(gst_element_get_static_pad(encoder_.get(), "sink"));
    gst_pad_add_probe(pad.get(),
                      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER |
                                                   GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
                      note_arrival, this, nullptr);
  }
  Encoding(const Encoding&) = delete;
  Encoding& operator=(const Encoding&) = delete;
  ~Encoding() { stop(); }

  void play() { gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING); }
  /// A flushing seek to the start. An EOS from before it, which may have got through, is forgotten.
  bool begin_anew() {
    const bool is_done =
        gst_element_seek_simple(pipeline_.get(), GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0) != FALSE;
    const auto bus = adopt(gst_element_get_bus(pipeline_.get()));
    gst_bus_set_flushing(bus.get(), TRUE);
    gst_bus_set_flushing(bus.get(), FALSE);
    return is_done;
  }
  void stop() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }
  GstElement* encoder() { return encoder_.get(); }
  GstElement* pipeline() { return pipeline_.get(); }

  /// How many buffers have come to the encoder, and whether an EOS came after them.
  [[nodiscard]] int arrived() const { return arrived_; }
  [[nodiscard]] bool is_at_end() const { return is_at_end_; }
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "out"; }
  [[nodiscard]] bool spool_is_empty() const { return std::filesystem::is_empty(spool_.path()); }

  Ended run() {
    play();
    Ended out;
    const auto bus = adopt(gst_element_get_bus(pipeline_.get()));
    constexpr auto kTypes =
        static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);
    while (const auto message =
               adopt(gst_bus_timed_pop_filtered(bus.get(), 100 * GST_SECOND, kTypes))) {
      if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_WARNING) {
        out.warnings.push_back(text_of(message.get()));
        continue;
      }
      out.is_eos = GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS;
      if (!out.is_eos) out.error = text_of(message.get());
      break;
    }
    stop();
    return out;
  }

  [[nodiscard]] std::uint64_t size() const { return std::filesystem::file_size(file()); }
  [[nodiscard]] std::string bytes() const {
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  guint64 stat(const char* name) {
    GstStructure* raw = nullptr;
    g_object_get(encoder_.get(), "stats", &raw, nullptr);
    guint64 value = 0;
    gst_structure_get_uint64(adopt(raw).get(), name, &value);
    return value;
  }

 private:
  static GstPadProbeReturn note_arrival(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer self) {
    auto& encoding = *static_cast<Encoding*>(self);
    if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
      ++encoding.arrived_;
      encoding.is_at_end_ = false;
    } else if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS) {
      encoding.is_at_end_ = true;
    }
    return GST_PAD_PROBE_OK;
  }

  TemporaryFolder folder_;
  TemporaryFolder spool_;
  std::atomic<int> arrived_ = 0;
  std::atomic<bool> is_at_end_ = false;
  Owned<GstElement> pipeline_;
  Owned<GstElement> encoder_;
};

}  // namespace anim::test
