#include "api/list_import.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "api/endpoint.h"
#include "api/json_mapping.h"
#include "base/log.h"

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
  }
  return converted;
}

}  // namespace

ListImport::ListImport(ListOverrides overrides, catalog::References& references)
    : overrides_(std::move(overrides)), references_(references) {}

// Stages what was parsed: all of it, or once it is enough for a batch.
Status ListImport::Stage(bool all) {
  if (!all && parsed_.size() < kBatch) return {};
  if (staging_ == nullptr) {
    const auto file = parser_.header().value_or(fingerprint::ListFileHeader{});
    catalog::ListHeader header;
    header.holder = FirstGiven(overrides_.holder, file.holder, overrides_.fallback_holder);
    header.list = FirstGiven(overrides_.list, file.list, "default");
    header.policy = overrides_.policy ? overrides_.policy : file.policy;
    header.full = overrides_.full.value_or(file.full);
    PENSTOCK_CHECK(CheckName("holder", header.holder, kNameLimit));
    PENSTOCK_CHECK(CheckName("list", header.list, kNameLimit));
    holder_ = header.holder;
    PENSTOCK_TRY(staging_, references_.Stage(header));
  }
  std::vector<catalog::ImportRow> rows;
  rows.reserve(parsed_.size());
  for (fingerprint::ListRow& row : parsed_) rows.push_back(Converted(std::move(row)));
  parsed_.clear();
  PENSTOCK_CHECK(staging_->Add(rows));
  row_count_ += static_cast<std::int64_t>(rows.size());
  return {};
}

Status ListImport::Feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kPieceBytes);
    bytes.remove_prefix(piece.size());
    PENSTOCK_CHECK(parser_.Feed(piece, parsed_));
    PENSTOCK_CHECK(Stage(false));
  }
  return {};
}

Result<media::Receipt> ListImport::Finish() {
  PENSTOCK_CHECK(parser_.Finish(parsed_));
  PENSTOCK_CHECK(Stage(true));
  PENSTOCK_TRY(const media::Receipt receipt, staging_->Commit());
  LogInfo("list.imported", {{"list", receipt.list.text()},
                            {"holder", holder_},
                            {"version", receipt.version},
                            {"accepted", receipt.accepted},
                            {"rejected", receipt.rejected}});
  return references_.GetReceipt(receipt.list, receipt.version);
}

Result<media::Receipt> ImportList(std::string_view text, const ListOverrides& overrides,
                                  catalog::References& references) {
  ListImport import(overrides, references);
  PENSTOCK_CHECK(import.Feed(text));
  return import.Finish();
}

std::string ReceiptJson(const media::Receipt& receipt, const media::ReferenceList& list) {
  json rows = json::array();
  for (const media::ReceiptRow& row : receipt.rows) rows.push_back(ToJson(row));
  return Dump({{"list", ToJson(list)},
               {"version", receipt.version},
               {"accepted", receipt.accepted},
               {"rejected", receipt.rejected},
               {"rows", std::move(rows)}});
}

}  // namespace penstock::api
