// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/worker_plan.h"

#include <csignal>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace anim::service {
namespace {

using Json = nlohmann::ordered_json;

// Exit statuses of gst-animate-1.0 (docs/gst-animate.md).
constexpr int kBadTask = 3;
constexpr int kBadSource = 4;

// Why the worker did not come to its end.
std::optional<Error> cut(const WorkerReport& report, const WorkerLimits& limits) {
  const auto took = [](const std::string& what) {
    return Error{ErrorCode::LimitExceeded, "the plan took " + what, {}};
  };
  if (report.is_out_of_time) {
    return took("longer than " + std::to_string(limits.wall.count()) + " s");
  }
  if (report.is_too_long) {
    return Error{ErrorCode::Internal, "the worker wrote more than any plan has", {}};
  }
  if (report.signal == SIGXCPU) {
    return took("more than " + std::to_string(limits.cpu.count()) + " s of CPU time");
  }
  if (!report.signal) return {};
  return Error{ErrorCode::Internal, signal_text(*report.signal, limits), {}};
}

}  // namespace

Result<std::string> plan_of(const WorkerReport& report, const WorkerLimits& limits) {
  if (auto error = cut(report, limits)) return std::move(*error);
  const bool is_theirs = report.exit_status == kBadTask || report.exit_status == kBadSource;
  if (is_theirs) {
    return Error{ErrorCode::InvalidArgument, bare_complaint(report.last_complaint), {}};
  }
  const Json plan = Json::parse(report.output, nullptr, false);
  if (report.exit_status == 0 && plan.is_object()) return plan.dump();
  return Error{ErrorCode::Internal, bare_complaint(report.last_complaint), {}};
}

std::string plan_answer(const std::string& plan, const std::string& request_id) {
  Json out;
  out["RequestId"] = request_id;
  out["Plan"] = Json::parse(plan);
  return out.dump();
}

}  // namespace anim::service
