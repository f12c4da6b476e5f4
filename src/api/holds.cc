#include "api/holds.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "api/endpoint.h"
#include "api/json_mapping.h"
#include "base/log.h"

namespace penstock::api {

using nlohmann::json;

namespace {

Result<http::Response> ListHolds(const Dependencies& dependencies, const http::Request& request,
                                 const access::Principal&) {
  PENSTOCK_TRY(const int limit, LimitOf(request, 100, 500));
  PENSTOCK_TRY(const std::vector<catalog::HeldReference> holds, dependencies.holds.List(limit));
  json items = json::array();
  for (const catalog::HeldReference& hold : holds) items.push_back(ToJson(hold));
  return JsonResponse(200, Dump(Page(std::move(items), "")));
}

Result<http::Response> SettleHold(const Dependencies& dependencies, const http::Request& request,
                                  const access::Principal& principal) {
  const auto id = media::ReferenceId::Parse(request.Parameter("reference"));
  if (!id) return Error(ErrorKind::kNotFound, "hold_not_found", "no such reference is on hold");
  const json body = json::parse(request.body, nullptr, false);
  const bool known = body.is_object() && body.size() == 1 && body.contains("action");
  if (!known || (body["action"] != "release" && body["action"] != "reject")) {
    return Error(ErrorKind::kInvalidArgument, "invalid_field", "how it is settled is not given")
        .At("body", "must be {\"action\": \"release\" | \"reject\"}");
  }
  const bool release = body["action"] == "release";
  PENSTOCK_CHECK(release ? dependencies.holds.Release(*id) : dependencies.holds.Reject(*id));
  LogInfo("hold.settled",
          {{"reference", id->text()}, {"released", release}, {"account", principal.account}});
  return http::Response{.status = 204, .headers = {}, .body = std::string()};
}

}  // namespace

void RegisterHolds(http::Router& router, const Dependencies& dependencies) {
  const Routes routes(router, dependencies);
  routes.Add(http::Method::kGet, "/v1/holds", access::kReferencesRead, ListHolds);
  routes.Add(http::Method::kPost, "/v1/holds/{reference}", access::kClaimsWrite, SettleHold);
}

}  // namespace penstock::api
