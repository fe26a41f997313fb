// SPDX-License-Identifier: LGPL-2.1-or-later
// animtaskbin from inside: states, messages, refusals, and what is left on the disk afterwards.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gst/gst.h>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gst/glue/handle.h"

namespace {

using anim::glue::adopt;
using anim::glue::Owned;
namespace fs = std::filesystem;

constexpr GstClockTime kPatience = 60 * GST_SECOND;

// 75 frames, 30 a second, 320x240.
const std::string kClip = "mkv/numbered_30fps_h264_b.mkv";
// 75 frames, 1 a second.
const std::string kSlowClip = "mkv/numbered_1fps_75s_h264.mkv";

std::string media(const std::string& name) {
  const char* folder = std::getenv("ANIM_MEDIA");
  return std::string(folder != nullptr ? folder : "tests/media") + "/" + name;
}

/// A storage root of one test, gone with it.
class Root {
 public:
  Root() {
    std::string pattern = (fs::temp_directory_path() / "animtask-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
    fs::create_directory(path_ / "b");
  }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;
  ~Root() { fs::remove_all(path_); }

  [[nodiscard]] std::string text() const { return path_.string(); }
  [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }

  /// Everything below, relative.
  [[nodiscard]] std::set<std::string> all() const {
    std::set<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(path_)) {
      out.insert(fs::relative(entry.path(), path_).string());
    }
    return out;
  }

 private:
  fs::path path_;
};

std::string animation(const std::string& uri, const std::string& more = R"("Interval": 0.5)") {
  const bool gif = uri.ends_with(".gif");
  return R"({"URI": ")" + uri + R"(", "Format": ")" + (gif ? "gif" : "webp") +
         R"(", "Width": 0.25, "Height": 0.25, )" + more + "}";
}

std::string task(const std::string& source, const std::vector<std::string>& targets,
                 const std::string& more = "") {
  std::string out = R"({"ProjectName": "p", "Sources": [{"URI": ")" + source + R"("}], )" + more +
                    R"("Targets": [)";
  for (std::size_t i = 0; i < targets.size(); ++i) {
    out += (i == 0 ? "" : ", ") + (R"({"Image": {"Animations": [)" + targets[i] + "]}}");
  }
  return out + "]}";
}

/// A pipeline around one animtaskbin, and all that it said.
class Runner {
 public:
  explicit Runner(const std::string& root) : pipeline_(adopt(gst_pipeline_new(nullptr))) {
    bin_ = gst_element_factory_make("animtaskbin", nullptr);
    REQUIRE(bin_ != nullptr);
    g_object_set(bin_, "storage-root", root.c_str(), nullptr);
    gst_bin_add(GST_BIN(pipeline_.get()), bin_);
    bus_ = adopt(gst_pipeline_get_bus(GST_PIPELINE(pipeline_.get())));
  }
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  ~Runner() { set_state(GST_STATE_NULL); }

  void set_task(const std::string& text) { g_object_set(bin_, "task", text.c_str(), nullptr); }

  GstStateChangeReturn set_state(GstState state) {
    return gst_element_set_state(pipeline_.get(), state);
  }

  /// The state that the pipeline has reached after a while.
  GstStateChangeReturn wait_for_state() {
    return gst_element_get_state(pipeline_.get(), nullptr, nullptr, kPatience);
  }

  /// Runs to the end: "EOS", or the error's text.
  std::string run() {
    set_state(GST_STATE_PLAYING);
    return end();
  }

  std::string end() {
    const auto types = static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    const auto message = adopt(gst_bus_timed_pop_filtered(bus_.get(), kPatience, types));
    if (!message) return "nothing";
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) return "EOS";
    GError* raw = nullptr;
    gst_message_parse_error(message.get(), &raw, nullptr);
    const auto error = adopt(raw);
    return error->message;
  }

  /// How many EOS or ERROR messages are left on the bus, waiting a little for late ones.
  int further_ends() {
    const auto types = static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    int count = 0;
    while (adopt(gst_bus_timed_pop_filtered(bus_.get(), 300 * GST_MSECOND, types))) ++count;
    return count;
  }

  std::string property(const char* name) {
    gchar* text = nullptr;
    g_object_get(bin_, name, &text, nullptr);
    const auto owned = adopt(text);
    return owned ? owned.get() : "";
  }

  [[nodiscard]] GstElement* bin() const { return bin_; }
  [[nodiscard]] GstBus* bus() const { return bus_.get(); }

 private:
  Owned<GstElement> pipeline_;
  GstElement* bin_ = nullptr;
  Owned<GstBus> bus_;
};

/// Takes connections and never answers.
class SilentServer {
 public:
  SilentServer() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(socket_, generic, length) == 0);
    REQUIRE(listen(socket_, 1) == 0);
    getsockname(socket_, generic, &length);
    port_ = ntohs(address.sin_port);
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  ~SilentServer() { close(socket_); }

  [[nodiscard]] std::string uri() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/video.mp4";
  }

 private:
  int socket_;
  int port_ = 0;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string file_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

int number_of(const std::string& result, const std::string& name) {
  const std::string field = "\"" + name + "\": ";
  const auto at = result.find(field);
  REQUIRE(at != std::string::npos);
  return std::stoi(result.substr(at + field.size()));
}

int decoded_frames(const std::string& result) {
  return number_of(result, "DecodedFrames");
}

}  // namespace

TEST_CASE("a task runs to one EOS and its output is in its place") {
  const Root root;
  Runner runner(root.text());
  runner.set_task(task(media(kClip), {animation("oss://b/x/a.webp")}));
  CHECK(runner.run() == "EOS");
  CHECK(runner.further_ends() == 0);
  CHECK(root.all() == std::set<std::string>{"b", "b/x", "b/x/a.webp"});
  const std::string result = runner.property("result");
  CHECK(contains(result, R"("Status": "Succeeded")"));
  CHECK(contains(result, R"("FrameCount": 5)"));
  // The clip has 75 frames; those that no sample needs are not decoded.
  CHECK(decoded_frames(result) >= 5);
  CHECK(decoded_frames(result) < 75);
  CHECK(number_of(result, "SkippedUnits") > 0);
  CHECK(decoded_frames(result) + number_of(result, "SkippedUnits") <= 75);
  CHECK(contains(result, std::to_string(fs::file_size(root / "b/x/a.webp"))));
}

TEST_CASE("every state is passed both ways, with and without a task") {
  const Root root;
  Runner runner(root.text());
  runner.set_task(task(media(kClip), {animation("oss://b/a.webp")}));
  for (int round = 0; round < 3; ++round) {
    for (const GstState state :
         {GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_READY, GST_STATE_NULL}) {
      CHECK(runner.set_state(state) != GST_STATE_CHANGE_FAILURE);
      CHECK(runner.wait_for_state() == GST_STATE_CHANGE_SUCCESS);
    }
  }
  CHECK(root.all() == std::set<std::string>{"b"});
}

TEST_CASE("in PAUSED the plan is known and nothing has been written") {
  const Root root;
  Runner runner(root.text());
  runner.set_task(task(media(kClip), {animation("oss://b/new/a.webp")}));
  CHECK(runner.property("plan").empty());
  runner.set_state(GST_STATE_PAUSED);
  CHECK(runner.wait_for_state() == GST_STATE_CHANGE_SUCCESS);
  const std::string plan = runner.property("plan");
  CHECK(contains(plan, R"("FrameCount": 5)"));
  CHECK(contains(plan, R"("Width": 80)"));
  CHECK(contains(plan, R"("Height": 60)"));
  CHECK(contains(plan, "oss://b/new/a.webp"));
  CHECK(root.all() == std::set<std::string>{"b"});
  CHECK(runner.run() == "EOS");
}

TEST_CASE("a refusal comes as one ERROR before any work") {
  const Root root;
  REQUIRE(mkfifo((root / "b/pipe").c_str(), 0600) == 0);
  struct Row {
    const char* label;
    std::string task;
    const char* says;
  };
  const std::vector<Row> rows = {
      {"no task", "", "there is no task"},
      {"no JSON", "{", "line 1"},
      {"unknown word", task(media(kClip), {animation("oss://b/a.webp", R"("ScaleType": "fitt")")}),
       "/Targets/0/Image/Animations/0/ScaleType"},
      {"one place twice",
       task(media(kClip), {animation("oss://b/a.webp"), animation("oss://b/a.webp")}),
       "oss://b/a.webp"},
      {"missing source", task("oss://b/none.mp4", {animation("oss://b/a.webp")}), "does not exist"},
      {"directory as source", task(root.text(), {animation("oss://b/a.webp")}), "is a directory"},
      {"pipe as source", task("oss://b/pipe", {animation("oss://b/a.webp")}), "is a pipe"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.label);
    Runner runner(root.text());
    runner.set_task(row.task);
    CHECK(runner.set_state(GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE);
    CHECK(contains(runner.end(), row.says));
    CHECK(runner.further_ends() == 0);
    CHECK(contains(runner.property("result"), R"("Status": "Failed")"));
    CHECK(root.all() == std::set<std::string>{"b", "b/pipe"});
  }
}

TEST_CASE("task and location exclude each other") {
  const Root root;
  Runner runner(root.text());
  runner.set_task("{}");
  g_object_set(runner.bin(), "location", "x.json", nullptr);
  CHECK(runner.set_state(GST_STATE_READY) == GST_STATE_CHANGE_FAILURE);
  CHECK(contains(runner.end(), "both task and location"));
}

TEST_CASE("a task can come from a file") {
  const Root root;
  write_file(root / "t.json", task(media(kClip), {animation("oss://b/a.gif")}));
  Runner runner(root.text());
  g_object_set(runner.bin(), "location", (root / "t.json").c_str(), nullptr);
  CHECK(runner.run() == "EOS");
  CHECK(file_text(root / "b/a.gif").starts_with("GIF89a"));
}

TEST_CASE("every property is set and read") {
  const Root root;
  Runner runner(root.text());
  g_object_set(runner.bin(), "task", "t", "location", "l", "storage-root", "s", "task-id", "i",
               "journal", "j", "open-timeout", guint64{7}, nullptr);
  guint64 timeout = 0;
  g_object_get(runner.bin(), "open-timeout", &timeout, nullptr);
  CHECK(timeout == 7);
  for (const char* name :
       {"max-frames", "max-pixels", "max-duration", "max-output-size", "timeout"}) {
    guint64 value = 0;
    g_object_set(runner.bin(), name, guint64{9}, nullptr);
    g_object_get(runner.bin(), name, &value, nullptr);
    CHECK(value == 9);
  }
  CHECK(runner.property("allowed-schemes") == "oss,s3,http,https,file,path,stdin");
  g_object_set(runner.bin(), "allowed-schemes", "oss", nullptr);
  CHECK(runner.property("allowed-schemes") == "oss");
  CHECK(runner.property("task") == "t");
  CHECK(runner.property("location") == "l");
  CHECK(runner.property("storage-root") == "s");
  CHECK(runner.property("task-id") == "i");
  CHECK(runner.property("journal") == "j");
  CHECK(runner.property("plan").empty());
  CHECK(runner.property("result").empty());
}

TEST_CASE("a source that gives no picture in time fails") {
  const Root root;
  Runner runner(root.text());
  const SilentServer server;
  runner.set_task(task(server.uri(), {animation("oss://b/a.webp")}));
  g_object_set(runner.bin(), "open-timeout", guint64{GST_SECOND}, nullptr);
  CHECK(contains(runner.run(), "within 1 s"));
  CHECK(runner.further_ends() == 0);
}

TEST_CASE("many animations of several targets come from one decode") {
  const Root root;
  Runner runner(root.text());
  runner.set_task(task(
      media(kClip), {animation("oss://b/all.webp", R"("ScaleType": "fit")") + ", " +
                         animation("oss://b/one.webp", R"("Interval": 0.1, "Number": 1)") + ", " +
                         animation("oss://b/every.gif", R"("Number": 20)"),
                     animation("oss://b/late.gif", R"("Interval": 0.5, "StartTime": 2)") + ", " +
                         animation("oss://b/deep/er/tenth.webp", R"("Interval": 0.1)")}));
  CHECK(runner.run() == "EOS");
  const std::string result = runner.property("result");
  for (const std::string frames : {R"("FrameCount": 75)", R"("FrameCount": 1,)",
                                   R"("FrameCount": 20)", R"("FrameCount": 25)"}) {
    CAPTURE(frames);
    CHECK(contains(result, frames));
  }
  CHECK(contains(result, R"("DecodedFrames": 75)"));
  CHECK(contains(result, R"("SkippedUnits": 0)"));
  CHECK(fs::exists(root / "b/deep/er/tenth.webp"));
  CHECK(fs::exists(root / "b/late.gif"));
}

TEST_CASE("when every animation has enough, the rest of the source is not read") {
  const Root root;
  Runner runner(root.text());
  runner.set_task(task(media("mp4/bbb_480p_5s_h264_b.mp4"),
                       {animation("oss://b/a.webp", R"("Number": 3)") + ", " +
                        animation("oss://b/b.gif", R"("Number": 5)")}));
  CHECK(runner.run() == "EOS");
  CHECK(decoded_frames(runner.property("result")) < 20);
}

TEST_CASE("a StartTime after the end is refused by its code, and nothing stays") {
  const Root root;
  for (const char* start : {"2.5", "60"}) {
    CAPTURE(start);
    Runner runner(root.text());
    runner.set_task(
        task(media(kClip), {animation("oss://b/a.webp", std::string(R"("StartTime": )") + start)}));
    CHECK(contains(runner.run(), "StartTime"));
    CHECK(runner.further_ends() == 0);
    CHECK(contains(runner.property("result"), R"("Code": "StartTimeOutOfRange")"));
    CHECK(root.all() == std::set<std::string>{"b"});
  }
}

TEST_CASE("an output place that cannot be written is one clear error, and nothing stays") {
  const Root root;
  fs::create_directory(root / "b/folder.webp");
  write_file(root / "b/file", "x");
  write_file(root / "b/old.webp", "old");
  fs::create_symlink("/tmp", root / "b/away");
  const std::set<std::string> before = root.all();
  struct Row {
    const char* label;
    std::string uri;
    const char* says;
  };
  const std::vector<Row> rows = {
      {"a directory is there", "oss://b/folder.webp", "no ordinary file but a directory"},
      {"a file where a folder should be", "oss://b/file/a.webp", "cannot make the folder"},
      {"a link out of the root", "oss://b/away/a.webp", "symbolic link"},
      {"a missing folder of a plain path", (root / "none/a.webp").string(), "there is no folder"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.label);
    Runner runner(root.text());
    runner.set_task(
        task(media(kClip), {animation("oss://b/new/good.gif") + ", " +
                            animation("oss://b/old.webp") + ", " + animation(row.uri)}));
    CHECK(contains(runner.run(), row.says));
    CHECK(runner.further_ends() == 0);
    CHECK(root.all() == before);
    CHECK(file_text(root / "b/old.webp") == "old");
  }
}

TEST_CASE("the journal has the result before anything is in its place") {
  const Root root;
  Runner runner(root.text());
  const fs::path journal = root / "journal";
  g_object_set(runner.bin(), "journal", journal.c_str(), nullptr);
  runner.set_task(task(media(kClip), {animation("oss://b/a.webp"), animation("oss://b/b.gif")}));
  CHECK(runner.run() == "EOS");
  for (const std::string& text : {file_text(journal), runner.property("result")}) {
    CHECK(contains(text, R"("Status": "Succeeded")"));
    CHECK(contains(text, R"("URI": "oss://b/a.webp")"));
    CHECK(contains(text, R"("URI": "oss://b/b.gif")"));
    CHECK(decoded_frames(text) > 0);
  }
  // Where it cannot be written, nothing is put in its place.
  runner.set_state(GST_STATE_NULL);
  g_object_set(runner.bin(), "journal", (root / "none/journal").c_str(), nullptr);
  runner.set_task(task(media(kClip), {animation("oss://b/c.webp")}));
  CHECK(contains(runner.run(), "cannot write"));
  CHECK(root.all() == std::set<std::string>{"b", "b/a.webp", "b/b.gif", "journal"});
}

TEST_CASE("EOS in mid-way finishes the outputs with what is there") {
  const Root root;
  Runner runner(root.text());
  runner.set_task(task(media("mp4/bbb_480p_5s_h264_b.mp4"),
                       {R"({"URI": "oss://b/a.webp", "Format": "webp"})"}));
  runner.set_state(GST_STATE_PLAYING);
  REQUIRE(runner.wait_for_state() == GST_STATE_CHANGE_SUCCESS);
  const auto progress =
      adopt(gst_bus_timed_pop_filtered(runner.bus(), kPatience, GST_MESSAGE_ELEMENT));
  REQUIRE(progress);
  CHECK(gst_element_send_event(runner.bin(), gst_event_new_eos()));
  CHECK(runner.end() == "EOS");
  CHECK(runner.further_ends() == 0);
  CHECK(file_text(root / "b/a.webp").starts_with("RIFF"));
  CHECK(contains(runner.property("result"), R"("Status": "Succeeded")"));
  CHECK(!contains(runner.property("result"), R"("FrameCount": 120)"));
}

TEST_CASE("stopping in mid-way leaves nothing") {
  const Root root;
  for (const GstState state : {GST_STATE_READY, GST_STATE_NULL}) {
    Runner runner(root.text());
    runner.set_task(task(media("mp4/bbb_480p_5s_h264_b.mp4"),
                         {R"({"URI": "oss://b/new/a.webp", "Format": "webp"})"}));
    runner.set_state(GST_STATE_PLAYING);
    REQUIRE(runner.wait_for_state() == GST_STATE_CHANGE_SUCCESS);
    REQUIRE(adopt(gst_bus_timed_pop_filtered(runner.bus(), kPatience, GST_MESSAGE_ELEMENT)));
    runner.set_state(state);
    CHECK(runner.further_ends() == 0);
    CHECK(root.all() == std::set<std::string>{"b"});
    CHECK(contains(runner.property("result"), R"("Code": "Cancelled")"));
  }
}

TEST_CASE("one bin runs one task after another") {
  const Root root;
  Runner runner(root.text());
  for (const char* name : {"one", "two"}) {
    runner.set_task(task(media(kSlowClip), {animation("oss://b/" + std::string(name) + ".webp",
                                                      R"("Interval": 10)")}));
    CHECK(runner.run() == "EOS");
    runner.set_state(GST_STATE_READY);
    CHECK(contains(runner.property("result"), R"("FrameCount": 8)"));
    runner.set_state(GST_STATE_NULL);
  }
  CHECK(root.all() == std::set<std::string>{"b", "b/one.webp", "b/two.webp"});
}

TEST_CASE("phases begin and end in order, and progress ends at 100 percent") {
  const Root root;
  Runner runner(root.text());
  runner.set_task(task(media(kClip), {animation("oss://b/a.webp")}));
  runner.set_state(GST_STATE_PLAYING);
  std::vector<std::string> seen;
  gint percent = -1;
  for (;;) {
    const auto types = static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR |
                                                   GST_MESSAGE_PROGRESS | GST_MESSAGE_ELEMENT);
    const auto message = adopt(gst_bus_timed_pop_filtered(runner.bus(), kPatience, types));
    REQUIRE(message);
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_PROGRESS) {
      GstProgressType type{};
      gchar* code = nullptr;
      gst_message_parse_progress(message.get(), &type, &code, nullptr);
      seen.push_back(std::string(type == GST_PROGRESS_TYPE_START ? "+" : "-") + code);
      g_free(code);
    } else if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ELEMENT) {
      const GstStructure* structure = gst_message_get_structure(message.get());
      if (gst_structure_has_name(structure, "progress") != FALSE) {
        gst_structure_get_int(structure, "percent", &percent);
      } else {
        seen.emplace_back(gst_structure_get_name(structure));
      }
    } else {
      seen.emplace_back(GST_MESSAGE_TYPE_NAME(message.get()));
      break;
    }
  }
  CHECK(percent == 100);
  CHECK(seen == std::vector<std::string>{"+open", "-open", "+sample", "+encode", "-sample",
                                         "-encode", "+store", "-store", "animtask-result", "eos"});
}

TEST_CASE("the topic gets a message of success and of failure") {
  const Root root;
  const std::string topic = R"("Notification": {"MNS": {"TopicName": "t"}}, )";
  const std::vector<std::pair<std::string, std::string>> rows = {{kClip, "Succeeded"},
                                                                 {"audio/bear.flac", "Failed"}};
  for (const auto& [name, status] : rows) {
    const std::string& clip = name;
    CAPTURE(clip);
    fs::remove_all(root / ".topics");
    Runner runner(root.text());
    runner.set_task(task(media(clip), {animation("oss://b/a.webp")}, topic));
    runner.run();
    std::vector<fs::path> messages;
    for (const auto& entry : fs::directory_iterator(root / ".topics/t")) {
      messages.push_back(entry.path());
    }
    REQUIRE(messages.size() == 1);
    CHECK(contains(file_text(messages.front()), R"(\"Status\":\")" + status));
  }
}

TEST_CASE("a message that cannot be written is a warning, not a failure") {
  const Root root;
  write_file(root / ".topics", "a file");
  Runner runner(root.text());
  runner.set_task(task(media(kClip), {animation("oss://b/a.webp")},
                       R"("Notification": {"MNS": {"TopicName": "t"}}, )"));
  CHECK(runner.run() == "EOS");
  CHECK(contains(runner.property("result"), "the message for the topic was not written"));
}

TEST_CASE("a source behind a link out of the storage root is refused") {
  const Root root;
  fs::create_symlink(fs::absolute(media(kClip)), root / "b/link.mkv");
  Runner runner(root.text());
  runner.set_task(task("oss://b/link.mkv", {animation("oss://b/a.webp")}));
  CHECK(contains(runner.run(), "symbolic link"));
}

TEST_CASE("it counts as a sink and cannot be sought") {
  const Root root;
  Runner runner(root.text());
  CHECK(GST_OBJECT_FLAG_IS_SET(runner.bin(), GST_ELEMENT_FLAG_SINK));
  runner.set_task(task(media(kClip), {animation("oss://b/a.webp")}));
  runner.set_state(GST_STATE_PAUSED);
  CHECK(runner.wait_for_state() == GST_STATE_CHANGE_SUCCESS);
  CHECK(GST_OBJECT_FLAG_IS_SET(runner.bin(), GST_ELEMENT_FLAG_SINK));
  CHECK(!gst_element_seek_simple(runner.bin(), GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0));
}
