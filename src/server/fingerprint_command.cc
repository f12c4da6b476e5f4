#include <algorithm>

#include "fingerprint/reference_list.h"
#include "server/commands.h"
#include "server/media_file.h"
#include "server/terminal.h"

namespace penstock::server {
namespace {

// The rows of one file, one for each kind of fingerprint that it has content for.
std::string RowsOf(FingerprintedFile file) {
  std::string rows;
  for (media::Fingerprint& fingerprint : file.fingerprints) {
    media::Reference reference;
    reference.holder_key = file.key;
    reference.title = file.title;
    reference.fingerprint = std::move(fingerprint);
    rows += fingerprint::FormatListRow(reference);
  }
  return rows;
}

}  // namespace

int FingerprintFiles(const config::Config& config, const FingerprintArguments& arguments) {
  Status printed = WriteOutput(fingerprint::FormatListHeader(
      {.holder = arguments.holder, .list = arguments.list, .policy = std::nullopt, .full = false}));
  int status = 0;
  for (const std::filesystem::path& path : arguments.files) {
    if (!printed) return PrintFailure(printed.error());
    auto file = FingerprintFile(config, path);
    if (file) {
      printed = WriteOutput(RowsOf(std::move(*file)));
    } else {
      status = PrintFailure(file.error());
    }
  }
  return std::max(ExitStatus(printed), status);
}

}  // namespace penstock::server
