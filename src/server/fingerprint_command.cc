#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <cstdio>

#include "base/encoding.h"
#include "base/file.h"
#include "base/sha256.h"
#include "fingerprint/reference_list.h"
#include "pipeline/media_task.h"
#include "server/commands.h"
#include "server/pipeline_settings.h"
#include "server/terminal.h"

namespace penstock::server {
namespace {

// The work's key in the list: stable, so that importing the list again replaces the row.
Result<std::string> ContentKey(int fd) {
  Sha256 hash;
  std::array<char, 64 * 1024> block;
  off_t at = 0;
  while (true) {
    const ssize_t got = pread(fd, block.data(), block.size(), at);
    if (got < 0) return ErrnoError("read file");
    if (got == 0) return hash.FinishHex().substr(0, 32);
    hash.Update(std::as_bytes(std::span(block).first(static_cast<std::size_t>(got))));
    at += got;
  }
}

// The rows of one file, one for each kind of fingerprint that it has content for.
Result<std::string> RowsOf(const config::Config& config, const std::filesystem::path& file) {
  PENSTOCK_TRY(const UniqueFd fd, OpenFile(file, O_RDONLY));
  PENSTOCK_TRY(const std::string key, ContentKey(fd.get()));
  const transcoder::Limits limits = LimitsOf(config.sandbox);
  const pipeline::SandboxOptions inspect = InspectSandboxOf(config.sandbox);
  const pipeline::SandboxOptions sandbox = SandboxOf(config.sandbox);
  PENSTOCK_TRY(const auto info, pipeline::InspectMedia({.sandbox = inspect,
                                                        .limits = limits,
                                                        .source = fd.get(),
                                                        .progress = {},
                                                        .cancelled = {}}));
  PENSTOCK_TRY(auto fingerprints, pipeline::FingerprintMedia({.sandbox = sandbox,
                                                              .limits = limits,
                                                              .source = fd.get(),
                                                              .progress = {},
                                                              .cancelled = {}},
                                                             info));
  if (fingerprints.empty()) {
    return Error(ErrorKind::kUnsupported, "nothing_to_fingerprint",
                 "the file has no sound or picture that is long and rich enough");
  }
  std::string rows;
  for (media::Fingerprint& fingerprint : fingerprints) {
    media::Reference reference;
    reference.holder_key = key;
    reference.title = file.stem().string();
    if (!IsUtf8Text(reference.title)) reference.title = key;
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
  for (const std::filesystem::path& file : arguments.files) {
    auto rows = RowsOf(config, file);
    if (rows) {
      fmt::print("{}", *rows);
      std::fflush(stdout);
    } else {
      status = PrintFailure(std::move(rows.error()).Within(file.string()));
    }
  }
  return status;
}

}  // namespace penstock::server
