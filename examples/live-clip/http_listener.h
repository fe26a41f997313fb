// SPDX-License-Identifier: LGPL-2.1-or-later
// A listener for HTTP requests on 127.0.0.1.
#pragma once

#include <functional>

#include <gio/gio.h>

#include "examples/live-clip/http_message.h"
#include "gst/core/error.h"

namespace live_clip {

/// Answers in the thread of the default main loop. Each connection carries one request, which must
/// come within 5 s. Destroyed only when that loop runs no more.
class HttpListener {
 public:
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;

  explicit HttpListener(Handler handler);
  HttpListener(const HttpListener&) = delete;
  HttpListener& operator=(const HttpListener&) = delete;
  ~HttpListener();

  /// Begins to listen. The port, which is `port` unless that is 0 (any free one).
  anim::Result<int> listen(int port);

 private:
  static gboolean on_connection(GSocketService* service, GSocketConnection* connection,
                                GObject* source, gpointer self);

  Handler handler_;
  GSocketService* service_;  // owned
};

}  // namespace live_clip
