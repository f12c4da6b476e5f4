// The uploaded text tracks of an asset. For the sources of the catalog only.
#pragma once

#include <vector>

#include "catalog/sql.h"
#include "media/ids.h"
#include "media/text_track.h"

namespace penstock::catalog {

// Errors: kMalformed.
Result<std::vector<media::TextTrack>> UploadedTextTracks(soci::session& sql,
                                                         const media::AssetId& asset);

}  // namespace penstock::catalog
