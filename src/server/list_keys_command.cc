#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <span>

#include "api/json_mapping.h"
#include "base/ed25519.h"
#include "base/file.h"
#include "base/sha256.h"
#include "fingerprint/list_signature.h"
#include "server/commands.h"
#include "server/installation.h"
#include "server/terminal.h"

namespace penstock::server {
namespace {

constexpr std::uint64_t kMostKeyBytes = 16 << 10;
constexpr std::size_t kPieceBytes = 256 << 10;

Result<std::string> Sha256OfFile(const std::filesystem::path& file) {
  PENSTOCK_TRY(const UniqueFd fd, OpenFile(file, O_RDONLY));
  Sha256 digest;
  std::string piece(kPieceBytes, '\0');
  while (true) {
    const ssize_t count = read(fd.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return ErrnoError("read " + file.string());
    if (count == 0) return digest.FinishHex();
    digest.Update(std::as_bytes(std::span(piece).first(static_cast<std::size_t>(count))));
  }
}

Status Sign(const std::filesystem::path& file, const std::filesystem::path& private_key) {
  PENSTOCK_TRY(const std::string key, ReadFile(private_key, kMostKeyBytes));
  PENSTOCK_TRY(const std::string digest, Sha256OfFile(file));
  PENSTOCK_TRY(const auto signature, fingerprint::SignList(key, digest));
  return WriteOutput(fingerprint::FormatListSignature(signature));
}

Status Add(const config::Config& config, const std::string& holder,
           const std::filesystem::path& public_key) {
  PENSTOCK_TRY(const std::string pem, ReadFile(public_key, kMostKeyBytes));
  PENSTOCK_TRY(const std::string key, ParseEd25519PublicKey(pem));
  const std::string id = fingerprint::KeyId(key);
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  PENSTOCK_CHECK(installation->holder_keys.Add(holder, id, key));
  return Print("{}\n", id);
}

Status Show(const config::Config& config, bool json) {
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  PENSTOCK_TRY(const auto keys, installation->holder_keys.All());
  std::vector<std::vector<std::string>> rows = {{"HOLDER", "KEY", "ADDED"}};
  auto items = nlohmann::json::array();
  for (const catalog::HolderKey& key : keys) {
    rows.push_back({key.holder, key.id, FormatRfc3339(key.created)});
    items.push_back(api::ToJson(key));
  }
  return json ? Print("{}\n", items.dump()) : PrintTable(rows);
}

Status Remove(const config::Config& config, const std::string& holder, const std::string& key) {
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  return installation->holder_keys.Remove(holder, key);
}

}  // namespace

int SignList(const std::filesystem::path& file, const std::filesystem::path& private_key) {
  return ExitStatus(Sign(file, private_key));
}

int AddHolderKey(const config::Config& config, const std::string& holder,
                 const std::filesystem::path& public_key) {
  return ExitStatus(Add(config, holder, public_key));
}

int ShowHolderKeys(const config::Config& config, bool json) {
  return ExitStatus(Show(config, json));
}

int RemoveHolderKey(const config::Config& config, const std::string& holder,
                    const std::string& key) {
  return ExitStatus(Remove(config, holder, key));
}

}  // namespace penstock::server
