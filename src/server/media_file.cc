#include "server/media_file.h"

#include <fcntl.h>

#include <array>
#include <map>

#include "base/encoding.h"
#include "base/file.h"
#include "base/sha256.h"
#include "pipeline/media_task.h"
#include "server/pipeline_settings.h"

namespace penstock::server {
namespace {

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

Result<FingerprintedFile> Fingerprinted(const config::Config& config,
                                        const std::filesystem::path& file) {
  PENSTOCK_TRY(const UniqueFd fd, OpenFile(file, O_RDONLY));
  FingerprintedFile result;
  PENSTOCK_TRY(result.key, ContentKey(fd.get()));
  result.title = file.stem().string();
  if (!IsPlainText(result.title)) result.title = result.key;
  const transcoder::Limits limits = LimitsOf(config.sandbox);
  const pipeline::SandboxOptions inspect = InspectSandboxOf(config.sandbox);
  const pipeline::SandboxOptions sandbox = SandboxOf(config.sandbox);
  PENSTOCK_TRY(const auto info, pipeline::InspectMedia({.sandbox = inspect,
                                                        .limits = limits,
                                                        .source = fd.get(),
                                                        .progress = {},
                                                        .cancelled = {}}));
  result.duration = info.duration;
  const auto started = std::chrono::steady_clock::now();
  PENSTOCK_TRY(auto found, pipeline::FingerprintMedia({.sandbox = sandbox,
                                                       .limits = limits,
                                                       .source = fd.get(),
                                                       .progress = {},
                                                       .cancelled = {}},
                                                      info));
  result.fingerprints = std::move(found.fingerprints);
  result.took = std::chrono::steady_clock::now() - started;
  if (result.fingerprints.empty()) {
    return Error(ErrorKind::kUnsupported, "nothing_to_fingerprint",
                 "the file has no sound or picture that is long and rich enough");
  }
  return result;
}

}  // namespace

Result<FingerprintedFile> FingerprintFile(const config::Config& config,
                                          const std::filesystem::path& file) {
  auto result = Fingerprinted(config, file);
  if (!result) return std::move(result.error()).Within(file.string());
  return result;
}

std::vector<std::string> WorkKeys(const FingerprintedFile& file) {
  std::vector<std::string> keys;
  std::map<media::FingerprintKind, int> counts;
  for (const media::Fingerprint& fingerprint : file.fingerprints) {
    const int number = ++counts[fingerprint.kind];
    keys.push_back(number == 1 ? file.key : file.key + "-" + std::to_string(number));
  }
  return keys;
}

}  // namespace penstock::server
