// The identifiers of the domain.
#pragma once

#include "base/id.h"

namespace penstock::media {

using AssetId = Id<struct AssetTag>;
using UploadId = Id<struct UploadTag>;
using PlaybackId = Id<struct PlaybackTag>;
using AccountId = Id<struct AccountTag>;
using ListId = Id<struct ListTag>;
using ReferenceId = Id<struct ReferenceTag>;

}  // namespace penstock::media
