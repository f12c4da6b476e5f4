// Uploads as the API shows them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "media/upload.h"

namespace penstock::upload {

struct ShownUpload {
  media::Upload upload;
  std::uint64_t offset = 0;
};

// {"id", "asset_id", "status", "offset", "length", "file_name", "title", "created", "expires"}
std::string UploadJson(const ShownUpload& shown);
// {"items": [...], "next": null}
std::string UploadListJson(const std::vector<ShownUpload>& shown);
// {"upload": {...}, "asset_id"}: the answer to an upload in one request.
std::string CreatedJson(const ShownUpload& shown);

}  // namespace penstock::upload
