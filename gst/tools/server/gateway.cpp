// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/tools/server/gateway.h"

#include "gst/tools/server/bucket_calls.h"
#include "gst/tools/server/bucket_error.h"
#include "gst/tools/server/call_log.h"
#include "gst/tools/server/page.h"

namespace anim::server {
namespace {

bool is_of_operation(std::string_view path) {
  return path == "/health" || path == "/metrics";
}

// No status of HTTP: nobody hears it.
constexpr int kNotWhole = 499;

/// A sink whose answer is logged and counted as any other, as is a body that did not come whole.
class NotedSink : public BodySink {
 public:
  using Note = std::function<ServerResponse(ServerResponse)>;
  NotedSink(std::unique_ptr<BodySink> sink, Note note)
      : sink_(std::move(sink)), note_(std::move(note)) {}
  NotedSink(const NotedSink&) = delete;
  NotedSink& operator=(const NotedSink&) = delete;
  ~NotedSink() override {
    if (is_whole_) return;
    try {
      (void)note_({.status = kNotWhole});
    } catch (const std::exception&) {  // without memory there is no line
    }
  }
  bool take(std::string_view piece) override { return sink_->take(piece); }
  ServerResponse finish() override {
    is_whole_ = true;
    return note_(sink_->finish());
  }

 private:
  std::unique_ptr<BodySink> sink_;
  Note note_;
  bool is_whole_ = false;
};

}  // namespace

ServerResponse Gateway::handle(const ServerRequest& request) {
  if (auto file = page_file(request.head); file && !request.refusal) return std::move(*file);
  const std::string action(object_action(request.head));
  if (action.empty() || is_of_operation(request.head.path()) || is_bucket_call(request.head)) {
    return service_.handle(request);
  }
  const std::string id = new_request_id();
  if (request.refusal) {
    return noted(bucket_error(*request.refusal, id, request.head), action, id, metrics_);
  }
  return noted(objects_.handle(request.head, id), action, id, metrics_);
}

BodyPlan Gateway::plan_body(const service::HttpHead& head) {
  const std::string action(object_action(head));
  if (action != "PutObject" || is_bucket_call(head)) return {};
  const std::string id = new_request_id();
  const auto note = [this, action, id](ServerResponse response) {
    return noted(std::move(response), action, id, metrics_);
  };
  BodyPlan plan = objects_.put(head, id);
  if (auto* response = std::get_if<ServerResponse>(&plan)) return note(std::move(*response));
  return std::make_unique<NotedSink>(std::get<std::unique_ptr<BodySink>>(std::move(plan)), note);
}

}  // namespace anim::server
