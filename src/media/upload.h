// An upload: a tus "upload resource" (tus 1.0), the way of an asset's bytes into the house.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "media/asset.h"
#include "media/ids.h"

namespace penstock::media {

enum class UploadStatus { kWaiting, kAssetCreated, kErrored, kCancelled, kTimedOut };
std::string_view UploadStatusName(UploadStatus status);  // "waiting", "asset_created", ...
Result<UploadStatus> ParseUploadStatus(std::string_view name);

// The offset is not here: it is the durable size of the staged file, which cannot disagree with
// itself.
struct Upload {
  UploadId id;
  AssetId asset;  // the asset that it will become; its row exists from completion on
  AccountId owner;
  UploadStatus status = UploadStatus::kWaiting;
  std::int64_t length = -1;  // -1 while unknown (a one-request POST without a length)
  std::string file_name;
  std::string title;
  Visibility visibility = Visibility::kPublic;
  std::string metadata;  // Upload-Metadata as it was sent
  std::string sha256;    // hex, once complete
  Time created{};
  Time expires{};
};

}  // namespace penstock::media
