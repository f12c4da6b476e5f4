#include "catalog/tasks.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "catalog/asset_row.h"
#include "catalog/transition.h"
#include "media/json.h"

namespace penstock::catalog {
namespace {

using media::Stage;

Error LeaseLost() {
  return Error(ErrorKind::kLeaseLost, "the lease of the task has passed to another worker");
}

// Takes the lease back from who holds it, for the one result that it allows. Errors: kLeaseLost
// when the lease is not the asset's any more, or is for another stage than the result.
Status EndLease(soci::session& sql, Time now, const Lease& lease, Stage stage) {
  if (lease.stage != stage) return LeaseLost();
  const std::string name(media::StageName(stage));
  const std::int64_t updated = ToMillis(now);
  const long long held = Execute(
      (sql.prepare << "UPDATE assets SET lease_worker = '', lease_until = 0, updated = :now "
                      "WHERE id = :id AND stage = :stage AND fence = :fence AND "
                      "lease_worker = :worker",
       soci::use(updated, "now"), soci::use(lease.asset.text(), "id"), soci::use(name, "stage"),
       soci::use(lease.fence, "fence"), soci::use(lease.worker, "worker")));
  if (held == 0) return LeaseLost();
  return {};
}

void SetDuration(soci::session& sql, const media::AssetId& asset, media::Millis duration) {
  const std::int64_t millis = duration.count();
  sql << "UPDATE assets SET duration = :duration WHERE id = :id", soci::use(millis, "duration"),
      soci::use(asset.text(), "id");
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

std::string Describe(const Error& error) { return error.code + ": " + error.message; }

// The asset's one playback id, made when there is none.
std::string TakePlaybackId(soci::session& sql, Time now, const media::AssetId& asset) {
  std::string id;
  sql << "SELECT id FROM playback_ids WHERE asset = :asset ORDER BY created, id LIMIT 1",
      soci::use(asset.text(), "asset"), soci::into(id);
  if (sql.got_data()) return id;
  id = media::PlaybackId::Generate().text();
  const std::int64_t created = ToMillis(now);
  sql << "INSERT INTO playback_ids (id, asset, created) VALUES (:id, :asset, :created)",
      soci::use(id, "id"), soci::use(asset.text(), "asset"), soci::use(created, "created");
  return id;
}

}  // namespace

Result<std::optional<Lease>> Tasks::Acquire(const media::AssetId& asset, Stage stage,
                                            const std::string& worker,
                                            std::chrono::milliseconds lease) {
  if (worker.empty()) return Error(ErrorKind::kInvalidArgument, "a lease needs a worker's name");
  if (!media::IsTask(stage)) return std::optional<Lease>();
  const std::string name(media::StageName(stage));
  std::optional<Lease> acquired;
  PENSTOCK_CHECK(database_.Write([&](soci::session& sql) -> Status {
    const std::int64_t now = ToMillis(clock_.Now());
    const std::int64_t until = now + lease.count();
    Lease taken{asset, stage, worker, 0, 0};
    sql << "UPDATE assets SET lease_worker = :worker, lease_until = :until, fence = fence + 1, "
           "attempts = attempts + 1 WHERE id = :id AND stage = :stage AND lease_until <= :now AND "
           "not_before <= :now RETURNING fence, attempts",
        soci::use(worker, "worker"), soci::use(until, "until"), soci::use(asset.text(), "id"),
        soci::use(name, "stage"), soci::use(now, "now"), soci::into(taken.fence),
        soci::into(taken.attempt);
    if (sql.got_data()) acquired = taken;
    return {};
  }));
  return acquired;
}

Status Tasks::Heartbeat(const Lease& lease, std::chrono::milliseconds extend) {
  const std::string stage(media::StageName(lease.stage));
  return database_.Write([&](soci::session& sql) -> Status {
    const std::int64_t until = ToMillis(clock_.Now()) + extend.count();
    const long long held = Execute(
        (sql.prepare << "UPDATE assets SET lease_until = :until WHERE id = :id AND stage = :stage "
                        "AND fence = :fence AND lease_worker = :worker",
         soci::use(until, "until"), soci::use(lease.asset.text(), "id"), soci::use(stage, "stage"),
         soci::use(lease.fence, "fence"), soci::use(lease.worker, "worker")));
    if (held == 0) return LeaseLost();
    return {};
  });
}

Status Tasks::Progress(const Lease& lease, int percent) {
  const std::string stage(media::StageName(lease.stage));
  const int wanted = std::clamp(percent, 0, 100);
  return database_.Write([&](soci::session& sql) -> Status {
    int known = 0;
    sql << "SELECT percent FROM assets WHERE id = :id AND stage = :stage AND fence = :fence AND "
           "lease_worker = :worker",
        soci::use(lease.asset.text(), "id"), soci::use(stage, "stage"),
        soci::use(lease.fence, "fence"), soci::use(lease.worker, "worker"), soci::into(known);
    if (!sql.got_data()) return LeaseLost();
    if (known == wanted) return {};
    const Time now = clock_.Now();
    const std::int64_t updated = ToMillis(now);
    const long long held = Execute(
        (sql.prepare << "UPDATE assets SET percent = :percent, updated = :now WHERE id = :id AND "
                        "stage = :stage AND fence = :fence AND lease_worker = :worker",
         soci::use(wanted, "percent"), soci::use(updated, "now"),
         soci::use(lease.asset.text(), "id"), soci::use(stage, "stage"),
         soci::use(lease.fence, "fence"), soci::use(lease.worker, "worker")));
    if (held == 0) return LeaseLost();
    AppendAssetEvent(sql, now, "asset.progressed", lease.asset);
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
                                  const std::vector<media::Fingerprint>& fingerprints) {
  std::vector<std::pair<std::string, std::string>> rows;
  rows.reserve(fingerprints.size());
  for (const media::Fingerprint& fingerprint : fingerprints) {
    rows.emplace_back(media::FingerprintKindName(fingerprint.kind),
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

Status Tasks::CompleteTranscode(const Lease& lease, const media::Presentation& presentation) {
  const std::string document = ToJson(presentation);
  return database_.Write([&](soci::session& sql) -> Status {
    const Time now = clock_.Now();
    PENSTOCK_CHECK(EndLease(sql, now, lease, Stage::kTranscode));
    PutDocument(sql, lease.asset, kPresentationDocument, document);
    SetDuration(sql, lease.asset, presentation.duration);
    Continue(sql, now, lease.asset, Stage::kPublish);
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
    PENSTOCK_CHECK(EndLease(sql, now, lease, lease.stage));
    const std::int64_t not_before = ToMillis(now) + delay.count();
    sql << "UPDATE assets SET not_before = :not_before, last_error = :last WHERE id = :id",
        soci::use(not_before, "not_before"), soci::use(last, "last"),
        soci::use(lease.asset.text(), "id");
    return {};
  });
}

Status Tasks::Release(const Lease& lease) {
  return database_.Write([&](soci::session& sql) -> Status {
    PENSTOCK_CHECK(EndLease(sql, clock_.Now(), lease, lease.stage));
    sql << "UPDATE assets SET attempts = attempts - 1 WHERE id = :id",
        soci::use(lease.asset.text(), "id");
    return {};
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
    sql << "UPDATE assets SET failed_stage = '', error_code = '', error_message = '' "
           "WHERE id = :id",
        soci::use(asset.text(), "id");
    Continue(sql, clock_.Now(), asset, back);
    return {};
  });
}

}  // namespace penstock::catalog
