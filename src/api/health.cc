#include "api/health.h"

#include <utility>

#include "api/endpoint.h"
#include "base/log.h"

namespace penstock::api {

namespace {

http::Response Ready(const http::Request& request, const std::vector<ReadinessCheck>& checks) {
  std::string failing;
  for (const ReadinessCheck& check : checks) {
    const Status status = check.check();
    if (status.has_value()) continue;
    LogFailure(LogLevel::kWarning, "readiness.failed", status.error(), {{"check", check.name}});
    failing += (failing.empty() ? "" : ", ") + check.name;
  }
  if (failing.empty()) return JsonResponse(200, R"({"status":"ready"})");
  return Refuse(request,
                Error(ErrorKind::kUnavailable, "not_ready", "these checks fail: " + failing));
}

}  // namespace

void RegisterHealth(http::Router& router, std::vector<ReadinessCheck> checks,
                    const Metrics& metrics) {
  router.Add(http::Method::kGet, "/healthz",
             [](const http::Request&) { return JsonResponse(200, R"({"status":"alive"})"); });
  router.Add(http::Method::kGet, "/readyz",
             [checks = std::move(checks)](const http::Request& request) {
               return Ready(request, checks);
             });
  router.Add(http::Method::kGet, "/metrics", [&metrics](const http::Request&) {
    return http::Response{.status = 200,
                          .headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"},
                                      {"Cache-Control", "no-store"}},
                          .body = metrics.Text()};
  });
}

}  // namespace penstock::api
