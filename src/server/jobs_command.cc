#include <nlohmann/json.hpp>

#include "server/commands.h"
#include "server/installation.h"
#include "server/terminal.h"

namespace penstock::server {
namespace {

constexpr int kMaxRows = 1000;

Status Show(const config::Config& config, bool json) {
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  PENSTOCK_TRY(const auto tasks, installation->tasks.List(/*with_errored=*/true, kMaxRows));
  std::vector<std::vector<std::string>> rows = {
      {"ASSET", "STAGE", "PERCENT", "ATTEMPTS", "WORKER", "TITLE", "LAST ERROR"}};
  auto items = nlohmann::json::array();
  for (const catalog::Task& task : tasks) {
    const std::string stage(media::StageName(task.stage));
    rows.push_back({task.asset.text(), stage, std::to_string(task.percent),
                    std::to_string(task.attempts), task.worker.empty() ? "-" : task.worker,
                    task.title, task.last_error});
    items.push_back({{"asset", task.asset.text()},
                     {"stage", stage},
                     {"percent", task.percent},
                     {"attempts", task.attempts},
                     {"worker", task.worker},
                     {"title", task.title},
                     {"last_error", task.last_error}});
  }
  return json ? Print("{}\n", items.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace))
              : PrintTable(rows);
}

// A running server's sweeper takes the task up.
Status Retry(const config::Config& config, const std::string& asset) {
  PENSTOCK_TRY(const auto id, media::AssetId::Parse(asset));
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  return installation->tasks.Requeue(id);
}

Status ListWorkers(const config::Config& config, bool json) {
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  PENSTOCK_TRY(const auto workers, installation->workers.Alive());
  std::vector<std::vector<std::string>> rows = {
      {"WORKER", "SLOTS", "STATE", "STARTED", "SEEN", "CURRENT"}};
  auto items = nlohmann::json::array();
  for (const catalog::WorkerRow& worker : workers) {
    const std::string started = FormatRfc3339(worker.started);
    const std::string seen = FormatRfc3339(worker.seen);
    rows.push_back({worker.id, std::to_string(worker.slots), worker.state, started, seen,
                    worker.current.empty() ? "-" : worker.current});
    items.push_back({{"id", worker.id},
                     {"slots", worker.slots},
                     {"state", worker.state},
                     {"started", started},
                     {"seen", seen},
                     {"current", worker.current}});
  }
  return json ? Print("{}\n", items.dump()) : PrintTable(rows);
}

}  // namespace

int ShowJobs(const config::Config& config, bool json) { return ExitStatus(Show(config, json)); }

int RetryJob(const config::Config& config, const std::string& asset) {
  return ExitStatus(Retry(config, asset));
}

int ShowWorkers(const config::Config& config, bool json) {
  return ExitStatus(ListWorkers(config, json));
}

}  // namespace penstock::server
