#include "upload/upload_json.h"

#include <nlohmann/json.hpp>

#include "base/clock.h"

namespace penstock::upload {
namespace {

using nlohmann::json;

json ToJson(const ShownUpload& shown) {
  const media::Upload& upload = shown.upload;
  return {{"id", upload.id.text()},
          {"asset_id", upload.asset.text()},
          {"status", media::UploadStatusName(upload.status)},
          {"offset", shown.offset},
          {"length", upload.length < 0 ? json() : json(upload.length)},
          {"file_name", upload.file_name},
          {"title", upload.title},
          {"visibility", media::VisibilityName(upload.visibility)},
          {"created", FormatRfc3339(upload.created)},
          {"expires", FormatRfc3339(upload.expires)}};
}

std::string Dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string UploadJson(const ShownUpload& shown) { return Dump(ToJson(shown)); }

std::string UploadListJson(const std::vector<ShownUpload>& shown) {
  json items = json::array();
  for (const ShownUpload& one : shown) items.push_back(ToJson(one));
  return Dump({{"items", std::move(items)}, {"next", nullptr}});
}

std::string CreatedJson(const ShownUpload& shown) {
  return Dump({{"upload", ToJson(shown)}, {"asset_id", shown.upload.asset.text()}});
}

}  // namespace penstock::upload
