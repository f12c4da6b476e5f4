// The ways of an asset from stage to stage. For the sources of the catalog only.
#pragma once

#include "catalog/sql.h"
#include "media/asset.h"
#include "media/rights.h"

namespace penstock::catalog {

// The asset begins the stage: nothing of it is done, nobody works on it, no attempt is counted.
void EnterStage(soci::session& sql, Time now, const media::AssetId& asset, media::Stage stage);

// Writes the decision down and follows it: clear, claimed -> transcode; review -> review; blocked
// -> blocked. Events "asset.decided" and, when it is, "asset.blocked". REQUIRES: the state is not
// pending.
void ApplyDecision(soci::session& sql, Time now, const media::AssetId& asset,
                   const media::Decision& decision);

}  // namespace penstock::catalog
