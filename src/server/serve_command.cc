#include <sys/resource.h>

#include <algorithm>
#include <memory>

#include "access/principal.h"
#include "api/assets.h"
#include "api/endpoint.h"
#include "api/event_feed.h"
#include "api/events.h"
#include "api/health.h"
#include "api/holder_keys.h"
#include "api/holds.h"
#include "api/metrics.h"
#include "api/operations.h"
#include "api/reference_lists.h"
#include "api/sessions.h"
#include "api/text_tracks.h"
#include "api/verdicts.h"
#include "api/web_files.h"
#include "api/web_pages.h"
#include "base/executor.h"
#include "base/file.h"
#include "base/log.h"
#include "cluster/local_queue.h"
#include "delivery/playback_handler.h"
#include "http/server.h"
#include "server/commands.h"
#include "server/installation.h"
#include "server/listen_address.h"
#include "server/maintenance.h"
#include "server/pipeline_settings.h"
#include "server/server_lock.h"
#include "server/sign_in_link.h"
#include "server/signals.h"
#include "server/terminal.h"
#include "server/workbench.h"
#include "upload/upload_routes.h"
#include "upload/upload_store.h"

namespace penstock::server {
namespace {

// Disk and SQL block; a thread more than the cores costs little and keeps the others answering.
constexpr unsigned kExecutorThreads = 8;

access::TokenLookup LookupIn(catalog::Accounts& accounts) {
  return [&accounts](access::TokenKind kind,
                     const std::string& hash) -> Result<std::optional<access::Principal>> {
    PENSTOCK_TRY(const auto token,
                 accounts.FindToken(std::string(access::TokenKindName(kind)), hash));
    if (!token) return std::optional<access::Principal>();
    PENSTOCK_TRY(const auto account, accounts.Get(token->account));
    PENSTOCK_TRY(auto scopes, access::ParseScopes(token->scopes));
    return std::optional<access::Principal>(
        access::Principal{account.id.text(), account.name, std::move(scopes)});
  };
}

// The built pages: where the configuration says, else in the source tree or beside an installed
// program, else none.
Result<api::WebFiles> LoadWebFiles(const std::string& configured) {
  if (!configured.empty()) return api::WebFiles::Load(configured);
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const char* root : {"../../web/dist", "../share/penstock/web"}) {
    auto files = api::WebFiles::Load(program / root);
    if (files) return std::move(*files);
  }
  LogWarning("web.missing", {{"looked_beside", program.string()}});
  return api::WebFiles();
}

std::vector<api::ReadinessCheck> ReadinessOf(Installation& installation) {
  return {{"catalog",
           [&installation]() -> Status {
             PENSTOCK_CHECK(installation.events.Latest());
             return {};
           }},
          // Being ready is about taking uploads; what is there is played on a full disk, too.
          {"free_space", [&installation]() -> Status {
             PENSTOCK_TRY(const std::uint64_t free, FreeSpace(installation.data));
             if (free >= installation.config.storage.min_free.bytes()) return {};
             return Error(ErrorKind::kOutOfSpace,
                          fmt::format("{} MiB are free, less than storage.min_free", free >> 20));
           }}};
}

http::ServerOptions ServerOptionsOf(const config::ServerConfig& config,
                                    const ListenAddress& address) {
  http::ServerOptions options;
  options.address = address.host;
  options.port = address.port;
  options.max_connections = static_cast<unsigned>(config.max_connections);
  options.max_connections_per_address = static_cast<unsigned>(config.max_connections_per_address);
  options.body_timeout = config.body_timeout.millis();
  options.min_body_rate = config.min_body_rate.bytes();
  return options;
}

// A connection is a descriptor, and the pipeline and the catalog need some of their own.
void RaiseDescriptorLimit(std::int64_t connections) {
  constexpr rlim_t kOwn = 512;
  const rlim_t wanted = static_cast<rlim_t>(connections) * 2 + kOwn;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::max(limit.rlim_cur, std::min(wanted, limit.rlim_max));
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < wanted) {
    LogWarning("server.few_descriptors", {{"limit", limit.rlim_cur}, {"wanted", wanted}});
  }
}

void Count(const pipeline::StepReport& report, catalog::Assets& assets, api::Metrics& metrics) {
  metrics.TaskFinished(report.stage, report.outcome,
                       std::chrono::duration<double>(report.duration).count());
  if (report.outcome != "done") return;
  if (report.stage == media::Stage::kFingerprint) {
    const auto info = assets.GetMediaInfo(report.asset);
    if (info && *info) metrics.MediaFingerprinted(media::ToSeconds((*info)->duration));
  } else if (report.stage == media::Stage::kDecide) {
    const auto asset = assets.Get(report.asset);
    if (asset && asset->rights != media::RightsState::kPending) metrics.AssetDecided(asset->rights);
  }
}

void AddGauges(api::Metrics& metrics, cluster::JobQueue& queue, Installation& home) {
  metrics.AddGauge("penstock_queue_jobs", "Jobs that wait in the queue.", [&queue] {
    const auto size = queue.Size();
    return size ? static_cast<double>(*size) : 0.0;
  });
  metrics.AddGauge("penstock_references_on_hold",
                   "References that wait since another holder has the same work.", [&home] {
                     const auto count = home.holds.Count();
                     return count ? static_cast<double>(*count) : 0.0;
                   });
  metrics.AddGauge("penstock_lists", "Reference lists.", [&home] {
    const auto lists = home.references.Lists();
    return lists ? static_cast<double>(lists->size()) : 0.0;
  });
  metrics.AddGauge("penstock_references", "References that match.", [&home] {
    const auto lists = home.references.Lists();
    std::int64_t total = 0;
    if (!lists) return 0.0;
    for (const media::ReferenceList& list : *lists) total += list.reference_count;
    return static_cast<double>(total);
  });
  metrics.AddGauge("penstock_rechecks_waiting",
                   "Assets that are to be compared with changed lists.", [&home] {
                     const auto progress = home.rechecks.Progress();
                     return progress ? static_cast<double>(progress->waiting) : 0.0;
                   });
}

void AddGauges(api::Metrics& metrics, pipeline::Admission& admission) {
  metrics.AddGauge("penstock_worker_paused",
                   "1 while tasks that write wait for room on the disk, else 0.",
                   [&admission] { return admission.Paused() ? 1.0 : 0.0; });
  metrics.AddGauge("penstock_worker_free_bytes",
                   "Free disk where scratch files and objects lie, of the fuller one.",
                   [&admission] { return static_cast<double>(admission.Look().free); });
  metrics.AddGauge("penstock_worker_memory_budget_bytes",
                   "Memory that the tasks of this process may plan together.",
                   [&admission] { return static_cast<double>(admission.options().memory); });
  metrics.AddGauge("penstock_worker_memory_planned_bytes",
                   "Memory that the running tasks have planned.",
                   [&admission] { return static_cast<double>(admission.Look().memory); });
  metrics.AddGauge("penstock_worker_tasks_waiting",
                   "Tasks that have a worker and wait for memory or room on the disk.",
                   [&admission] { return static_cast<double>(admission.Look().waiting); });
}

// Everything in order; torn down in reverse.
Status Run(const config::Config& config, const StopSignals& signals) {
  PENSTOCK_TRY(const ListenAddress address, ParseListenAddress(config.server.listen));
  RaiseDescriptorLimit(config.server.max_connections);
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  Installation& home = *installation;
  PENSTOCK_TRY(const ServerLock lock, ServerLock::Take(home.data));
  cluster::LocalQueue queue;
  pipeline::AdmissionOptions limits = AdmissionOptionsOf(config.pipeline);
  limits.free_space = [&home] { return home.RoomForTasks(); };
  pipeline::Admission admission(std::move(limits));
  api::Metrics metrics(PENSTOCK_VERSION);
  AddGauges(metrics, queue, home);
  AddGauges(metrics, admission);
  const access::Authenticator authenticator(LookupIn(home.accounts));
  PENSTOCK_TRY(const auto uploads,
               upload::UploadStore::Open(home.uploads, *home.store, queue, home.clock,
                                         {.staging = home.data / "uploads",
                                          .max_size = config.upload.max_size.bytes(),
                                          .expire_after = config.upload.expire_after.millis(),
                                          .min_free = config.storage.min_free.bytes(),
                                          .completed = [&metrics](std::uint64_t bytes) {
                                            metrics.UploadCompleted(bytes);
                                          }}));
  PENSTOCK_CHECK(uploads->Recover());

  PENSTOCK_TRY(const api::WebFiles web, LoadWebFiles(config.server.web_root));
  api::EventFeed feed(home.events);
  const api::Dependencies dependencies{.authenticator = authenticator,
                                       .accounts = home.accounts,
                                       .assets = home.assets,
                                       .tasks = home.tasks,
                                       .references = home.references,
                                       .holder_keys = home.holder_keys,
                                       .rechecks = home.rechecks,
                                       .holds = home.holds,
                                       .events = home.events,
                                       .workers = home.workers,
                                       .queue = queue,
                                       .store = *home.store,
                                       .clock = home.clock,
                                       .metrics = metrics,
                                       .list_rows = static_cast<std::size_t>(config.lists.max_rows),
                                       .list_bytes = config.lists.max_size.bytes(),
                                       .text_track_bytes = config.text_tracks.max_size.bytes(),
                                       .public_url = address.port == 0
                                                         ? config.server.public_url
                                                         : PublicUrl(config.server, address)};
  delivery::PlaybackHandler playback(home.assets, *home.store, authenticator, home.clock);
  http::Router router;
  api::ShareWithOtherOrigins(router);
  upload::RegisterUploadRoutes(router, *uploads, authenticator);
  api::RegisterSessions(router, dependencies);
  api::RegisterTextTracks(router, dependencies);
  api::RegisterAssets(router, dependencies);
  api::RegisterVerdicts(router, dependencies);
  api::RegisterReferenceLists(router, dependencies);
  api::RegisterHolderKeys(router, dependencies);
  api::RegisterHolds(router, dependencies);
  api::RegisterEvents(router, dependencies, feed);
  api::RegisterOperations(router, dependencies);
  api::RegisterHealth(router, ReadinessOf(home), metrics);
  api::RegisterWebPages(router, dependencies, web);
  playback.Register(router);

  PENSTOCK_TRY(
      const auto workbench,
      Workbench::Start(
          home, queue, admission,
          {.step = [&](const pipeline::StepReport& report) { Count(report, home.assets, metrics); },
           .recheck = [&](std::string_view outcome) { metrics.AssetRechecked(outcome); },
           .index =
               [&metrics](const fingerprint::ReferenceIndex::Extent& extent) {
                 metrics.IndexMeasured(extent);
               }}));
  const Maintenance maintenance(home, *uploads);
  Executor executor(kExecutorThreads);
  PENSTOCK_TRY(const auto server,
               http::Server::Start(ServerOptionsOf(config.server, address), router, executor,
                                   [&metrics](const http::Exchange& exchange) {
                                     metrics.ObserveExchange(exchange);
                                   }));
  // The port is the system's choice when 0 was asked for.
  const std::string url = PublicUrl(config.server, {address.host, server->port()});
  PENSTOCK_CHECK(lock.Announce(url));
  PENSTOCK_TRY(const std::string link,
               MakeSignInLink(home, std::string(access::kOperator),
                              access::DefaultScopes(access::kOperator), url));
  // A mistyped directory would otherwise look like lost data.
  if (home.is_new) PENSTOCK_CHECK(Print("New installation made at {}\n", home.data.string()));
  PENSTOCK_CHECK(Print("Penstock is at {}\nSign in (once): {}\n", url, link));
  LogInfo("server.started", {{"url", url}, {"data", home.data.string()}});

  const int signal = signals.Wait();
  LogInfo("server.stopping", {{"signal", signal}});
  server->Stop(config.server.drain_timeout.millis());
  workbench->Stop();
  LogInfo("server.stopped");
  return {};
}

}  // namespace

int Serve(const config::Config& config) {
  const StopSignals signals;
  return ExitStatus(Run(config, signals));
}

}  // namespace penstock::server
