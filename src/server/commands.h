// The subcommands. Each returns the exit status: 0 done, 1 failed (a sentence is on standard
// error), 2 wrong usage.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"

namespace penstock::server {

int Serve(const config::Config& config);
int RunWorker(const config::Config& config);

struct FingerprintArguments {
  std::vector<std::filesystem::path> files;
  std::string holder = "local";
  std::string list = "default";
};
int FingerprintFiles(const config::Config& config, const FingerprintArguments& arguments);

struct MatchArguments {
  std::filesystem::path file;
  std::vector<std::filesystem::path> works;  // empty: the references of the catalog
  bool json = false;
};
int MatchFile(const config::Config& config, const MatchArguments& arguments);

struct ListImportArguments {
  std::filesystem::path file;  // "-": standard input
  std::optional<std::string> holder, list, policy, mode;
  std::optional<std::filesystem::path> signature;
  bool dry_run = false;
  bool json = false;
};
int ImportListFile(const config::Config& config, const ListImportArguments& arguments);
int ShowLists(const config::Config& config, bool json);
int ShowListVersions(const config::Config& config, const std::string& list, bool json);
int ExportListFile(const config::Config& config, const std::string& list, std::int64_t version);
int RollBackList(const config::Config& config, const std::string& list, std::int64_t version);
int DeleteList(const config::Config& config, const std::string& list);
int ShowHolds(const config::Config& config, bool json);
int SettleHold(const config::Config& config, const std::string& reference, bool release);
int SignList(const std::filesystem::path& file, const std::filesystem::path& private_key);
int AddHolderKey(const config::Config& config, const std::string& holder,
                 const std::filesystem::path& public_key);
int ShowHolderKeys(const config::Config& config, bool json);
int RemoveHolderKey(const config::Config& config, const std::string& holder,
                    const std::string& key);

int ShowJobs(const config::Config& config, bool json);
int RetryJob(const config::Config& config, const std::string& asset);
int ShowWorkers(const config::Config& config, bool json);

struct TokenArguments {
  std::optional<std::string> scopes;  // default: all for the operator, else an uploader's
  std::string account = "operator";
  std::string expires = "30d";  // of a token; a link is good for a day
};
int CreateToken(const config::Config& config, const TokenArguments& arguments);
int CreateSignInLink(const config::Config& config, const TokenArguments& arguments);

int Doctor(const config::Config& config, bool json);
int CheckConfig(const config::Config& config);
int PrintConfig(const config::Config& config);

}  // namespace penstock::server
