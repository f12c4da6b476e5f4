#include "catalog/transition.h"

#include <set>
#include <string>

#include "catalog/asset_row.h"
#include "catalog/part_rows.h"
#include "media/json.h"

namespace penstock::catalog {

void EnterStage(soci::session& sql, Time now, const media::AssetId& asset, media::Stage stage) {
  const std::string name(media::StageName(stage));
  const std::int64_t updated = ToMillis(now);
  sql << "UPDATE assets SET stage = :stage, percent = 0, attempts = 0, lease_worker = '', "
         "lease_until = 0, not_before = 0, last_error = '', updated = :now WHERE id = :id",
      soci::use(name, "stage"), soci::use(updated, "now"), soci::use(asset.text(), "id");
}

void PutMatches(soci::session& sql, const media::AssetId& asset,
                const std::vector<media::MatchEvidence>& matches, std::int64_t generation) {
  PutDocument(sql, asset, kMatchesDocument, ToJson(matches));
  sql << "DELETE FROM asset_lists WHERE asset = :asset", soci::use(asset.text(), "asset");
  std::set<std::string> lists;
  for (const media::MatchEvidence& match : matches) lists.insert(match.list.text());
  for (const std::string& list : lists) {
    sql << "INSERT INTO asset_lists (asset, list) VALUES (:asset, :list)",
        soci::use(asset.text(), "asset"), soci::use(list, "list");
  }
  sql << "UPDATE assets SET matched = :generation WHERE id = :asset",
      soci::use(generation, "generation"), soci::use(asset.text(), "asset");
}

std::int64_t CurrentGeneration(soci::session& sql) {
  std::int64_t generation = 0;
  sql << "SELECT value FROM counters WHERE name = 'generation'", soci::into(generation);
  return generation;
}

void ApplyDecision(soci::session& sql, Time now, const media::AssetId& asset,
                   const media::Decision& decision) {
  const bool blocked = decision.state == media::RightsState::kBlocked;
  std::string stage;
  std::string previous;
  sql << "SELECT stage, rights FROM assets WHERE id = :id", soci::use(asset.text(), "id"),
      soci::into(stage), soci::into(previous);
  media::Stage next = media::Stage::kTranscode;
  if (FindDocument(sql, asset, kPresentationDocument)) next = media::Stage::kPublish;
  if (stage == media::StageName(media::Stage::kReady)) next = media::Stage::kReady;
  if (decision.state == media::RightsState::kReview) next = media::Stage::kReview;
  if (blocked) next = media::Stage::kBlocked;

  const std::string body = ToJson(decision);
  PutDocument(sql, asset, kDecisionDocument, body);
  sql << "INSERT INTO decisions (asset, position, body) VALUES (:asset, 1 + (SELECT "
         "COALESCE(MAX(position), 0) FROM decisions WHERE asset = :asset), :body)",
      soci::use(asset.text(), "asset"), soci::use(body, "body");
  EnterStage(sql, now, asset, next);
  if (next == media::Stage::kTranscode) SumUpPercent(sql, asset);
  const std::string rights(media::RightsStateName(decision.state));
  const std::string code = blocked ? "rights_blocked" : "";
  const std::string message = blocked ? decision.reason : "";
  sql << "UPDATE assets SET rights = :rights, error_code = :code, error_message = :message "
         "WHERE id = :id",
      soci::use(rights, "rights"), soci::use(code, "code"), soci::use(message, "message"),
      soci::use(asset.text(), "id");
  AppendAssetEvent(sql, now, "asset.decided", asset,
                   {{"reason", decision.reason}, {"previous", previous}});
  if (blocked) {
    AppendAssetEvent(sql, now, "asset.blocked", asset, {{"code", code}, {"message", message}});
  }
}

}  // namespace penstock::catalog
