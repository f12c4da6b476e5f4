#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "api/json_mapping.h"
#include "api/list_export.h"
#include "api/list_import.h"
#include "base/file.h"
#include "server/commands.h"
#include "server/installation.h"
#include "server/terminal.h"

namespace penstock::server {
namespace {

constexpr std::size_t kPieceBytes = 256 << 10;
constexpr std::uint64_t kMostSignatureBytes = 4096;

Result<api::ListOverrides> OverridesOf(const ListImportArguments& arguments) {
  api::ListOverrides overrides;
  overrides.holder = arguments.holder;
  overrides.list = arguments.list;
  overrides.fallback_holder = "local";
  if (arguments.policy) {
    PENSTOCK_TRY(overrides.policy, media::ParsePolicy(*arguments.policy));
  }
  if (arguments.mode) {
    if (*arguments.mode != "full" && *arguments.mode != "delta") {
      return Error(ErrorKind::kInvalidArgument, "invalid_mode", "the mode is not known")
          .At("mode", "full or delta");
    }
    overrides.full = *arguments.mode == "full";
  }
  return overrides;
}

std::string ReceiptText(const api::ImportedList& imported) {
  const auto& [receipt, list, dry_run] = imported;
  std::string text = fmt::format(
      "{}list {} \"{}\" of {}, policy {}, version {}: {} accepted, {} rejected\n",
      dry_run ? "nothing is changed: it would be " : "", list.id.empty() ? "(new)" : list.id.text(),
      list.name, list.holder, media::PolicyName(list.policy), receipt.version, receipt.accepted,
      receipt.rejected);
  for (const media::ReceiptRow& row : receipt.rows) {
    if (row.accepted) {
      text += fmt::format("line {}: accepted {} \"{}\"\n", row.line, row.reference, row.title);
    } else {
      text += fmt::format("line {}: rejected ({}): {}\n", row.line, row.code, row.reason);
    }
  }
  return text;
}

// Gives the import the file, or standard input, and tells how far it has come.
Status FeedFile(const std::filesystem::path& file, api::ListImport& import) {
  UniqueFd opened;
  int fd = STDIN_FILENO;
  std::uint64_t size = 0;
  if (file != "-") {
    PENSTOCK_TRY(opened, OpenFile(file, O_RDONLY));
    fd = opened.get();
    PENSTOCK_TRY(size, FileSize(fd));
  }
  Progress progress("importing", "rows", size);
  std::string piece(kPieceBytes, '\0');
  std::uint64_t done = 0;
  while (true) {
    const ssize_t count = read(fd, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoError("read " + file.string());
    if (count == 0) return {};
    PENSTOCK_CHECK(import.Feed(std::string_view(piece).substr(0, static_cast<std::size_t>(count))));
    done += static_cast<std::uint64_t>(count);
    progress.Show(done, import.rows());
  }
}

Status Import(const config::Config& config, const ListImportArguments& arguments) {
  api::ImportOptions options;
  PENSTOCK_TRY(options.overrides, OverridesOf(arguments));
  options.dry_run = arguments.dry_run;
  options.limits.max_rows = static_cast<std::size_t>(config.lists.max_rows);
  if (arguments.signature) {
    PENSTOCK_TRY(options.signature, ReadFile(*arguments.signature, kMostSignatureBytes));
  }
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  api::ListImport import(std::move(options), installation->references, installation->holder_keys);
  PENSTOCK_CHECK(FeedFile(arguments.file, import));
  PENSTOCK_TRY(const auto imported, import.Finish());
  return WriteOutput(arguments.json ? api::ReceiptJson(imported) + "\n" : ReceiptText(imported));
}

Status Show(const config::Config& config, bool json) {
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  PENSTOCK_TRY(const auto lists, installation->references.Lists());
  std::vector<std::vector<std::string>> rows = {
      {"LIST", "HOLDER", "NAME", "POLICY", "VERSION", "REFERENCES"}};
  auto items = nlohmann::json::array();
  for (const media::ReferenceList& list : lists) {
    rows.push_back({list.id.text(), list.holder, list.name,
                    std::string(media::PolicyName(list.policy)), std::to_string(list.version),
                    std::to_string(list.reference_count)});
    items.push_back({{"id", list.id.text()},
                     {"holder", list.holder},
                     {"name", list.name},
                     {"policy", media::PolicyName(list.policy)},
                     {"version", list.version},
                     {"reference_count", list.reference_count}});
  }
  return json ? Print("{}\n", items.dump()) : PrintTable(rows);
}

Status ShowVersions(const config::Config& config, const std::string& list, bool json) {
  PENSTOCK_TRY(const auto id, media::ListId::Parse(list));
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  PENSTOCK_TRY(const auto versions, installation->references.Versions(id));
  std::vector<std::vector<std::string>> rows = {
      {"VERSION", "CREATED", "ACCEPTED", "REJECTED", "REFERENCES", "SIGNED BY", "STATE"}};
  auto items = nlohmann::json::array();
  for (const media::ListVersion& version : versions) {
    rows.push_back({std::to_string(version.version), FormatRfc3339(version.created),
                    std::to_string(version.accepted), std::to_string(version.rejected),
                    std::to_string(version.references),
                    version.signed_by.empty() ? "-" : version.signed_by,
                    version.active      ? "active"
                    : version.available ? "kept"
                                        : "receipt only"});
    items.push_back(api::ToJson(version));
  }
  return json ? Print("{}\n", items.dump()) : PrintTable(rows);
}

Status Export(const config::Config& config, const std::string& list, std::int64_t version) {
  PENSTOCK_TRY(const auto id, media::ListId::Parse(list));
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  return api::ExportList(id, version, installation->references, WriteOutput);
}

Status RollBack(const config::Config& config, const std::string& list, std::int64_t version) {
  PENSTOCK_TRY(const auto id, media::ListId::Parse(list));
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  return installation->references.Rollback(id, version);
}

Status Delete(const config::Config& config, const std::string& list) {
  PENSTOCK_TRY(const auto id, media::ListId::Parse(list));
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  return installation->references.DeleteList(id);
}

}  // namespace

int ImportListFile(const config::Config& config, const ListImportArguments& arguments) {
  auto done = Import(config, arguments);
  if (!done) {
    return PrintFailure(
        std::move(done.error()).Within(arguments.dry_run ? "test list" : "import list"));
  }
  return 0;
}

int ShowLists(const config::Config& config, bool json) { return ExitStatus(Show(config, json)); }

int ShowListVersions(const config::Config& config, const std::string& list, bool json) {
  return ExitStatus(ShowVersions(config, list, json));
}

int ExportListFile(const config::Config& config, const std::string& list, std::int64_t version) {
  return ExitStatus(Export(config, list, version));
}

int RollBackList(const config::Config& config, const std::string& list, std::int64_t version) {
  return ExitStatus(RollBack(config, list, version));
}

int DeleteList(const config::Config& config, const std::string& list) {
  return ExitStatus(Delete(config, list));
}

}  // namespace penstock::server
