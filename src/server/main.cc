// The command line: every flag sets a key of the configuration or an argument of one command.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <sstream>

#include "base/log.h"
#include "pipeline/media_task.h"
#include "server/commands.h"
#include "server/terminal.h"

namespace penstock::server {
namespace {

struct CommonFlags {
  std::optional<std::filesystem::path> config;
  std::vector<config::KeyValue> keys;  // in the order of the command line
};

// A flag that is another way to write a key of the configuration.
void AddKeyFlag(CLI::App& command, CommonFlags& flags, const std::string& flag, std::string key,
                const std::string& help) {
  command
      .add_option_function<std::vector<std::string>>(
          flag,
          [&flags, flag, key = std::move(key)](const std::vector<std::string>& values) {
            if (values.size() > 1) throw CLI::ValidationError(flag, "is given more than once");
            flags.keys.emplace_back(key, values.front());
          },
          help)
      ->allow_extra_args(false);
}

void AddCommonFlags(CLI::App& command, CommonFlags& flags) {
  command.add_option("--config", flags.config, "Configuration file (TOML)");
  AddKeyFlag(command, flags, "--data", "storage.data",
             "Directory of everything that is kept [data]");
  command
      .add_option_function<std::vector<std::string>>(
          "--set",
          [&flags](const std::vector<std::string>& values) {
            for (const std::string& value : values) {
              const std::size_t equals = value.find('=');
              if (equals == std::string::npos)
                throw CLI::ValidationError("--set", "wants KEY=VALUE");
              flags.keys.emplace_back(value.substr(0, equals), value.substr(equals + 1));
            }
          },
          "Set any key of the configuration: section.key=value")
      ->allow_extra_args(false);
}

Result<config::Config> LoadedConfig(const CommonFlags& flags) {
  PENSTOCK_TRY(config::Config config, config::LoadConfig(flags.config, flags.keys));
  PENSTOCK_TRY(const LogLevel level, ParseLogLevel(config.log.level));
  SetLogLevel(level);
  return config;
}

// Also of --help and --version, which end well.
int ExplainUsage(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream help;
  std::ostringstream complaint;
  if (app.exit(error, help, complaint) == 0) return ExitStatus(WriteOutput(help.str()));
  std::string text = complaint.str();
  // Of a command that it does not know, CLI11 says only that one is missing.
  const std::vector<std::string> unknown = app.remaining(/*recurse=*/true);
  if (!unknown.empty()) {
    text = "penstock: \"" + unknown.front() + "\" is not known here; --help tells what is\n";
  }
  std::fputs(text.c_str(), stderr);
  return 2;
}

// Commands whose standard output is data keep the log to what matters.
enum class Logging { kAsConfigured, kQuiet };

int Main(int argc, char** argv) {
  CLI::App app("Penstock: media streaming and sharing with rights matching", "penstock");
  app.require_subcommand(1);
  app.set_version_flag("--version", PENSTOCK_VERSION);

  CommonFlags flags;
  std::function<int(const config::Config&)> run;
  Logging logging = Logging::kQuiet;
  const auto on = [&](CLI::App* command, std::function<int(const config::Config&)> action) {
    AddCommonFlags(*command, flags);
    command->callback([&run, action = std::move(action)] { run = action; });
  };

  CLI::App* serve = app.add_subcommand("serve", "Run the whole product: API, delivery, pipeline");
  AddKeyFlag(*serve, flags, "--listen", "server.listen", "Address and port [127.0.0.1:8080]");
  on(serve, [&](const config::Config& config) { return Serve(config); });

  CLI::App* worker =
      app.add_subcommand("worker", "Run the pipeline only, beside a server on the same data");
  on(worker, [&](const config::Config& config) { return RunWorker(config); });

  FingerprintArguments fingerprint;
  CLI::App* fingerprints =
      app.add_subcommand("fingerprint", "Print a reference list (NDJSON) of media files");
  fingerprints->add_option("files", fingerprint.files, "Media files")->required();
  fingerprints->add_option("--holder", fingerprint.holder, "Rights holder [local]");
  fingerprints->add_option("--list", fingerprint.list, "Name of the list [default]");
  on(fingerprints,
     [&](const config::Config& config) { return FingerprintFiles(config, fingerprint); });

  MatchArguments match;
  CLI::App* matches = app.add_subcommand(
      "match", "Show what a media file has in common with the references, or with other files");
  matches->add_option("file", match.file, "Media file")->required();
  matches->add_option("works", match.works, "Media files to match with [the references]");
  matches->add_flag("--json", match.json, "Print JSON");
  on(matches, [&](const config::Config& config) { return MatchFile(config, match); });

  CLI::App* lists = app.add_subcommand("lists", "Reference lists of rights holders");
  lists->require_subcommand(1);
  ListImportArguments import;
  const auto add_import = [&](const char* name, const char* help) {
    CLI::App* command = lists->add_subcommand(name, help);
    command->add_option("file", import.file, "List file, or - for standard input")->required();
    command->add_option("--policy", import.policy, "allow, track, review or block");
    command->add_option("--holder", import.holder, "Rights holder");
    command->add_option("--list", import.list, "Name of the list");
    command->add_option("--mode", import.mode, "full (replace the list) or delta (add to it)");
    command->add_option("--signature", import.signature, "File that holds the list's signature");
    command->add_flag("--json", import.json, "Print the receipt as JSON");
    on(command, [&](const config::Config& config) { return ImportListFile(config, import); });
    return command;
  };
  add_import("import", "Import a list and print its receipt");
  const CLI::App* lists_test =
      add_import("test", "Print the receipt that a list would get, and change nothing");
  bool json = false;
  CLI::App* lists_show = lists->add_subcommand("show", "Show all lists");
  lists_show->add_flag("--json", json, "Print JSON");
  on(lists_show, [&](const config::Config& config) { return ShowLists(config, json); });
  std::string list;
  CLI::App* lists_versions = lists->add_subcommand("versions", "Show the versions of a list");
  lists_versions->add_option("list", list, "Id of the list")->required();
  lists_versions->add_flag("--json", json, "Print JSON");
  on(lists_versions,
     [&](const config::Config& config) { return ShowListVersions(config, list, json); });
  std::int64_t version = 0;
  CLI::App* lists_export = lists->add_subcommand("export", "Print a list as it can be imported");
  lists_export->add_option("list", list, "Id of the list")->required();
  lists_export->add_option("--version", version, "One of its kept versions [the active one]");
  on(lists_export,
     [&](const config::Config& config) { return ExportListFile(config, list, version); });
  CLI::App* lists_rollback = lists->add_subcommand("rollback", "Go back to a version of a list");
  lists_rollback->add_option("list", list, "Id of the list")->required();
  lists_rollback->add_option("--to", version, "The version that shall match again")->required();
  on(lists_rollback,
     [&](const config::Config& config) { return RollBackList(config, list, version); });
  CLI::App* lists_delete = lists->add_subcommand("delete", "Delete a list: it stops matching");
  lists_delete->add_option("list", list, "Id of the list")->required();
  on(lists_delete, [&](const config::Config& config) { return DeleteList(config, list); });

  CLI::App* lists_holds =
      lists->add_subcommand("holds", "Show references that another holder has too");
  lists_holds->add_flag("--json", json, "Print JSON");
  on(lists_holds, [&](const config::Config& config) { return ShowHolds(config, json); });
  std::string reference;
  CLI::App* lists_release =
      lists->add_subcommand("release", "Let a reference match beside the other holder's");
  lists_release->add_option("reference", reference, "Id of the reference")->required();
  on(lists_release,
     [&](const config::Config& config) { return SettleHold(config, reference, true); });
  CLI::App* lists_reject = lists->add_subcommand("reject", "Never let a reference on hold match");
  lists_reject->add_option("reference", reference, "Id of the reference")->required();
  on(lists_reject,
     [&](const config::Config& config) { return SettleHold(config, reference, false); });
  std::filesystem::path file;
  std::filesystem::path key_file;
  CLI::App* lists_sign = lists->add_subcommand("sign", "Print the signature of a list file");
  lists_sign->add_option("file", file, "List file")->required();
  lists_sign->add_option("--key", key_file, "Private key of Ed25519 (PEM)")->required();
  on(lists_sign, [&](const config::Config&) { return SignList(file, key_file); });
  CLI::App* keys = lists->add_subcommand("keys", "Keys with which rights holders sign lists");
  keys->require_subcommand(1);
  std::string holder;
  std::string key;
  CLI::App* keys_add = keys->add_subcommand(
      "add", "Register a holder's key: from now on, only signed lists are taken in his name");
  keys_add->add_option("holder", holder, "Rights holder")->required();
  keys_add->add_option("file", key_file, "Public key of Ed25519 (PEM)")->required();
  on(keys_add,
     [&](const config::Config& config) { return AddHolderKey(config, holder, key_file); });
  CLI::App* keys_list = keys->add_subcommand("list", "Show all keys");
  keys_list->add_flag("--json", json, "Print JSON");
  on(keys_list, [&](const config::Config& config) { return ShowHolderKeys(config, json); });
  CLI::App* keys_remove = keys->add_subcommand("remove", "Remove a holder's key");
  keys_remove->add_option("holder", holder, "Rights holder")->required();
  keys_remove->add_option("key", key, "Id of the key")->required();
  on(keys_remove,
     [&](const config::Config& config) { return RemoveHolderKey(config, holder, key); });

  CLI::App* jobs = app.add_subcommand("jobs", "Assets on their way through the pipeline");
  jobs->require_subcommand(1);
  CLI::App* jobs_list = jobs->add_subcommand("list", "List what is under way or has failed");
  jobs_list->add_flag("--json", json, "Print JSON");
  on(jobs_list, [&](const config::Config& config) { return ShowJobs(config, json); });
  std::string asset;
  CLI::App* jobs_retry = jobs->add_subcommand("retry", "Try a failed asset again");
  jobs_retry->add_option("asset", asset, "Id of the asset")->required();
  on(jobs_retry, [&](const config::Config& config) { return RetryJob(config, asset); });

  CLI::App* workers = app.add_subcommand("workers", "Workers that are alive and what each does");
  workers->add_flag("--json", json, "Print JSON");
  on(workers, [&](const config::Config& config) { return ShowWorkers(config, json); });

  CLI::App* tokens = app.add_subcommand("token", "Tokens for the API and sign-in links");
  tokens->require_subcommand(1);
  TokenArguments token;
  CLI::App* token_create = tokens->add_subcommand("create", "Create a token and print it");
  CLI::App* token_link = tokens->add_subcommand("sign-in", "Print a sign-in link that works once");
  for (CLI::App* command : {token_create, token_link}) {
    command->add_option("--account", token.account, "Account that it acts for [operator]");
    command->add_option("--scopes", token.scopes,
                        "Comma-separated scopes, * for all [operator: *, others: an uploader's]");
  }
  token_create->add_option("--expires", token.expires, "Lifetime, such as 12h or 30d [30d]");
  on(token_create, [&](const config::Config& config) { return CreateToken(config, token); });
  on(token_link, [&](const config::Config& config) { return CreateSignInLink(config, token); });

  CLI::App* doctor = app.add_subcommand("doctor", "Try what an installation needs");
  doctor->add_flag("--json", json, "Print JSON");
  on(doctor, [&](const config::Config& config) { return Doctor(config, json); });

  CLI::App* configs = app.add_subcommand("config", "The configuration");
  configs->require_subcommand(1);
  on(configs->add_subcommand("check", "Check the configuration"),
     [&](const config::Config& config) { return CheckConfig(config); });
  on(configs->add_subcommand("print", "Print every key with its value"),
     [&](const config::Config& config) { return PrintConfig(config); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return ExplainUsage(app, error);
  }
  import.dry_run = lists_test->parsed();
  if (serve->parsed() || worker->parsed()) logging = Logging::kAsConfigured;
  const auto config = LoadedConfig(flags);
  if (!config) {
    PrintFailure(config.error());
    return 2;
  }
  if (logging == Logging::kQuiet && config->log.level != "debug") SetLogLevel(LogLevel::kError);
  return run(*config);
}

}  // namespace
}  // namespace penstock::server

int main(int argc, char** argv) {
  // Started by ourselves only, with descriptors in place: no command line to parse, nothing to
  // load.
  if (argc == 2 && std::string_view(argv[1]) == "media-task") {
    return penstock::pipeline::RunMediaTask();
  }
  // A client or a media task that hangs up is an error of that write, not the end of the program.
  signal(SIGPIPE, SIG_IGN);
  return penstock::server::Main(argc, argv);
}
