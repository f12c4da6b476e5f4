// The ways of an asset from stage to stage. For the sources of the catalog only.
#pragma once

#include <cstdint>
#include <vector>

#include "catalog/sql.h"
#include "media/asset.h"
#include "media/rights.h"

namespace penstock::catalog {

// The asset begins the stage: nothing of it is done, nobody works on it, no attempt is counted.
void EnterStage(soci::session& sql, Time now, const media::AssetId& asset, media::Stage stage);

// What an asset was found to match, by the lists of this generation.
void PutMatches(soci::session& sql, const media::AssetId& asset,
                const std::vector<media::MatchEvidence>& matches, std::int64_t generation);

// The generation of the lists that is active.
std::int64_t CurrentGeneration(soci::session& sql);

// Writes the decision down, keeps it beside those before it, and follows it: review -> review;
// blocked -> blocked; clear and claimed -> ready when the asset is ready, publish when it has its
// presentation, else transcode. Events "asset.decided" and, when it is, "asset.blocked". REQUIRES:
// the state is not pending.
void ApplyDecision(soci::session& sql, Time now, const media::AssetId& asset,
                   const media::Decision& decision);

}  // namespace penstock::catalog
