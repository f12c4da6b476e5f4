#include <fmt/format.h>

#include <cstdio>

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
  fmt::print("{}", fingerprint::FormatListHeader({.holder = arguments.holder,
                                                  .list = arguments.list,
                                                  .policy = std::nullopt,
                                                  .full = false}));
  int status = 0;
  for (const std::filesystem::path& path : arguments.files) {
    auto file = FingerprintFile(config, path);
    if (file) {
      fmt::print("{}", RowsOf(std::move(*file)));
      std::fflush(stdout);
    } else {
      status = PrintFailure(file.error());
    }
  }
  return status;
}

}  // namespace penstock::server
