// SPDX-License-Identifier: LGPL-2.1-or-later
#include "examples/live-clip/http_listener.h"

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace live_clip {
namespace {

constexpr guint kPatience = 5;  // seconds

/// One connection: reads until there is a request, answers, and deletes itself.
class Exchange {
 public:
  static void begin(GSocketConnection* connection, const HttpListener::Handler& handler) {
    std::make_unique<Exchange>(connection, handler).release()->read();
  }

  Exchange(GSocketConnection* connection, const HttpListener::Handler& handler)
      : connection_(G_IO_STREAM(g_object_ref(connection))), handler_(handler) {
    g_socket_set_timeout(g_socket_connection_get_socket(connection), kPatience);
  }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange() { g_object_unref(connection_); }

 private:
  void read() {
    g_input_stream_read_async(g_io_stream_get_input_stream(connection_), chunk_.data(),
                              chunk_.size(), G_PRIORITY_DEFAULT, nullptr, &Exchange::on_read, this);
  }

  static void on_read(GObject* stream, GAsyncResult* result, gpointer self) {
    std::unique_ptr<Exchange> exchange(static_cast<Exchange*>(self));
    const gssize count = g_input_stream_read_finish(G_INPUT_STREAM(stream), result, nullptr);
    if (count <= 0) return;  // gone, or slow
    exchange->received_.append(exchange->chunk_.data(), static_cast<std::size_t>(count));
    const HttpParse parse = parse_request(exchange->received_);
    if (!parse.request && !parse.refusal) {
      exchange.release()->read();
    } else {
      const auto answer = parse.refusal ? *parse.refusal : exchange->handler_(*parse.request);
      exchange.release()->write(to_bytes(answer));
    }
  }

  void write(std::string bytes) {
    answer_ = std::move(bytes);
    g_output_stream_write_all_async(g_io_stream_get_output_stream(connection_), answer_.data(),
                                    answer_.size(), G_PRIORITY_DEFAULT, nullptr,
                                    &Exchange::on_written, this);
  }

  static void on_written(GObject* stream, GAsyncResult* result, gpointer self) {
    const std::unique_ptr<Exchange> exchange(static_cast<Exchange*>(self));
    g_output_stream_write_all_finish(G_OUTPUT_STREAM(stream), result, nullptr, nullptr);
  }

  GIOStream* connection_;  // owned
  const HttpListener::Handler& handler_;
  std::array<char, 4096> chunk_{};
  std::string received_;
  std::string answer_;
};

}  // namespace

HttpListener::HttpListener(Handler handler)
    : handler_(std::move(handler)), service_(g_socket_service_new()) {
  g_signal_connect(service_, "incoming", G_CALLBACK(&HttpListener::on_connection), this);
}

HttpListener::~HttpListener() {
  g_socket_service_stop(service_);
  g_socket_listener_close(G_SOCKET_LISTENER(service_));
  g_object_unref(service_);
}

anim::Result<int> HttpListener::listen(int port) {
  GInetAddress* loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
  GSocketAddress* address = g_inet_socket_address_new(loopback, static_cast<guint16>(port));
  GSocketAddress* bound = nullptr;
  GError* error = nullptr;
  g_socket_listener_add_address(G_SOCKET_LISTENER(service_), address, G_SOCKET_TYPE_STREAM,
                                G_SOCKET_PROTOCOL_TCP, nullptr, &bound, &error);
  g_object_unref(loopback);
  g_object_unref(address);
  if (error != nullptr) {
    anim::Error out{anim::ErrorCode::InvalidArgument,
                    "--listen " + std::to_string(port) + ": " + error->message,
                    {}};
    g_error_free(error);
    return out;
  }
  const int out = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
  g_object_unref(bound);
  g_socket_service_start(service_);
  return out;
}

gboolean HttpListener::on_connection(GSocketService* /*service*/, GSocketConnection* connection,
                                     GObject* /*source*/, gpointer self) {
  Exchange::begin(connection, static_cast<HttpListener*>(self)->handler_);
  return TRUE;
}

}  // namespace live_clip
