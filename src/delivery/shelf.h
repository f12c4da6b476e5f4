// What delivery reads: assets by playback id, their presentations and the open objects, with what
// was read a moment ago kept at hand.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "catalog/assets.h"
#include "delivery/recent.h"
#include "media/asset.h"
#include "media/presentation.h"
#include "storage/object_store.h"

namespace penstock::delivery {

// An object that is open for reading.
struct OpenObject {
  std::shared_ptr<const UniqueFd> file;
  std::uint64_t size = 0;
};

// Thread-safe; everything given must outlive it.
class Shelf {
 public:
  // For so long an asset may still be served after it was deleted, blocked or made private.
  static constexpr std::chrono::milliseconds kAssetLifetime{2000};

  Shelf(catalog::Assets& assets, storage::ObjectStore& store, const Clock& clock);

  // Errors: kNotFound.
  Result<std::shared_ptr<const media::Asset>> FindAsset(const std::string& playback);
  // As it is now, which FindAsset knows from here on. Errors: kNotFound.
  Result<std::shared_ptr<const media::Asset>> ReadAsset(const std::string& playback);
  // Past all that is kept at hand: whether the asset has been deleted.
  bool IsDeleted(const std::string& playback);
  // Errors: kNotFound when the asset is deleted meanwhile, kInternal when a ready one has no
  // presentation.
  Result<std::shared_ptr<const media::Presentation>> FindPresentation(const media::Asset& asset);
  // Errors: kInternal when the presentation names an object that is not there.
  Result<OpenObject> FindObject(const std::string& key);

 private:
  catalog::Assets& assets_;
  storage::ObjectStore& store_;
  Recent<std::string, std::shared_ptr<const media::Asset>> recent_assets_;
  Recent<std::string, std::shared_ptr<const media::Presentation>> recent_presentations_;
  Recent<std::string, OpenObject> recent_objects_;
};

}  // namespace penstock::delivery
