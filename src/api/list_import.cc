#include "api/list_import.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>
#include <vector>

#include "api/endpoint.h"
#include "api/json_mapping.h"
#include "base/log.h"
#include "fingerprint/list_signature.h"

namespace penstock::api {

using nlohmann::json;

namespace {

constexpr std::size_t kNameLimit = 200;  // characters

std::string FirstGiven(const std::optional<std::string>& override, const std::string& header,
                       const std::string& fallback) {
  if (override) return *override;
  return header.empty() ? fallback : header;
}

// Rows that are staged together; a piece of text is small enough not to hold many more.
constexpr std::size_t kBatch = 200;
constexpr std::size_t kPieceBytes = 64 << 10;

catalog::ImportRow Converted(fingerprint::ListRow row) {
  catalog::ImportRow converted;
  converted.line = row.line;
  if (auto* reference = std::get_if<media::Reference>(&row.content)) {
    converted.content = std::move(*reference);
  } else if (auto* withdrawal = std::get_if<fingerprint::ListWithdrawal>(&row.content)) {
    converted.content = catalog::Withdrawal{std::move(withdrawal->holder_key), withdrawal->kind};
  } else {
    converted.content = std::get<Error>(std::move(row.content));
    converted.refused_key = std::move(row.refused_key);
  }
  return converted;
}

struct Signer {
  fingerprint::ListSignature signature;
  catalog::HolderKey key;
};

// nullopt when the holder has no keys and the list no signature. Errors: as ListImport::Feed has
// them.
Result<std::optional<Signer>> FindSigner(const std::optional<std::string>& line,
                                         const std::string& holder, catalog::HolderKeys& keys) {
  PENSTOCK_TRY(const std::vector<catalog::HolderKey> known, keys.Of(holder));
  if (!line) {
    if (known.empty()) return std::optional<Signer>();
    return Error(ErrorKind::kPermissionDenied, "signature_missing",
                 "this rights holder signs his lists, and the list has no signature");
  }
  PENSTOCK_TRY(fingerprint::ListSignature signature, fingerprint::ParseListSignature(*line));
  const auto key = std::find_if(known.begin(), known.end(),
                                [&](const auto& each) { return each.id == signature.key; });
  if (key == known.end()) {
    return Error(ErrorKind::kPermissionDenied, "key_unknown",
                 "the key that signed the list is not registered for its rights holder");
  }
  return std::optional(Signer{std::move(signature), *key});
}

}  // namespace

ListImport::ListImport(ImportOptions options, catalog::References& references,
                       catalog::HolderKeys& keys)
    : options_(std::move(options)),
      references_(references),
      keys_(keys),
      parser_(options_.limits) {}

// What the header says is known: a list that may not be taken is refused before it costs anything.
Status ListImport::Begin() {
  const ListOverrides& overrides = options_.overrides;
  const auto file = parser_.header().value_or(fingerprint::ListFileHeader{});
  header_.holder = FirstGiven(overrides.holder, file.holder, overrides.fallback_holder);
  header_.list = FirstGiven(overrides.list, file.list, "default");
  header_.policy = overrides.policy ? overrides.policy : file.policy;
  header_.full = overrides.full.value_or(file.full);
  PENSTOCK_CHECK(CheckName("holder", header_.holder, kNameLimit));
  PENSTOCK_CHECK(CheckName("list", header_.list, kNameLimit));
  PENSTOCK_CHECK(FindSigner(options_.signature, header_.holder, keys_));
  PENSTOCK_TRY(staging_, references_.Stage(header_));
  return {};
}

// Stages what was parsed: all of it, or once it is enough for a batch.
Status ListImport::Stage(bool all) {
  if (!all && parsed_.size() < kBatch) return {};
  if (staging_ == nullptr) PENSTOCK_CHECK(Begin());
  std::vector<catalog::ImportRow> rows;
  rows.reserve(parsed_.size());
  for (fingerprint::ListRow& row : parsed_) rows.push_back(Converted(std::move(row)));
  parsed_.clear();
  PENSTOCK_TRY(auto fates, staging_->Add(rows));
  row_count_ += static_cast<std::int64_t>(rows.size());
  if (options_.dry_run) std::move(fates.begin(), fates.end(), std::back_inserter(fates_));
  return {};
}

Status ListImport::Feed(std::string_view bytes) {
  digest_.Update(std::as_bytes(std::span(bytes)));
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kPieceBytes);
    bytes.remove_prefix(piece.size());
    PENSTOCK_CHECK(parser_.Feed(piece, parsed_));
    PENSTOCK_CHECK(Stage(false));
  }
  return {};
}

// The id of the key that signed the list, "" when none had to. The keys are read again: one that
// was withdrawn while the list came in no longer counts.
Result<std::string> ListImport::CheckSignature() {
  PENSTOCK_TRY(const auto signer, FindSigner(options_.signature, header_.holder, keys_));
  if (!signer) return std::string();
  PENSTOCK_CHECK(fingerprint::CheckListSignature(signer->signature, signer->key.public_key,
                                                 digest_.FinishHex()));
  return signer->key.id;
}

Result<ImportedList> ListImport::Preview() {
  ImportedList preview{.receipt = {}, .list = {}, .dry_run = true};
  PENSTOCK_TRY(preview.receipt, staging_->Preview());
  preview.receipt.rows = std::move(fates_);
  media::ReferenceList& list = preview.list;
  if (auto known = references_.GetList(preview.receipt.list)) list = std::move(*known);
  list.holder = header_.holder;
  list.name = header_.list;
  list.policy = header_.policy.value_or(list.policy);
  list.reference_count = preview.receipt.references;
  return preview;
}

Result<ImportedList> ListImport::Finish() {
  PENSTOCK_CHECK(parser_.Finish(parsed_));
  PENSTOCK_CHECK(Stage(true));
  PENSTOCK_TRY(const std::string signer, CheckSignature());
  if (options_.dry_run) return Preview();
  PENSTOCK_TRY(const media::Receipt receipt, staging_->Commit(signer));
  LogInfo("list.imported", {{"list", receipt.list.text()},
                            {"holder", header_.holder},
                            {"version", receipt.version},
                            {"accepted", receipt.accepted},
                            {"rejected", receipt.rejected},
                            {"signed_by", signer}});
  ImportedList imported;
  PENSTOCK_TRY(imported.receipt, references_.GetReceipt(receipt.list, receipt.version));
  PENSTOCK_TRY(imported.list, references_.GetList(receipt.list));
  return imported;
}

Result<ImportedList> ImportList(std::string_view text, const ImportOptions& options,
                                catalog::References& references, catalog::HolderKeys& keys) {
  ListImport import(options, references, keys);
  PENSTOCK_CHECK(import.Feed(text));
  return import.Finish();
}

std::string ReceiptJson(const ImportedList& imported) {
  const media::Receipt& receipt = imported.receipt;
  json rows = json::array();
  for (const media::ReceiptRow& row : receipt.rows) rows.push_back(ToJson(row));
  json object = {{"list", ToJson(imported.list)},
                 {"version", receipt.version},
                 {"accepted", receipt.accepted},
                 {"rejected", receipt.rejected},
                 {"rows", std::move(rows)}};
  if (imported.dry_run) {
    object["dry_run"] = true;
    if (imported.list.id.empty()) object["list"]["id"] = nullptr;
  }
  return Dump(object);
}

}  // namespace penstock::api
