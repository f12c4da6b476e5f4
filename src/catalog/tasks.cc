#include "catalog/tasks.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "catalog/asset_row.h"
#include "catalog/leased_row.h"
#include "catalog/part_rows.h"
#include "catalog/transition.h"
#include "media/json.h"

namespace penstock::catalog {
namespace {

using media::Stage;

int PercentOf(soci::session& sql, const media::AssetId& asset) {
  int percent = 0;
  sql << "SELECT percent FROM assets WHERE id = :id", soci::use(asset.text(), "id"),
      soci::into(percent);
  return percent;
}

void Continue(soci::session& sql, Time now, const media::AssetId& asset, Stage next) {
  EnterStage(sql, now, asset, next);
  AppendAssetEvent(sql, now, "asset.progressed", asset);
}

void BackToMatch(soci::session& sql, Time now, const media::AssetId& asset) {
  const std::string pending(media::RightsStateName(media::RightsState::kPending));
  sql << "UPDATE assets SET rights = :rights WHERE id = :id", soci::use(pending, "rights"),
      soci::use(asset.text(), "id");
  Continue(sql, now, asset, Stage::kMatch);
}

std::int64_t MatchedGeneration(soci::session& sql, const media::AssetId& asset) {
  std::int64_t generation = 0;
  sql << "SELECT matched FROM assets WHERE id = :id", soci::use(asset.text(), "id"),
      soci::into(generation);
  return generation;
}

// What tells the fingerprints of an asset apart, in their order: "audio", "audio-1", "video-2".
std::string RowOf(media::FingerprintKind kind, std::size_t position) {
  std::string row(media::FingerprintKindName(kind));
  return position == 0 ? row : row + "-" + std::to_string(position);
}

std::string Describe(const Error& error) { return error.code + ": " + error.message; }

}  // namespace

Result<std::optional<Lease>> Tasks::Acquire(const media::AssetId& asset, Stage stage,
                                            const std::string& worker,
                                            std::chrono::milliseconds lease) {
  if (worker.empty()) return Error(ErrorKind::kInvalidArgument, "a lease needs a worker's name");
  if (!media::IsTask(stage)) return std::optional<Lease>();
  return Take({.asset = asset, .stage = stage, .worker = worker}, lease);
}

Result<std::optional<Lease>> Tasks::Take(Lease wanted, std::chrono::milliseconds lease) {
  std::optional<Lease> acquired;
  PENSTOCK_CHECK(database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    if (TakeLease(sql, now, now + lease, wanted)) acquired = wanted;
    return {};
  }));
  return acquired;
}

Status Tasks::Heartbeat(const Lease& lease, std::chrono::milliseconds extend) {
  return database_.Write([&](soci::session& sql) -> Status {
    return UpdateLeased(sql, lease, "lease_until = :value",
                        ToMillis(clock_.Now()) + extend.count());
  });
}

Status Tasks::Progress(const Lease& lease, int percent) {
  const int wanted = std::clamp(percent, 0, 100);
  return database_.Write([&](soci::session& sql) -> Status {
    const int before = PercentOf(sql, lease.asset);
    PENSTOCK_CHECK(UpdateLeased(sql, lease, "percent = :value", wanted));
    if (lease.part) SumUpPercent(sql, lease.asset);
    if (PercentOf(sql, lease.asset) == before) return {};
    const Time now = clock_.Now();
    TouchAsset(sql, now, lease.asset);
    std::optional<PartProgress> part;
    if (lease.part) part = PartProgress{.number = *lease.part, .percent = wanted};
    AppendAssetEvent(sql, now, "asset.progressed", lease.asset, {}, part);
    return {};
  });
}

Status Tasks::CompleteInspect(const Lease& lease, const media::MediaInfo& info) {
  const std::string document = ToJson(info);
  return database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    PENSTOCK_CHECK(EndLease(sql, now, lease, Stage::kInspect));
    PutDocument(sql, lease.asset, kMediaInfoDocument, document);
    SetDuration(sql, lease.asset, info.duration);
    Continue(sql, now, lease.asset, Stage::kFingerprint);
    return {};
  });
}

Status Tasks::CompleteFingerprint(const Lease& lease,
                                  const std::vector<media::Fingerprint>& fingerprints,
                                  const media::SourceIndex& index) {
  const std::string document = ToJson(index);
  std::vector<std::pair<std::string, std::string>> rows;
  rows.reserve(fingerprints.size());
  for (const media::Fingerprint& fingerprint : fingerprints) {
    rows.emplace_back(RowOf(fingerprint.kind, rows.size()),
                      Base64Encode(media::SerializeFingerprint(fingerprint)));
  }
  return database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    PENSTOCK_CHECK(EndLease(sql, now, lease, Stage::kFingerprint));
    sql << "DELETE FROM fingerprints WHERE asset = :id", soci::use(lease.asset.text(), "id");
    for (const auto& [kind, content] : rows) {
      sql << "INSERT INTO fingerprints (asset, kind, content) VALUES (:id, :kind, :content)",
          soci::use(lease.asset.text(), "id"), soci::use(kind, "kind"),
          soci::use(content, "content");
    }
    PutDocument(sql, lease.asset, kSourceIndexDocument, document);
    Continue(sql, now, lease.asset, Stage::kMatch);
    return {};
  });
}

Status Tasks::CompleteMatch(const Lease& lease, const std::vector<media::MatchEvidence>& matches,
                            std::int64_t generation) {
  return database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    PENSTOCK_CHECK(EndLease(sql, now, lease, Stage::kMatch));
    PutMatches(sql, lease.asset, matches, generation);
    Continue(sql, now, lease.asset, Stage::kDecide);
    return {};
  });
}

Status Tasks::CompleteDecide(const Lease& lease, const media::Decision& decision) {
  if (decision.state == media::RightsState::kPending) {
    return Error(ErrorKind::kInvalidArgument, "undecided", "a decision cannot leave things pending")
        .At("state", "clear, claimed, review or blocked");
  }
  return database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    PENSTOCK_CHECK(EndLease(sql, now, lease, Stage::kDecide));
    // An asset rests at what was decided only while nothing else is known: from then on, a change
    // of the lists finds it.
    if (MatchedGeneration(sql, lease.asset) != CurrentGeneration(sql)) {
      BackToMatch(sql, now, lease.asset);
      return {};
    }
    ApplyDecision(sql, now, lease.asset, decision);
    return {};
  });
}

Status Tasks::CompletePublish(const Lease& lease, std::optional<std::int64_t> generation) {
  return database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    PENSTOCK_CHECK(EndLease(sql, now, lease, Stage::kPublish));
    if (generation && *generation != CurrentGeneration(sql)) {
      BackToMatch(sql, now, lease.asset);
      return {};
    }
    std::string rights;
    sql << "SELECT rights FROM assets WHERE id = :id", soci::use(lease.asset.text(), "id"),
        soci::into(rights);
    PENSTOCK_TRY(const media::RightsState state, media::ParseRightsState(rights));
    if (!media::MayPublish(state) || !FindDocument(sql, lease.asset, kPresentationDocument)) {
      return Error(ErrorKind::kConflict, "not_publishable",
                   "the asset has no presentation, or its rights (" + rights +
                       ") do not allow it to be public");
    }
    if (generation) {
      sql << "UPDATE assets SET matched = :generation WHERE id = :id",
          soci::use(*generation, "generation"), soci::use(lease.asset.text(), "id");
    }
    const std::int64_t published = ToMillis(now);
    sql << "UPDATE assets SET published = :now WHERE id = :id", soci::use(published, "now"),
        soci::use(lease.asset.text(), "id");
    const std::string playback = TakePlaybackId(sql, now, lease.asset);
    EnterStage(sql, now, lease.asset, Stage::kReady);
    AppendAssetEvent(sql, now, "asset.ready", lease.asset, {{"playback_id", playback}});
    return {};
  });
}

Status Tasks::Reconsider(const Lease& lease) {
  return database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    PENSTOCK_CHECK(EndLease(sql, now, lease, Stage::kPublish));
    BackToMatch(sql, now, lease.asset);
    return {};
  });
}

Status Tasks::Fail(const Lease& lease, const Error& error) {
  const std::string stage(media::StageName(lease.stage));
  const std::string last = Describe(error);
  return database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    PENSTOCK_CHECK(EndLease(sql, now, lease, lease.stage));
    EnterStage(sql, now, lease.asset, Stage::kErrored);
    sql << "UPDATE assets SET failed_stage = :stage, error_code = :code, "
           "error_message = :message, last_error = :last WHERE id = :id",
        soci::use(stage, "stage"), soci::use(error.code, "code"),
        soci::use(error.message, "message"), soci::use(last, "last"),
        soci::use(lease.asset.text(), "id");
    AppendAssetEvent(sql, now, "asset.errored", lease.asset,
                     {{"code", error.code}, {"message", error.message}});
    return {};
  });
}

Status Tasks::Retry(const Lease& lease, const Error& error, std::chrono::milliseconds delay) {
  const std::string last = Describe(error);
  return database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    PENSTOCK_CHECK(UpdateLeased(sql, lease, "not_before = :value", ToMillis(now) + delay.count()));
    sql << "UPDATE assets SET last_error = :last WHERE id = :id", soci::use(last, "last"),
        soci::use(lease.asset.text(), "id");
    return EndLease(sql, now, lease, lease.stage);
  });
}

Status Tasks::Release(const Lease& lease) {
  return database_.Write([&](soci::session& sql) -> Status {
    PENSTOCK_CHECK(UpdateLeased(sql, lease, "attempts = attempts - :value", 1));
    return EndLease(sql, clock_.Now(), lease, lease.stage);
  });
}

Status Tasks::Requeue(const media::AssetId& asset) {
  return database_.Write([&](soci::session& sql) -> Status {
    std::string stage;
    std::string failed;
    sql << "SELECT stage, failed_stage FROM assets WHERE id = :id", soci::use(asset.text(), "id"),
        soci::into(stage), soci::into(failed);
    if (!sql.got_data()) return AssetNotFound();
    if (stage != media::StageName(Stage::kErrored)) {
      return Error(ErrorKind::kConflict, "not_errored",
                   "the asset has not failed, it is at " + stage);
    }
    PENSTOCK_TRY(const Stage back, media::ParseStage(failed));
    // The lists may have changed meanwhile: it opens again once it is known to be up to them.
    sql << "UPDATE assets SET failed_stage = '', error_code = '', error_message = '', opened = 0 "
           "WHERE id = :id",
        soci::use(asset.text(), "id");
    sql << "UPDATE parts SET attempts = 0, not_before = 0 WHERE asset = :id",
        soci::use(asset.text(), "id");
    Continue(sql, clock_.Now(), asset, back);
    return {};
  });
}

}  // namespace penstock::catalog
