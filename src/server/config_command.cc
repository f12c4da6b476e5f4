#include <fmt/format.h>

#include "server/commands.h"

namespace penstock::server {

// Whoever gets here has loaded and checked the configuration already.
int CheckConfig(const config::Config&) {
  fmt::print("the configuration is valid\n");
  return 0;
}

int PrintConfig(const config::Config& config) {
  fmt::print("{}", config::DumpConfig(config));
  return 0;
}

}  // namespace penstock::server
