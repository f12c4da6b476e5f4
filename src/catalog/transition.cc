#include "catalog/transition.h"

#include "catalog/asset_row.h"
#include "media/json.h"

namespace penstock::catalog {

void EnterStage(soci::session& sql, Time now, const media::AssetId& asset, media::Stage stage) {
  const std::string name(media::StageName(stage));
  const std::int64_t updated = ToMillis(now);
  sql << "UPDATE assets SET stage = :stage, percent = 0, attempts = 0, lease_worker = '', "
         "lease_until = 0, not_before = 0, last_error = '', updated = :now WHERE id = :id",
      soci::use(name, "stage"), soci::use(updated, "now"), soci::use(asset.text(), "id");
}

void ApplyDecision(soci::session& sql, Time now, const media::AssetId& asset,
                   const media::Decision& decision) {
  const bool blocked = decision.state == media::RightsState::kBlocked;
  media::Stage next = media::Stage::kTranscode;
  if (decision.state == media::RightsState::kReview) next = media::Stage::kReview;
  if (blocked) next = media::Stage::kBlocked;

  PutDocument(sql, asset, kDecisionDocument, ToJson(decision));
  EnterStage(sql, now, asset, next);
  const std::string rights(media::RightsStateName(decision.state));
  const std::string code = blocked ? "rights_blocked" : "";
  const std::string message = blocked ? decision.reason : "";
  sql << "UPDATE assets SET rights = :rights, error_code = :code, error_message = :message "
         "WHERE id = :id",
      soci::use(rights, "rights"), soci::use(code, "code"), soci::use(message, "message"),
      soci::use(asset.text(), "id");
  AppendAssetEvent(sql, now, "asset.decided", asset, {{"reason", decision.reason}});
  if (blocked) {
    AppendAssetEvent(sql, now, "asset.blocked", asset, {{"code", code}, {"message", message}});
  }
}

}  // namespace penstock::catalog
