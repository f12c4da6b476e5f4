#include <memory>

#include "base/log.h"
#include "cluster/local_queue.h"
#include "server/commands.h"
#include "server/installation.h"
#include "server/pipeline_settings.h"
#include "server/signals.h"
#include "server/terminal.h"
#include "server/workbench.h"

namespace penstock::server {
namespace {

// The queue is of this process; what other processes hand in is found in the catalog by the
// sweeper.
Status Run(const config::Config& config, const StopSignals& signals) {
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  cluster::LocalQueue queue;
  pipeline::AdmissionOptions limits = AdmissionOptionsOf(config.pipeline);
  limits.free_space = [&installation] { return installation->RoomForTasks(); };
  pipeline::Admission admission(std::move(limits));
  PENSTOCK_TRY(const auto workbench, Workbench::Start(*installation, queue, admission, {}));
  LogInfo("worker.started", {{"data", installation->data.string()}});
  const int signal = signals.Wait();
  LogInfo("worker.stopping", {{"signal", signal}});
  workbench->Stop();
  return {};
}

}  // namespace

int RunWorker(const config::Config& config) {
  const StopSignals signals;
  return ExitStatus(Run(config, signals));
}

}  // namespace penstock::server
