#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "api/json_mapping.h"
#include "server/commands.h"
#include "server/installation.h"
#include "server/terminal.h"

namespace penstock::server {
namespace {

constexpr int kMostShown = 500;

std::string Named(const catalog::HeldReference::Side& side) {
  return fmt::format("\"{}\" of {} ({})", side.title.empty() ? side.holder_key : side.title,
                     side.holder, side.list_name);
}

Status Show(const config::Config& config, bool json) {
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  PENSTOCK_TRY(const auto holds, installation->holds.List(kMostShown));
  std::vector<std::vector<std::string>> rows = {{"REFERENCE", "SINCE", "WHY", "WORK", "OTHER"}};
  auto items = nlohmann::json::array();
  for (const catalog::HeldReference& hold : holds) {
    rows.push_back({hold.held.id.text(), FormatRfc3339(hold.since), hold.code, Named(hold.held),
                    hold.other.id.empty() ? "-" : Named(hold.other)});
    items.push_back(api::ToJson(hold));
  }
  return json ? Print("{}\n", items.dump()) : PrintTable(rows);
}

Status Settle(const config::Config& config, const std::string& reference, bool release) {
  PENSTOCK_TRY(const auto id, media::ReferenceId::Parse(reference));
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  return release ? installation->holds.Release(id) : installation->holds.Reject(id);
}

}  // namespace

int ShowHolds(const config::Config& config, bool json) { return ExitStatus(Show(config, json)); }

int SettleHold(const config::Config& config, const std::string& reference, bool release) {
  return ExitStatus(Settle(config, reference, release));
}

}  // namespace penstock::server
