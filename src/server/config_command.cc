#include "server/commands.h"
#include "server/terminal.h"

namespace penstock::server {

// Whoever gets here has loaded and checked the configuration already.
int CheckConfig(const config::Config&) { return ExitStatus(Print("the configuration is valid\n")); }

int PrintConfig(const config::Config& config) {
  return ExitStatus(WriteOutput(config::DumpConfig(config)));
}

}  // namespace penstock::server
