// SPDX-License-Identifier: LGPL-2.1-or-later
// Live streams that suffer what real ones suffer, in the order that a seed decides, while clips of
// them are captured.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <gst/gst.h>

#include <doctest/doctest.h>

#include "gst/glue/handle.h"
#include "tests/support/clip_visitor.h"
#include "tests/support/live_clips.h"
#include "tests/support/live_feed.h"
#include "tests/support/recording.h"

namespace soak {

/// A stream of the test's own sender.
class FaultyStream {
 public:
  /// All of `recordings` may follow one another in the stream; they outlive this.
  FaultyStream(const std::vector<live::Recording>& recordings, const std::string& folder,
               std::uint64_t seed, Tally& tally)
      : dice_(seed),
        tally_(tally),
        recordings_(recordings),
        sync_(dice_.coin()),
        player_("appsrc name=source is-live=true format=time ! " +
                Visitor::sink(folder, sync_, dice_.coin())),
        source_(player_.element("source")),
        feed_(source_.get(), recordings.front()),
        visitor_(player_, dice_, tally) {
    start();
  }

  /// Sends what is due and reads what was said; with `faults`, something happens now and then.
  void step(bool faults) {
    if (is_stopped_ && player_.now() >= next_event_) start();
    if (!is_stopped_) feed_.push_until(player_.now());
    if (player_.read_messages() && !is_stopped_) stop(GST_STATE_READY);
    visitor_.check();
    if (!faults || is_stopped_ || player_.now() < next_event_) return;
    if (dice_.coin()) {
      visitor_.capture();
    } else {
      fail();
    }
    wait(dice_.between(50, 1500) * GST_MSECOND);
  }

  [[nodiscard]] const live::Player& player() const { return player_; }
  void end() { player_.set_state(GST_STATE_NULL); }

 private:
  void wait(GstClockTimeDiff time) {
    next_event_ = player_.now() + static_cast<GstClockTime>(time);
  }

  void start() {
    is_stopped_ = false;
    player_.play();
    feed_.begin(0);
    wait(dice_.between(100, 2000) * GST_MSECOND);
  }

  void stop(GstState state) {
    is_stopped_ = true;
    player_.set_state(state);
    wait(dice_.between(0, 300) * GST_MSECOND);
  }

  void fail() {
    switch (dice_.between(0, 6)) {
      case 0:
        ++tally_["losses"];
        feed_.lose(static_cast<unsigned>(dice_.between(1, 40)));
        break;
      case 1:
        ++tally_["jumps"];
        jump();
        break;
      case 2:
        ++tally_["changes of codec or size"];
        feed_.change_to(recordings_[static_cast<std::size_t>(
            dice_.between(0, static_cast<GstClockTimeDiff>(recordings_.size()) - 1))]);
        break;
      case 3:
        flush();
        break;
      case 4:
        ++tally_["pauses"];
        player_.set_state(GST_STATE_PAUSED);
        player_.set_state(GST_STATE_PLAYING);
        break;
      case 5:
        ++tally_["stops"];
        stop(dice_.coin() ? GST_STATE_READY : GST_STATE_NULL);
        break;
      default:
        ++tally_["ends"];
        gst_element_send_event(source_.get(), gst_event_new_eos());
    }
  }

  /// Not during a change of state: the event holds the source's state and asks for the sink's, the
  /// change does the same the other way round.
  void flush() {
    if (!player_.is_settled()) return;
    ++tally_["flushes"];
    gst_element_send_event(source_.get(), gst_event_new_flush_start());
    gst_element_send_event(source_.get(), gst_event_new_flush_stop(dice_.coin()));
  }

  /// A sink that follows the clock stands still while the stream is ahead of it.
  void jump() {
    const GstClockTimeDiff most = sync_ ? 1500 : 36000000;
    feed_.shift_to(dice_.between(-most, most) * GST_MSECOND);
  }

  Dice dice_;
  Tally& tally_;
  const std::vector<live::Recording>& recordings_;
  bool sync_;
  live::Player player_;
  anim::glue::Owned<GstElement> source_;
  live::Feed feed_;
  Visitor visitor_;
  bool is_stopped_ = false;
  GstClockTime next_event_ = 0;
};

/// MPEG-TS over TCP from a server that is restarted; the player connects anew by itself.
class ServedStream {
 public:
  ServedStream(const live::Recording& recording, const std::string& folder, std::uint64_t seed,
               Tally& tally)
      : dice_(seed),
        tally_(tally),
        server_(
            adopt_pipeline("appsrc name=source is-live=true format=time ! h264parse ! mpegtsmux ! "
                           "tcpserversink name=server host=127.0.0.1 sync=false")),
        source_(anim::glue::adopt(gst_bin_get_by_name(GST_BIN(server_.get()), "source"))),
        feed_(source_.get(), recording),
        player_(
            "tcpclientsrc name=source host=127.0.0.1 ! tsdemux name=demux h264parse name=parse ! " +
            Visitor::sink(folder, true, dice_.coin())),
        parse_(player_.element("parse")),
        visitor_(player_, dice_, tally) {
    // A launch line links what a demuxer brings once; here it comes anew with each connection.
    g_signal_connect(player_.element("demux").get(), "pad-added", G_CALLBACK(link), parse_.get());
    serve();
    keep_port();
  }
  ServedStream(const ServedStream&) = delete;
  ServedStream& operator=(const ServedStream&) = delete;
  ~ServedStream() { gst_element_set_state(server_.get(), GST_STATE_NULL); }

  void step(bool faults) {
    const GstClockTime now = server_time();
    if (is_down_ && now >= next_event_) serve();
    if (!is_down_) feed_.push_until(server_time());
    reconnect();
    visitor_.check();
    if (!faults || is_down_ || now < next_event_) return;
    if (dice_.between(0, 4) > 0) {
      visitor_.capture();
    } else {
      ++tally_["restarts of the server"];
      gst_element_set_state(server_.get(), GST_STATE_NULL);
      is_down_ = true;
    }
    wait(dice_.between(50, 1500) * GST_MSECOND);
  }

  [[nodiscard]] const live::Player& player() const { return player_; }
  void end() {
    player_.set_state(GST_STATE_NULL);
    gst_element_set_state(server_.get(), GST_STATE_NULL);
  }

 private:
  static anim::glue::Owned<GstElement> adopt_pipeline(const char* launch) {
    GError* error = nullptr;
    auto pipeline = anim::glue::adopt(gst_parse_launch(launch, &error));
    REQUIRE_MESSAGE(error == nullptr, error->message);
    return pipeline;
  }

  static void link(GstElement* /*demux*/, GstPad* pad, gpointer parse) {
    const auto sink =
        anim::glue::adopt(gst_element_get_static_pad(static_cast<GstElement*>(parse), "sink"));
    gst_pad_link(pad, sink.get());
  }

  [[nodiscard]] GstClockTime server_time() const {
    return gst_util_get_timestamp() - served_since_;
  }
  void wait(GstClockTimeDiff time) {
    next_event_ = server_time() + static_cast<GstClockTime>(time);
  }

  void serve() {
    is_down_ = false;
    served_since_ = gst_util_get_timestamp();
    REQUIRE(gst_element_set_state(server_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE);
    feed_.begin(0);
    wait(dice_.between(500, 2000) * GST_MSECOND);
  }

  /// A refused connection is an error, a closed one the end of the stream.
  void reconnect() {
    const bool is_ended = player_.read_messages();
    if (player_.take_connection_errors() || is_ended) {
      ++tally_["connections that ended"];
      player_.set_state(GST_STATE_READY);
      connect_at_ = gst_util_get_timestamp() + 100 * GST_MSECOND;
    }
    if (gst_util_get_timestamp() < connect_at_) return;
    connect_at_ = GST_CLOCK_TIME_NONE;
    player_.play();
  }

  /// A server that is started again listens where it did.
  void keep_port() {
    const auto server = anim::glue::adopt(gst_bin_get_by_name(GST_BIN(server_.get()), "server"));
    gint port = 0;
    g_object_get(server.get(), "current-port", &port, nullptr);
    g_object_set(server.get(), "port", port, nullptr);
    g_object_set(player_.element("source").get(), "port", port, nullptr);
  }

  Dice dice_;
  Tally& tally_;
  anim::glue::Owned<GstElement> server_;
  anim::glue::Owned<GstElement> source_;
  live::Feed feed_;
  live::Player player_;
  anim::glue::Owned<GstElement> parse_;
  Visitor visitor_;
  bool is_down_ = false;
  GstClockTime connect_at_ = 0;
  GstClockTime served_since_ = 0;
  GstClockTime next_event_ = 0;  ///< in the server's time
};

}  // namespace soak
