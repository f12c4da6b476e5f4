#include "upload/one_request.h"

#include <string>
#include <utility>

#include "upload/answer.h"
#include "upload/form_sink.h"
#include "upload/refusals.h"
#include "upload/tus_protocol.h"
#include "upload/whole_upload.h"

namespace penstock::upload {
namespace {

constexpr std::uint64_t kFormOverhead = 1 << 20;  // bytes of a form around its file

class RawSink final : public http::BodySink {
 public:
  explicit RawSink(WholeUpload upload) : upload_(std::move(upload)) {}

  Status Write(std::span<const std::byte> bytes) override { return upload_.Append(bytes); }
  http::Response Finish() override { return upload_.Finish(); }
  void Abort() override { upload_.Abort(); }

 private:
  WholeUpload upload_;
};

// A resumable upload that forgot to say so would become an asset of a part of the file.
Status RefuseResumable(const http::Request& request, std::string_view type) {
  const bool resumable = type == "application/offset+octet-stream" ||
                         request.headers.Has("Upload-Length") ||
                         request.headers.Has("Upload-Offset");
  if (resumable) return CheckTusVersion(request);
  return {};
}

Result<Description> DescriptionOf(const http::Request& request) {
  Description description;
  for (const std::string_view name : {"filename", "title", "visibility"}) {
    const auto value = request.Query(name);
    if (value) PENSTOCK_CHECK(SetField(description, name, *value));
  }
  return description;
}

Result<std::unique_ptr<http::BodySink>> Open(UploadStore& store, const media::AccountId& owner,
                                             const http::Request& request) {
  const std::string type = MediaTypeOf(request);
  PENSTOCK_CHECK(RefuseResumable(request, type));
  PENSTOCK_TRY(Description description, DescriptionOf(request));
  const bool form = type == "multipart/form-data";
  if (!form && type.starts_with("multipart/")) return Refuse(kUnknownMultipart);
  const std::uint64_t length = request.content_length.value_or(0);
  if (length == 0) return Refuse(kEmptyUpload).At("body", "must be at least 1 byte");
  const std::uint64_t limit = store.options().max_size + (form ? kFormOverhead : 0);
  if (length > limit) return RefuseSize("body", store.options().max_size);
  WholeUpload upload(store, owner, length, std::move(description), AnswerFrame(request));
  if (form) {
    PENSTOCK_TRY(const std::string boundary,
                 MultipartParser::BoundaryOf(request.headers.Get("Content-Type")));
    return std::unique_ptr<http::BodySink>(std::make_unique<FormSink>(boundary, std::move(upload)));
  }
  PENSTOCK_CHECK(upload.Begin());
  return std::unique_ptr<http::BodySink>(std::make_unique<RawSink>(std::move(upload)));
}

}  // namespace

BodyAnswer PostWhole(UploadStore& store, const media::AccountId& owner,
                     const http::Request& request) {
  auto sink = Open(store, owner, request);
  if (!sink) return AnswerFrame(request).Refuse(sink.error());
  return *std::move(sink);
}

}  // namespace penstock::upload
