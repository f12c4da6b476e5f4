#include "delivery/decision.h"

namespace penstock::delivery {

bool MayServe(const media::Asset& asset, const std::optional<access::Principal>& principal) {
  if (!media::IsPlayable(asset)) return false;
  if (asset.visibility == media::Visibility::kPublic) return true;
  return principal && !asset.owner.empty() && principal->account == asset.owner.text() &&
         principal->Has(access::kAssetsRead);
}

}  // namespace penstock::delivery
