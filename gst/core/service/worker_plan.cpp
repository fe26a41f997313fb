// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gst/core/service/worker_plan.h"

#include <nlohmann/json.hpp>

namespace anim::service {
namespace {

using Json = nlohmann::ordered_json;

// Exit statuses of gst-animate-1.0 (docs/gst-animate.md).
constexpr int kBadTask = 3;
constexpr int kBadSource = 4;

}  // namespace

Result<std::string> plan_of(const WorkerReport& report, const WorkerLimits& limits) {
  if (report.is_out_of_time || report.signal) {
    return Error{ErrorCode::LimitExceeded,
                 "the plan took longer than " + std::to_string(limits.wall.count()) + " s",
                 {}};
  }
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
