// The parts of a transcode as one. For the sources of the catalog only.
#pragma once

#include "catalog/sql.h"
#include "media/ids.h"
#include "media/presentation.h"

namespace penstock::catalog {

// The asset's percent, from those of its parts by their share of the work.
void SumUpPercent(soci::session& sql, const media::AssetId& asset);

// What can be played of what is done: all but the pictures that lie behind a part still to be done.
// Errors: kMalformed.
Result<media::Presentation> JoinParts(soci::session& sql, const media::AssetId& asset);

}  // namespace penstock::catalog
