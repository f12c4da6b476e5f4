#include "upload/tus_handlers.h"

#include <string>
#include <utility>

#include "upload/answer.h"
#include "upload/refusals.h"
#include "upload/tus_protocol.h"

namespace penstock::upload {
namespace {

// tus 1.0 "Upload-Expires": only while the upload is unfinished.
void SetExpiry(const media::Upload& upload, bool whole, http::Response& response) {
  if (!whole) response.headers.Set("Upload-Expires", FormatHttpDate(upload.expires));
}

void SetOffset(std::uint64_t offset, http::Response& response) {
  response.headers.Set("Upload-Offset", std::to_string(offset));
}

http::Response Created(const media::Upload& upload) {
  http::Response response;
  response.status = 201;
  response.headers.Set("Location", "/v1/uploads/" + upload.id.text());
  response.headers.Set("Penstock-Asset-Id", upload.asset.text());
  response.headers.Set("Cache-Control", "no-store");
  return response;
}

http::Response Patched() {
  http::Response response;
  response.status = 204;
  response.headers.Set("Cache-Control", "no-store");
  return response;
}

// Appends the body of a PATCH, or of a creation with upload, and completes the upload with its last
// byte.
class TusSink final : public http::BodySink {
 public:
  TusSink(UploadStore& store, std::unique_ptr<UploadWriter> writer, http::Response success,
          AnswerFrame frame)
      : store_(store), writer_(std::move(writer)), success_(std::move(success)), frame_(frame) {}

  Status Write(std::span<const std::byte> bytes) override {
    Status appended = writer_->Append(bytes);
    if (!appended) {
      LogServerFailure(appended.error());
      store_.Renew(*writer_);
    }
    return appended;
  }

  http::Response Finish() override {
    const Status completed = Complete();
    writer_.reset();
    return completed ? frame_.Apply(std::move(success_)) : frame_.Refuse(completed.error());
  }

  void Abort() override {
    store_.Renew(*writer_);
    // The client may have gone with only the answer missing.
    if (const Status completed = store_.CompleteIfWhole(*writer_); !completed) {
      LogServerFailure(completed.error());
    }
    writer_.reset();
  }

 private:
  Status Complete() {
    PENSTOCK_CHECK(writer_->Sync());
    const media::Upload& upload = writer_->upload();
    const std::uint64_t offset = writer_->offset();
    const bool whole = offset == static_cast<std::uint64_t>(upload.length);
    if (!whole) store_.Renew(*writer_);
    SetOffset(offset, success_);
    SetExpiry(upload, whole, success_);
    return store_.CompleteIfWhole(*writer_);
  }

  UploadStore& store_;
  std::unique_ptr<UploadWriter> writer_;
  http::Response success_;
  const AnswerFrame frame_;
};

Result<media::Upload> FindLive(UploadStore& store, const media::AccountId& owner,
                               const http::Request& request) {
  PENSTOCK_CHECK(CheckTusVersion(request));
  return store.GetLive(owner, request.Parameter("id"));
}

Result<http::Response> Head(UploadStore& store, const media::AccountId& owner,
                            const http::Request& request) {
  PENSTOCK_TRY(const media::Upload upload, FindLive(store, owner, request));
  // A client that asks is about to go on there, maybe beside a connection that it has lost.
  PENSTOCK_CHECK(store.Flush(upload));
  PENSTOCK_TRY(const std::uint64_t offset, store.Offset(upload));
  if (offset == static_cast<std::uint64_t>(upload.length)) PENSTOCK_CHECK(store.FinishLeft(upload));
  http::Response response;
  response.headers.Set("Cache-Control", "no-store");
  response.headers.Set("Upload-Length", std::to_string(upload.length));
  if (!upload.metadata.empty()) response.headers.Set("Upload-Metadata", upload.metadata);
  response.headers.Set("Penstock-Asset-Id", upload.asset.text());
  SetOffset(offset, response);
  SetExpiry(upload, upload.status == media::UploadStatus::kAssetCreated, response);
  return response;
}

Status Delete(UploadStore& store, const media::AccountId& owner, const http::Request& request) {
  PENSTOCK_TRY(const media::Upload upload, FindLive(store, owner, request));
  return store.Cancel(upload);
}

}  // namespace

BodyAnswer TusCreate(UploadStore& store, const media::AccountId& owner,
                     const http::Request& request) {
  const AnswerFrame frame(request);
  auto creation = ParseCreation(request);
  if (!creation) return frame.Refuse(creation.error());
  const auto upload = store.Create(owner, creation->length, creation->description);
  if (!upload) return frame.Refuse(upload.error());
  http::Response response = Created(*upload);
  if (!creation->with_bytes) {
    SetExpiry(*upload, false, response);
    return frame.Apply(std::move(response));
  }
  auto writer = store.Lock(owner, upload->id.text());
  if (!writer) return frame.Refuse(writer.error());
  auto sink = std::make_unique<TusSink>(store, *std::move(writer), std::move(response), frame);
  if (request.content_length.value_or(0) == 0) return sink->Finish();
  return sink;
}

http::Response TusHead(UploadStore& store, const media::AccountId& owner,
                       const http::Request& request) {
  const AnswerFrame frame(request);
  auto response = Head(store, owner, request);
  return response ? frame.Apply(*std::move(response)) : frame.Refuse(response.error());
}

BodyAnswer TusPatch(UploadStore& store, const media::AccountId& owner,
                    const http::Request& request) {
  const AnswerFrame frame(request);
  if (const Status version = CheckTusVersion(request); !version) {
    return frame.Refuse(version.error());
  }
  const auto offset = ParsePatch(request);
  if (!offset) return frame.Refuse(offset.error());
  auto writer = store.Lock(owner, request.Parameter("id"));
  if (!writer) return frame.Refuse(writer.error());
  const std::uint64_t actual = (*writer)->offset();
  if (*offset != actual) {
    http::Response response = frame.Refuse(Refuse(kOffsetMismatch));
    SetOffset(actual, response);
    return response;
  }
  const auto length = static_cast<std::uint64_t>((*writer)->upload().length);
  if (const Status reach = CheckReach(request, actual, length); !reach) {
    return frame.Refuse(reach.error());
  }
  auto sink = std::make_unique<TusSink>(store, *std::move(writer), Patched(), frame);
  if (request.content_length.value_or(0) == 0) return sink->Finish();
  return sink;
}

http::Response TusDelete(UploadStore& store, const media::AccountId& owner,
                         const http::Request& request) {
  const AnswerFrame frame(request);
  const Status deleted = Delete(store, owner, request);
  if (!deleted) return frame.Refuse(deleted.error());
  http::Response response;
  response.status = 204;
  return frame.Apply(std::move(response));
}

}  // namespace penstock::upload
