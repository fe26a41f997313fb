// SPDX-License-Identifier: LGPL-2.1-or-later
// live-clip: watches a live stream and makes an animated image of its last seconds, on a key press,
// on SIGUSR1, on an HTTP POST, or when it finds a moment by itself.
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include <glib-unix.h>
#include <gst/gst.h>

#include "examples/live-clip/api.h"
#include "examples/live-clip/http_listener.h"
#include "examples/live-clip/keys.h"
#include "examples/live-clip/options.h"
#include "examples/live-clip/watch.h"

namespace {

using namespace live_clip;
using anim::Error;
using anim::ErrorCode;

/// Exit status, as --help says.
enum Exit { kDone = 0, kFailed = 1, kUsage = 2, kMissing = 3, kStream = 4, kPort = 5 };

int complain(const Error& error, Exit status) {
  std::cerr << "live-clip: " << error.message << '\n';
  return status;
}

/// The main loop, and all that reaches the watch in it.
class Session {
 public:
  Session() : loop_(g_main_loop_new(nullptr, FALSE)) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { g_main_loop_unref(loop_); }

  int run(const Options& options) {
    HttpListener listener([this](const HttpRequest& request) { return answer(*watch_, request); });
    if (options.port) {
      const auto port = listener.listen(*options.port);
      if (!port) return complain(port.error(), kPort);
      std::cerr << "live-clip: listening at http://127.0.0.1:" << *port << '\n';
    }
    auto started = Watch::start(options, [this](const auto& failure) { end(failure); });
    if (!started) {
      return complain(started.error(),
                      started.error().code == ErrorCode::NotFound ? kMissing : kUsage);
    }
    watch_ = std::move(*started);
    listen_to_signals();
    if (options.duration) {
      g_timeout_add(static_cast<guint>(*options.duration * 1000), &Session::on_time, this);
    }
    const Keys keys([this](char key) { press(key); });
    if (keys.are_read()) std::cerr << "live-clip: any key makes a clip, q ends\n";
    g_main_loop_run(loop_);
    watch_.reset();
    if (!failure_) return kDone;
    return complain(*failure_, failure_->code == ErrorCode::ReadFailed ? kStream : kFailed);
  }

 private:
  void listen_to_signals() {
    g_unix_signal_add(SIGUSR1, &Session::on_trigger, this);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      g_unix_signal_add(signal, &Session::on_interrupt, this);
    }
  }

  void trigger() {
    const auto id = watch_->capture();
    if (!id) std::cerr << "live-clip: no clip: " << id.error().message << '\n';
  }

  void press(char key) {
    if (key == 'q') {
      watch_->finish();
    } else {
      trigger();
    }
  }

  static gboolean on_trigger(gpointer self) {
    static_cast<Session*>(self)->trigger();
    return G_SOURCE_CONTINUE;
  }

  static gboolean on_time(gpointer self) {
    static_cast<Session*>(self)->watch_->finish();
    return G_SOURCE_REMOVE;
  }

  /// The first time open clips are finished, the second time they are given up.
  static gboolean on_interrupt(gpointer self) {
    auto& session = *static_cast<Session*>(self);
    if (std::exchange(session.is_interrupted_, true)) {
      session.watch_->cancel();
      g_main_loop_quit(session.loop_);
    } else {
      session.watch_->finish();
    }
    return G_SOURCE_CONTINUE;
  }

  void end(const std::optional<Error>& failure) {
    failure_ = failure;
    g_main_loop_quit(loop_);
  }

  GMainLoop* loop_;  // owned
  std::unique_ptr<Watch> watch_;
  std::optional<Error> failure_;
  bool is_interrupted_ = false;
};

int watch(int argc, char** argv) {
  const auto options = parse_options(argc, argv);
  if (!options) return complain(options.error(), kUsage);
  return Session().run(*options);
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(nullptr, nullptr);
  try {
    return watch(argc, argv);
  } catch (const std::exception& error) {
    return complain({ErrorCode::Internal, error.what(), {}}, kFailed);
  }
}
