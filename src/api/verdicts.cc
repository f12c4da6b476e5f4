#include "api/verdicts.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/assets.h"
#include "api/endpoint.h"
#include "api/json_body.h"
#include "api/json_mapping.h"
#include "base/log.h"

namespace penstock::api {

using nlohmann::json;

namespace {

constexpr std::size_t kReasonLimit = 500;  // characters

struct Settlement {
  bool allow = false;
  std::string reason;
};

Result<Settlement> ParseSettlement(const http::Request& request) {
  PENSTOCK_TRY(const json settlement, JsonBody(request, {"action", "reason"}));
  const auto action = settlement.find("action");
  if (action == settlement.end() || (*action != "allow" && *action != "block")) {
    return InvalidField("action", "must be allow or block");
  }
  const bool allow = *action == "allow";
  const auto reason = settlement.find("reason");
  if (reason == settlement.end() || reason->is_null()) {
    return Settlement{allow,
                      allow ? "A reviewer allowed this work." : "A reviewer blocked this work."};
  }
  if (!reason->is_string()) return InvalidField("reason", "must be a string");
  PENSTOCK_CHECK(CheckName("reason", reason->get_ref<const std::string&>(), kReasonLimit));
  return Settlement{allow, reason->get<std::string>()};
}

Result<http::Response> ListMatches(const Dependencies& dependencies, const http::Request& request,
                                   const access::Principal& principal) {
  PENSTOCK_TRY(const media::Asset asset, OwnAsset(dependencies, request, principal));
  PENSTOCK_TRY(const std::vector<media::MatchEvidence> found,
               dependencies.assets.GetMatches(asset.id));
  json matches = json::array();
  for (const media::MatchEvidence& match : found) matches.push_back(ToJson(match));
  return JsonResponse(200, Dump({{"matches", std::move(matches)}}));
}

Result<http::Response> ReadDecision(const Dependencies& dependencies, const http::Request& request,
                                    const access::Principal& principal) {
  PENSTOCK_TRY(const media::Asset asset, OwnAsset(dependencies, request, principal));
  PENSTOCK_TRY(const std::optional<media::Decision> decision,
               dependencies.assets.GetDecision(asset.id));
  // Not decided yet is an answer, too: rights "pending", without a rule.
  return JsonResponse(200, Dump(ToJson(decision.value_or(media::Decision{}))));
}

Result<http::Response> ListDecisions(const Dependencies& dependencies, const http::Request& request,
                                     const access::Principal& principal) {
  PENSTOCK_TRY(const media::Asset asset, OwnAsset(dependencies, request, principal));
  PENSTOCK_TRY(const std::vector<media::Decision> decisions,
               dependencies.assets.Decisions(asset.id));
  json items = json::array();
  for (const media::Decision& decision : decisions) items.push_back(ToJson(decision));
  return JsonResponse(200, Dump(Page(std::move(items), "")));
}

Result<http::Response> SettleReview(const Dependencies& dependencies, const http::Request& request,
                                    const access::Principal& principal) {
  // Whoever settles reviews does so for everybody's uploads.
  PENSTOCK_TRY(const auto id, media::AssetId::Parse(request.Parameter("id")));
  PENSTOCK_TRY(const media::Asset asset, dependencies.assets.Get(id));
  PENSTOCK_TRY(Settlement settlement, ParseSettlement(request));
  PENSTOCK_TRY(std::optional<media::Decision> before, dependencies.assets.GetDecision(asset.id));
  // The evidence and the matcher's version stay: the settlement is made on them.
  media::Decision decision = std::move(before).value_or(media::Decision{});
  decision.state = settlement.allow ? media::RightsState::kClear : media::RightsState::kBlocked;
  decision.rule = "manual";
  decision.reason = std::move(settlement.reason);
  decision.decided_by = principal.account_name;
  decision.decided = dependencies.clock.Now();
  PENSTOCK_CHECK(dependencies.assets.SettleReview(asset.id, decision));
  if (settlement.allow) {
    PENSTOCK_TRY(const media::Asset settled, dependencies.assets.Get(asset.id));
    PENSTOCK_CHECK(dependencies.queue.Submit({.kind = std::string(media::StageName(settled.stage)),
                                              .subject = asset.id.text(),
                                              .owner = asset.owner.text()}));
  }
  LogInfo(
      "review.settled",
      {{"asset", asset.id.text()}, {"allow", settlement.allow}, {"account", principal.account}});
  return JsonResponse(200, Dump(ToJson(decision)));
}

}  // namespace

void RegisterVerdicts(http::Router& router, const Dependencies& dependencies) {
  const Routes routes(router, dependencies);
  routes.Add(http::Method::kGet, "/v1/assets/{id}/matches", access::kAssetsRead, ListMatches);
  routes.Add(http::Method::kGet, "/v1/assets/{id}/decision", access::kAssetsRead, ReadDecision);
  routes.Add(http::Method::kGet, "/v1/assets/{id}/decisions", access::kAssetsRead, ListDecisions);
  routes.Add(http::Method::kPost, "/v1/assets/{id}/decision", access::kClaimsWrite, SettleReview);
}

}  // namespace penstock::api
