#include "upload/whole_upload.h"

#include <utility>

#include "upload/refusals.h"
#include "upload/upload_json.h"

namespace penstock::upload {

WholeUpload::WholeUpload(UploadStore& store, media::AccountId owner, std::uint64_t room,
                         Description description, AnswerFrame frame)
    : store_(&store),
      owner_(std::move(owner)),
      room_(room),
      description_(std::move(description)),
      frame_(frame) {}

Status WholeUpload::Begin() {
  PENSTOCK_TRY(writer_, store_->Begin(owner_, room_));
  return {};
}

Status WholeUpload::Append(std::span<const std::byte> bytes) {
  Status appended = writer_->Append(bytes);
  if (!appended) LogServerFailure(appended.error());
  return appended;
}

http::Response WholeUpload::Finish() {
  if (const Status completed = store_->CompleteDraft(*writer_, description_); !completed) {
    return Refuse(completed.error());
  }
  ShownUpload shown{writer_->upload(), writer_->offset()};
  shown.upload.status = media::UploadStatus::kAssetCreated;
  writer_.reset();
  http::Response response;
  response.status = 201;
  response.headers.Set("Location", "/v1/assets/" + shown.upload.asset.text());
  response.headers.Set("Penstock-Asset-Id", shown.upload.asset.text());
  response.headers.Set("Content-Type", "application/json");
  response.headers.Set("Cache-Control", "no-store");
  response.body = CreatedJson(shown);
  return frame_.Apply(std::move(response));
}

http::Response WholeUpload::Refuse(const Error& error) {
  writer_.reset();
  return frame_.Refuse(error);
}

void WholeUpload::Abort() {
  if (!writer_) return;
  if (const Status recorded = store_->RecordBroken(*writer_, description_); !recorded) {
    LogServerFailure(recorded.error());
  }
  writer_.reset();
}

}  // namespace penstock::upload
