#include "api/list_import.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "api/endpoint.h"
#include "api/json_mapping.h"
#include "base/log.h"
#include "fingerprint/reference_list.h"

namespace penstock::api {

using nlohmann::json;

namespace {

constexpr std::size_t kNameLimit = 200;  // characters

std::string FirstGiven(const std::optional<std::string>& override, const std::string& header,
                       const std::string& fallback) {
  if (override) return *override;
  return header.empty() ? fallback : header;
}

}  // namespace

Result<media::Receipt> ImportList(std::string_view text, const ListOverrides& overrides,
                                  catalog::References& references) {
  PENSTOCK_TRY(fingerprint::ParsedList parsed, fingerprint::ParseList(text));
  const fingerprint::ListFileHeader file =
      std::move(parsed.header).value_or(fingerprint::ListFileHeader{});
  catalog::ListHeader header;
  header.holder = FirstGiven(overrides.holder, file.holder, overrides.fallback_holder);
  header.list = FirstGiven(overrides.list, file.list, "default");
  header.policy = overrides.policy ? overrides.policy : file.policy;
  header.full = overrides.full.value_or(file.full);
  PENSTOCK_CHECK(CheckName("holder", header.holder, kNameLimit));
  PENSTOCK_CHECK(CheckName("list", header.list, kNameLimit));

  std::vector<catalog::ImportRow> rows;
  rows.reserve(parsed.rows.size());
  for (fingerprint::ListRow& row : parsed.rows) {
    catalog::ImportRow& added = rows.emplace_back();
    added.line = row.line;
    std::visit([&](auto& content) { added.content = std::move(content); }, row.content);
  }
  PENSTOCK_TRY(media::Receipt receipt, references.Import(header, rows));
  LogInfo("list.imported", {{"list", receipt.list.text()},
                            {"holder", header.holder},
                            {"version", receipt.version},
                            {"accepted", receipt.accepted},
                            {"rejected", receipt.rejected}});
  return receipt;
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
