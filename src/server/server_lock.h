// That one server alone runs on a data directory, and where it is reached.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace penstock::server {

// Held for the life of the server: two would sweep each other's unfinished uploads. The kernel lets
// it go with the process.
class ServerLock {
 public:
  // Errors: kConflict code "data_directory_in_use" while another process holds it.
  static Result<ServerLock> Take(const std::filesystem::path& data);

  // Tells the commands of other processes how browsers reach this server.
  Status Announce(std::string_view url) const;

 private:
  explicit ServerLock(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

// What the server that runs on the directory has announced; nullopt when none runs.
Result<std::optional<std::string>> UrlOfRunningServer(const std::filesystem::path& data);

}  // namespace penstock::server
