// May this asset's media be shown to this principal? The one place that says yes.
#pragma once

#include <optional>

#include "access/principal.h"
#include "media/asset.h"

namespace penstock::delivery {

// True only when there is something to play of the asset, its rights allow publication, and it is
// public or the principal owns it and may read assets. Everything else is no.
bool MayServe(const media::Asset& asset, const std::optional<access::Principal>& principal);

}  // namespace penstock::delivery
