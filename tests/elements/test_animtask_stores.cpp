// SPDX-License-Identifier: LGPL-2.1-or-later
// animtaskbin with stores that do not answer: it stays responsive, and says what is wrong. What a
// store that does answer gets is in the pipelines' test.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include <gst/gst.h>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gst/glue/handle.h"

namespace {

using anim::glue::adopt;
using anim::glue::Owned;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// A port of loopback: `answers` takes connections and then says nothing, the other is closed.
class Port {
 public:
  explicit Port(bool answers) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(socket_, generic, length) == 0);
    if (answers) REQUIRE(listen(socket_, 4) == 0);
    getsockname(socket_, generic, &length);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  ~Port() { close(socket_); }

  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  int socket_;
  std::string url_;
};

/// A pipeline around one animtaskbin whose store is at `endpoint`.
class Runner {
 public:
  Runner(const std::string& endpoint, const std::string& source, const std::string& more = "")
      : pipeline_(adopt(gst_pipeline_new(nullptr))) {
    std::string name = std::filesystem::temp_directory_path() / "anim-stores-XXXXXX";
    REQUIRE(mkdtemp(name.data()) != nullptr);
    root_ = name;
    bin_ = gst_element_factory_make("animtaskbin", nullptr);
    REQUIRE(bin_ != nullptr);
    const std::string task = R"({"ProjectName": "p", "Sources": [{"URI": ")" + source + R"("}], )" +
                             more + R"("Targets": [{"Image": {"Animations": [
        {"Format": "gif", "URI": ")" +
                             root_ + R"(/x.gif", "Interval": 1, "Width": 0.1}]}}]})";
    GstStructure* stores =
        gst_structure_new("stores", "OSS_ENDPOINT", G_TYPE_STRING, endpoint.c_str(), "OSS_REGION",
                          G_TYPE_STRING, "r", "OSS_ACCESS_KEY_ID", G_TYPE_STRING, "ak",
                          "OSS_ACCESS_KEY_SECRET", G_TYPE_STRING, "sk", nullptr);
    g_object_set(bin_, "task", task.c_str(), "storage-root", root_.c_str(), "store-config", stores,
                 nullptr);
    gst_structure_free(stores);
    gst_bin_add(GST_BIN(pipeline_.get()), bin_);
    bus_ = adopt(gst_pipeline_get_bus(GST_PIPELINE(pipeline_.get())));
  }
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  ~Runner() {
    gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
    std::filesystem::remove_all(root_);
  }

  /// The change of state takes no longer than a moment.
  void set_state_at_once(GstState state) {
    const auto began = Clock::now();
    gst_element_set_state(pipeline_.get(), state);
    CHECK(Clock::now() - began < 3s);
  }

  void send_eos() { gst_element_send_event(pipeline_.get(), gst_event_new_eos()); }

  std::string end() {
    const auto types = static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    const auto message = adopt(gst_bus_timed_pop_filtered(bus_.get(), 30 * GST_SECOND, types));
    if (!message) return "nothing";
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) return "EOS";
    GError* raw = nullptr;
    gst_message_parse_error(message.get(), &raw, nullptr);
    return adopt(raw)->message;
  }

  std::string result() {
    gchar* text = nullptr;
    g_object_get(bin_, "result", &text, nullptr);
    const auto owned = adopt(text);
    return owned ? owned.get() : "";
  }

 private:
  std::string root_;
  Owned<GstElement> pipeline_;
  GstElement* bin_ = nullptr;
  Owned<GstBus> bus_;
};

std::string clip() {
  return std::string(std::getenv("ANIM_MEDIA")) + "/mkv/numbered_30fps_h264_b.mkv";
}

}  // namespace

TEST_CASE("a store that says nothing while the source is opened holds up nobody") {
  const Port silent(true);
  Runner runner(silent.url(), "oss://bucket/in.mp4");
  for (int round = 0; round < 2; ++round) {
    runner.set_state_at_once(GST_STATE_PLAYING);
    std::this_thread::sleep_for(100ms);
    runner.set_state_at_once(GST_STATE_NULL);
    CHECK(runner.result().empty());
  }
}

TEST_CASE("an EOS before the source is open ends the task") {
  const Port silent(true);
  Runner runner(silent.url(), "oss://bucket/in.mp4");
  runner.set_state_at_once(GST_STATE_PLAYING);
  std::this_thread::sleep_for(100ms);
  runner.send_eos();
  CHECK(runner.end() == "the task was ended before its source was open");
  CHECK(runner.result().find(R"("Code": "Cancelled")") != std::string::npos);
}

TEST_CASE("a store that is not there is named after some attempts") {
  const Port closed(false);
  Runner runner(closed.url(), "oss://bucket/in.mp4");
  const auto began = Clock::now();
  runner.set_state_at_once(GST_STATE_PLAYING);
  CHECK(runner.end() ==
        "cannot read \"oss://bucket/in.mp4\": the store cannot be reached or broke off: Couldn't "
        "connect to server");
  CHECK(Clock::now() - began > 3s);
  CHECK(runner.result().find(R"("Code": "SourceUnreadable")") != std::string::npos);
}

TEST_CASE("a webhook that is not there fails no task") {
  const Port closed(false);
  Runner runner(closed.url(), clip(),
                R"("Notification": {"Webhook": {"URL": ")" + closed.url() + R"(/x?secret"}}, )");
  runner.set_state_at_once(GST_STATE_PLAYING);
  CHECK(runner.end() == "EOS");
  const std::string result = runner.result();
  CHECK(result.find(R"("Channel": "Webhook")") != std::string::npos);
  CHECK(result.find(R"("Attempts": 3)") != std::string::npos);
  CHECK(result.find("secret") == std::string::npos);
}

TEST_CASE("settings of stores cannot be read back") {
  const auto bin =
      adopt(GST_ELEMENT(gst_object_ref_sink(gst_element_factory_make("animtaskbin", nullptr))));
  GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(bin.get()), "store-config");
  REQUIRE(spec != nullptr);
  CHECK((spec->flags & G_PARAM_READABLE) == 0);
}
