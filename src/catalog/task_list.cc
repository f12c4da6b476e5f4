// What waits, runs and has failed: the reading half of the tasks.
#include <iterator>
#include <utility>

#include "catalog/leased_row.h"
#include "catalog/sql.h"
#include "catalog/tasks.h"

namespace penstock::catalog {
namespace {

constexpr char kAssets[] =
    "SELECT id, owner, title, stage, percent, attempts, lease_worker, not_before, lease_until, "
    "last_error, updated, -1, 1 FROM assets ";
constexpr char kParts[] =
    "SELECT id, owner, title, stage, p.percent, p.attempts, p.lease_worker, p.not_before, "
    "p.lease_until, last_error, updated, p.position, p.prompt FROM parts p JOIN assets a ON "
    "a.id = p.asset ";

// Reads tasks from a query that begins with kAssets or kParts. A worker whose lease is over is
// none.
class TaskQuery {
 public:
  TaskQuery(soci::session& sql, Time now) : now_(now), query(sql) {
    query.Into(asset_).Into(owner_).Into(task_.title).Into(stage_).Into(task_.percent);
    query.Into(task_.attempts).Into(task_.worker).Into(not_before_).Into(lease_until_);
    query.Into(task_.last_error).Into(updated_).Into(part_).Into(prompt_);
  }
  Result<std::vector<Task>> All(const std::string& text) {
    std::vector<Task> tasks;
    query.Run(text);
    while (query.Next()) {
      task_.part = part_ >= 0 ? std::optional(part_) : std::nullopt;
      task_.prompt = prompt_ != 0;
      PENSTOCK_TRY(task_.stage, media::ParseStage(stage_));
      task_.asset = media::AssetId::FromTrusted(asset_);
      task_.owner = media::AccountId::FromTrusted(owner_);
      task_.not_before = FromMillis(not_before_);
      task_.lease_until = FromMillis(lease_until_);
      task_.updated = FromMillis(updated_);
      tasks.push_back(task_);
      if (task_.lease_until <= now_) tasks.back().worker.clear();
    }
    return tasks;
  }

 private:
  const Time now_;
  Task task_;
  std::string asset_, owner_, stage_;
  std::int64_t not_before_ = 0, lease_until_ = 0, updated_ = 0;
  int part_ = 0, prompt_ = 0;

 public:
  Query query;  // after what it binds
};

}  // namespace

Result<std::vector<Task>> Tasks::Runnable(int limit) {
  const Time now = clock_.Now();
  const std::int64_t millis = ToMillis(now);
  std::vector<Task> tasks;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    TaskQuery assets(sql, now);
    assets.query.Use(millis, "now").Use(limit, "limit");
    PENSTOCK_TRY(tasks, assets.All(std::string(kAssets) +
                                   "WHERE stage IN ('inspect', 'fingerprint', 'match', 'decide', "
                                   "'transcode', 'publish') AND lease_until <= :now AND "
                                   "not_before <= :now AND (stage <> 'transcode' OR NOT " +
                                   kHasParts + ") ORDER BY created, id LIMIT :limit"));
    TaskQuery parts(sql, now);
    parts.query.Use(millis, "now").Use(limit, "limit");
    PENSTOCK_TRY(auto found,
                 parts.All(std::string(kParts) +
                           "WHERE p.result = '' AND stage = 'transcode' AND p.lease_until <= :now "
                           "AND p.not_before <= :now ORDER BY p.prompt DESC, created, id, "
                           "p.position LIMIT :limit"));
    std::move(found.begin(), found.end(), std::back_inserter(tasks));
    return {};
  }));
  return tasks;
}

Result<std::vector<Task>> Tasks::RunnableParts(const media::AssetId& asset) {
  const Time now = clock_.Now();
  std::vector<Task> tasks;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    TaskQuery parts(sql, now);
    parts.query.Use(asset.text(), "asset");
    PENSTOCK_TRY(tasks,
                 parts.All(std::string(kParts) + "WHERE p.asset = :asset AND p.result = '' AND "
                                                 "stage = 'transcode' ORDER BY p.position"));
    return {};
  }));
  return tasks;
}

Result<std::vector<Task>> Tasks::List(bool with_errored, int limit) {
  std::vector<Task> tasks;
  PENSTOCK_CHECK(database_.Read([&](soci::session& sql) -> Status {
    TaskQuery query(sql, clock_.Now());
    query.query.Use(limit, "limit");
    PENSTOCK_TRY(tasks, query.All(std::string(kAssets) +
                                  "WHERE stage IN ('inspect', 'fingerprint', 'match', "
                                  "'decide', 'review', 'transcode', 'publish'" +
                                  (with_errored ? ", 'errored'" : "") +
                                  ") ORDER BY created DESC, id DESC LIMIT :limit"));
    return {};
  }));
  return tasks;
}

}  // namespace penstock::catalog
