// What load balancers and monitors ask.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/metrics.h"
#include "base/result.h"
#include "http/router.h"

namespace penstock::api {

struct ReadinessCheck {
  std::string name;  // "catalog", "free_space"
  std::function<Status()> check;
};

// GET /healthz (the process answers), /readyz (every check passes; else 503, code "not_ready", that
// names the failing ones) and /metrics. All three are open, since monitors have no account. The
// metrics must outlive the router.
void RegisterHealth(http::Router& router, std::vector<ReadinessCheck> checks,
                    const Metrics& metrics);

}  // namespace penstock::api
