#include "server/installation.h"

#include "base/file.h"
#include "storage/filesystem_store.h"

namespace penstock::server {
namespace {

constexpr std::string_view kFileScheme = "file://";

Result<std::unique_ptr<storage::ObjectStore>> OpenStore(const std::string& url,
                                                        const std::filesystem::path& data) {
  if (!url.empty() && !url.starts_with(kFileScheme)) {
    return Error(ErrorKind::kInvalidArgument, "unknown_storage_scheme",
                 "open the object store " + url + ": the scheme is not known")
        .At("storage.url", "file:///absolute/path");
  }
  const std::filesystem::path root =
      url.empty() ? data / "objects" : std::filesystem::path(url.substr(kFileScheme.size()));
  PENSTOCK_TRY(std::unique_ptr<storage::ObjectStore> store, storage::FilesystemStore::Open(root));
  return store;
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
  PENSTOCK_TRY(auto store, OpenStore(config.storage.url, data));
  return std::unique_ptr<Installation>(
      new Installation(is_new, std::move(config), data, std::move(database), std::move(store)));
}

}  // namespace penstock::server
