// The shapes of the API: from the domain's structs to JSON. Times of media are seconds with a
// fraction, points in time are RFC 3339.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "access/principal.h"
#include "catalog/events.h"
#include "catalog/holder_keys.h"
#include "catalog/holds.h"
#include "catalog/tasks.h"
#include "catalog/workers.h"
#include "media/asset.h"
#include "media/media_info.h"
#include "media/presentation.h"
#include "media/rights.h"

namespace penstock::api {

// What clients see of a stage: "preparing", "ready" or "errored" (also for a blocked asset).
std::string_view StatusName(media::Stage stage);

nlohmann::json TextOrNull(const std::string& text);  // null when it is empty

// `info` is what the inspection found, nullopt before it.
nlohmann::json ToJson(const media::Asset& asset, const std::vector<media::PlaybackId>& playback,
                      const std::optional<media::MediaInfo>& info);
nlohmann::json ToJson(const media::Presentation& presentation);  // an array of renditions
nlohmann::json ToJson(const media::MediaInfo& info);
nlohmann::json ToJson(const media::TextTrack& track);
nlohmann::json ToJson(const std::vector<media::TextTrack>& tracks);
// What the uploader should know of: streams that are left out, and what could not be made.
nlohmann::json WarningsOf(const std::optional<media::MediaInfo>& info,
                          const std::optional<media::Presentation>& presentation);
nlohmann::json ToJson(const std::vector<media::PlaybackId>& playback);
nlohmann::json ToJson(const media::MatchEvidence& evidence);
nlohmann::json ToJson(const media::Decision& decision);
nlohmann::json ToJson(const media::ReferenceList& list);
nlohmann::json ToJson(const media::Reference& reference);
nlohmann::json ToJson(const media::ReceiptRow& row);
nlohmann::json ToJson(const media::ListVersion& version);
nlohmann::json ToJson(const catalog::HolderKey& key);
nlohmann::json ToJson(const catalog::HeldReference& hold);
nlohmann::json ToJson(const catalog::Event& event);
nlohmann::json ToJson(const catalog::Task& task);
nlohmann::json ToJson(const catalog::WorkerRow& worker);
nlohmann::json ToJson(const access::Principal& principal);

// {"items": [...], "next": "cursor" or null}
nlohmann::json Page(nlohmann::json items, const std::string& next);
// One line of text; ill-formed UTF-8 becomes U+FFFD.
std::string Dump(const nlohmann::json& json);

}  // namespace penstock::api
