#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "fingerprint/reference_list.h"
#include "server/commands.h"
#include "server/media_file.h"
#include "server/terminal.h"

namespace penstock::server {
namespace {

// For the person who waits; a program reads the list only.
void PrintSpeed(const std::filesystem::path& path, const FingerprintedFile& file) {
  if (isatty(STDERR_FILENO) != 1) return;
  const double seconds = media::ToSeconds(file.duration);
  fmt::print(stderr, "{}: {:.1f} s of media in {:.1f} s, {:.0f} x realtime\n", path.string(),
             seconds, file.took.count(), seconds / file.took.count());
}

// The rows of one file, one for each fingerprint.
std::string RowsOf(FingerprintedFile file) {
  std::string rows;
  const std::vector<std::string> keys = WorkKeys(file);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    media::Fingerprint& fingerprint = file.fingerprints[i];
    media::Reference reference;
    reference.holder_key = keys[i];
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
      PrintSpeed(path, *file);
      printed = WriteOutput(RowsOf(std::move(*file)));
    } else {
      status = PrintFailure(file.error());
    }
  }
  return std::max(ExitStatus(printed), status);
}

}  // namespace penstock::server
