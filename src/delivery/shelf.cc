#include "delivery/shelf.h"

#include <optional>
#include <utility>

#include "storage/object_key.h"

namespace penstock::delivery {

namespace {

constexpr std::size_t kAssets = 4096;
constexpr std::size_t kPresentations = 256;
constexpr std::size_t kObjects = 256;  // descriptors
constexpr std::chrono::seconds kLongLifetime{30};

Error Broken(const std::string& what, const Error& cause) {
  return {ErrorKind::kInternal, "presentation_broken", what + ": " + cause.message};
}

}  // namespace

Shelf::Shelf(catalog::Assets& assets, storage::ObjectStore& store, const Clock& clock)
    : assets_(assets),
      store_(store),
      recent_assets_(kAssets, kAssetLifetime, clock),
      recent_presentations_(kPresentations, kLongLifetime, clock),
      recent_objects_(kObjects, kLongLifetime, clock) {}

Result<std::shared_ptr<const media::Asset>> Shelf::FindAsset(const std::string& playback) {
  if (auto recent = recent_assets_.Find(playback)) return *std::move(recent);
  return ReadAsset(playback);
}

Result<std::shared_ptr<const media::Asset>> Shelf::ReadAsset(const std::string& playback) {
  PENSTOCK_TRY(const media::PlaybackId id, media::PlaybackId::Parse(playback));
  PENSTOCK_TRY(media::Asset found, assets_.FindByPlaybackId(id));
  auto asset = std::make_shared<const media::Asset>(std::move(found));
  recent_assets_.Put(playback, asset);
  return asset;
}

bool Shelf::IsDeleted(const std::string& playback) {
  const auto id = media::PlaybackId::Parse(playback);
  if (!id) return true;
  const auto found = assets_.FindByPlaybackId(*id);
  return !found && found.error().kind == ErrorKind::kNotFound;
}

Result<std::shared_ptr<const media::Presentation>> Shelf::FindPresentation(
    const media::Asset& asset) {
  // A row that changed may have another presentation.
  const std::string version = asset.id.text() + ' ' + std::to_string(ToMillis(asset.updated));
  if (auto recent = recent_presentations_.Find(version)) return *std::move(recent);
  PENSTOCK_TRY(std::optional<media::Presentation> found, assets_.GetPlayable(asset.id));
  if (!found) {
    return Error(ErrorKind::kInternal, "presentation_broken",
                 "read presentation of asset " + asset.id.text() + ": a playable asset has none");
  }
  auto presentation = std::make_shared<const media::Presentation>(*std::move(found));
  recent_presentations_.Put(version, presentation);
  return presentation;
}

Result<OpenObject> Shelf::FindObject(const std::string& key) {
  if (auto recent = recent_objects_.Find(key)) return *std::move(recent);
  const Result<storage::ObjectKey> name = storage::ObjectKey::Parse(key);
  if (!name.has_value()) return Broken("read object name", name.error());
  Result<storage::OpenedObject> opened = store_.Open(*name);
  if (!opened.has_value()) return Broken("open object " + key, opened.error());
  OpenObject object{.file = std::make_shared<const UniqueFd>(std::move(opened->fd)),
                    .size = opened->info.size};
  recent_objects_.Put(key, object);
  return object;
}

}  // namespace penstock::delivery
