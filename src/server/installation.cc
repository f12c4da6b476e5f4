#include "server/installation.h"

#include <algorithm>

#include "base/file.h"
#include "storage/filesystem_store.h"

namespace penstock::server {
namespace {

constexpr std::string_view kFileScheme = "file://";

Result<std::filesystem::path> ObjectsOf(const std::string& url, const std::filesystem::path& data) {
  if (!url.empty() && !url.starts_with(kFileScheme)) {
    return Error(ErrorKind::kInvalidArgument, "unknown_storage_scheme",
                 "open the object store " + url + ": the scheme is not known")
        .At("storage.url", "file:///absolute/path");
  }
  return url.empty() ? data / "objects" : std::filesystem::path(url.substr(kFileScheme.size()));
}

}  // namespace

Result<std::unique_ptr<Installation>> Installation::Open(config::Config config) {
  const std::filesystem::path data = std::filesystem::absolute(config.storage.data);
  PENSTOCK_CHECK(MakeDirectories(data));
  std::error_code unreadable;
  const bool is_new = std::filesystem::is_empty(data, unreadable);
  // Without room not even the catalog opens.
  DiskReserve(data).GiveUp();
  const std::string url = config.catalog.url.empty() ? "sqlite://" + (data / "catalog.db").string()
                                                     : config.catalog.url;
  PENSTOCK_TRY(auto database, catalog::Database::Open(url));
  PENSTOCK_TRY(const auto objects, ObjectsOf(config.storage.url, data));
  PENSTOCK_TRY(std::unique_ptr<storage::ObjectStore> store,
               storage::FilesystemStore::Open(objects));
  return std::unique_ptr<Installation>(new Installation(is_new, std::move(config), data, objects,
                                                        std::move(database), std::move(store)));
}

Result<std::uint64_t> Installation::RoomForTasks() const {
  PENSTOCK_TRY(const std::uint64_t scratch, FreeSpace(data));
  PENSTOCK_TRY(const std::uint64_t kept, FreeSpace(objects));
  return std::min(scratch, kept);
}

}  // namespace penstock::server
