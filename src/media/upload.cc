#include "media/upload.h"

#include <array>
#include <utility>

namespace penstock::media {
namespace {

constexpr std::array<std::pair<UploadStatus, std::string_view>, 5> kNames = {{
    {UploadStatus::kWaiting, "waiting"},
    {UploadStatus::kAssetCreated, "asset_created"},
    {UploadStatus::kErrored, "errored"},
    {UploadStatus::kCancelled, "cancelled"},
    {UploadStatus::kTimedOut, "timed_out"},
}};

}  // namespace

std::string_view UploadStatusName(UploadStatus status) {
  for (const auto& [value, name] : kNames) {
    if (value == status) return name;
  }
  return "errored";
}

Result<UploadStatus> ParseUploadStatus(std::string_view name) {
  for (const auto& [value, known] : kNames) {
    if (known == name) return value;
  }
  return Error(ErrorKind::kMalformed, "the upload status is not known");
}

}  // namespace penstock::media
