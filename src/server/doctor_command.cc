#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/random.h"
#include "fingerprint/reference_index.h"
#include "pipeline/landlock.h"
#include "pipeline/media_task.h"
#include "server/commands.h"
#include "server/installation.h"
#include "server/pipeline_settings.h"
#include "server/terminal.h"
#include "transcoder/encoders.h"

namespace penstock::server {
namespace {

struct Finding {
  std::string check;
  bool ok = false;
  std::string detail;
};

Status TryStore(storage::ObjectStore& store) {
  PENSTOCK_TRY(const auto key, storage::ObjectKey::Parse("doctor/" + RandomAlphanumeric(12)));
  const std::string bytes = "penstock doctor";
  PENSTOCK_CHECK(store.PutBytes(key, bytes));
  PENSTOCK_TRY(const auto opened, store.Open(key));
  PENSTOCK_TRY(const std::string read, ReadAt(opened.fd.get(), 0, bytes.size()));
  if (read != bytes) return Error(ErrorKind::kInternal, "the object store gave back other bytes");
  return store.Delete(key);
}

// The sandbox works when it refuses a file that is no media with the inspector's own words, rather
// than dying.
Status TrySandbox(const config::Config& config, const std::filesystem::path& data) {
  const std::filesystem::path path = data / ("doctor-" + RandomAlphanumeric(8));
  PENSTOCK_CHECK(WriteFileDurably(path, "this is no media"));
  const auto opened = OpenFile(path, O_RDONLY);
  unlink(path.c_str());
  if (!opened) return opened.error();
  const auto sandbox = InspectSandboxOf(config.sandbox);
  const auto limits = LimitsOf(config.sandbox);
  const auto info = pipeline::InspectMedia({.sandbox = sandbox,
                                            .limits = limits,
                                            .source = opened->get(),
                                            .progress = {},
                                            .cancelled = {}});
  if (info) return Error(ErrorKind::kInternal, "the sandbox took text for media");
  const ErrorKind kind = info.error().kind;
  if (info.error().code == "media_task_crashed" ||
      (kind != ErrorKind::kMalformed && kind != ErrorKind::kUnsupported)) {
    return info.error();
  }
  return {};
}

// How far the index has followed the catalog; what it lacks is added while the server runs.
Result<std::string> LookAtIndex(Installation& installation) {
  PENSTOCK_TRY(const auto index, fingerprint::ReferenceIndex::Open(installation.data / "index"));
  if (const auto problems = index->problems(); !problems.empty()) {
    return Error(ErrorKind::kMalformed, problems.front() + "; the next start mends it");
  }
  PENSTOCK_TRY(const std::int64_t count, installation.references.Count());
  const auto extent = index->Measure();
  return fmt::format("{} of {} references in {} segments, {} MiB", extent.works, count,
                     extent.segments, extent.bytes >> 20);
}

Finding FindingOf(const std::string& check, const Status& status, const std::string& detail) {
  return {check, status.has_value(), status ? detail : status.error().message};
}

// What the profile of the configuration is encoded with.
Finding LookAtEncoders(const config::Config& config) {
  const auto needed = transcoder::EncodersOf(LadderOf(config));
  std::string missing;
  for (const std::string& name : needed) {
    if (!transcoder::HasEncoder(name)) missing += (missing.empty() ? "" : ", ") + name;
  }
  if (missing.empty()) {
    return {"encoders", true,
            fmt::format("{} for profile {}", fmt::join(needed, ", "), config.transcode.profile)};
  }
  return {
      "encoders", false,
      fmt::format("FFmpeg has no {}, which profile {} needs", missing, config.transcode.profile)};
}

std::string DescribeSandbox(const config::SandboxConfig& config) {
  if (!config.enabled) return "own process only: sandbox.enabled is false";
  const int landlock = pipeline::LandlockVersion();
  return fmt::format(
      "own process {}, no_new_privs, resource limits, system call filter without files and "
      "sockets, {}",
      geteuid() == 0 ? "as nobody" : "as the server's user",
      landlock > 0 ? fmt::format("Landlock {}", landlock) : "no Landlock in this kernel");
}

// What a worker would be admitted with.
Finding ExamineAdmission(const Installation& installation) {
  const std::string check = "room for tasks";
  const auto limits = AdmissionOptionsOf(installation.config.pipeline);
  const auto free = installation.RoomForTasks();
  if (!free) return {check, false, free.error().message};
  return {check, *free >= limits.low_water,
          fmt::format("{} MiB free, tasks wait below {} MiB until there are {} MiB; together they "
                      "may plan {} MiB of memory",
                      *free >> 20, limits.low_water >> 20,
                      std::max(limits.low_water, limits.high_water) >> 20, limits.memory >> 20)};
}

std::vector<Finding> Examine(const config::Config& config) {
  std::vector<Finding> findings;
  const auto installation = Installation::Open(config);
  if (!installation) {
    findings.push_back({"data directory", false, installation.error().message});
    return findings;
  }
  Installation& opened = **installation;
  findings.push_back({"data directory", true, opened.data.string()});
  const auto cursor = opened.events.Latest();
  findings.push_back(FindingOf("catalog", cursor ? Status() : Status(cursor.error()), "answers"));
  findings.push_back(
      FindingOf("object store", TryStore(*opened.store), "put, get and delete work"));
  const auto index = LookAtIndex(opened);
  findings.push_back(
      {"reference index", index.has_value(), index ? *index : index.error().message});
  const auto free = FreeSpace(opened.data);
  const std::uint64_t low = config.storage.min_free.bytes();
  findings.push_back(
      {"free space", free && *free >= low,
       free ? fmt::format("{} MiB free, uploads are refused below {} MiB", *free >> 20, low >> 20)
            : free.error().message});
  findings.push_back(ExamineAdmission(opened));
  findings.push_back(
      FindingOf("media sandbox", TrySandbox(config, opened.data), DescribeSandbox(config.sandbox)));
  findings.push_back(LookAtEncoders(config));
  return findings;
}

}  // namespace

int Doctor(const config::Config& config, bool json) {
  const std::vector<Finding> findings = Examine(config);
  bool healthy = true;
  std::vector<std::vector<std::string>> rows = {{"CHECK", "STATE", "DETAIL"}};
  auto items = nlohmann::json::array();
  for (const Finding& finding : findings) {
    healthy = healthy && finding.ok;
    rows.push_back({finding.check, finding.ok ? "ok" : "FAILED", finding.detail});
    items.push_back({{"check", finding.check}, {"ok", finding.ok}, {"detail", finding.detail}});
  }
  const Status printed =
      json ? Print("{}\n", items.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace))
           : PrintTable(rows);
  return std::max(ExitStatus(printed), healthy ? 0 : 1);
}

}  // namespace penstock::server
