// The bytes and the description of an upload in one request, until it becomes an asset.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "http/message.h"
#include "media/ids.h"
#include "upload/answer.h"
#include "upload/description.h"
#include "upload/upload_store.h"

namespace penstock::upload {

// Owned by the request's sink; not thread-safe. What is not finished leaves no bytes behind.
class WholeUpload {
 public:
  // room: bytes to expect.
  WholeUpload(UploadStore& store, media::AccountId owner, std::uint64_t room,
              Description description, AnswerFrame frame);

  // The file begins. Errors: kOutOfSpace.
  Status Begin();
  bool begun() const { return writer_ != nullptr; }
  Status Append(std::span<const std::byte> bytes);
  Description& description() { return description_; }
  // 201 with the asset's place, or a refusal.
  http::Response Finish();
  http::Response Refuse(const Error& error);
  void Abort();

 private:
  UploadStore* store_;
  media::AccountId owner_;
  std::uint64_t room_;
  Description description_;
  AnswerFrame frame_;
  std::unique_ptr<UploadWriter> writer_;
};

}  // namespace penstock::upload
