// Why uploads are refused: one table of kind, code, sentence and, where the protocol wants another
// than the kind's, status.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace penstock::upload {

struct Refusal {
  ErrorKind kind;
  std::string_view code;
  std::string_view sentence;
  std::string_view field = "";
  std::string_view rule = "";
  int status = 0;  // 0: the kind's
};

// tus 1.0 "Tus-Version": 412 Precondition Failed.
extern const Refusal kWrongTusVersion;
extern const Refusal kWrongMethodOverride;
extern const Refusal kWrongContentType;
extern const Refusal kInvalidLength;
extern const Refusal kDeferredLength;
extern const Refusal kConcatenation;
extern const Refusal kInvalidOffset;
extern const Refusal kEmptyUpload;
extern const Refusal kUploadTooLarge;
extern const Refusal kBeyondLength;
extern const Refusal kOffsetMismatch;
extern const Refusal kUploadLocked;  // 423 Locked (RFC 4918 11.3)
extern const Refusal kUploadTakenOver;
extern const Refusal kUploadNotFound;
extern const Refusal kUploadCompleted;
extern const Refusal kUploadCancelled;
extern const Refusal kUploadExpired;
extern const Refusal kUploadErrored;
extern const Refusal kNoRoom;
extern const Refusal kMalformedMultipart;
extern const Refusal kMultipartFieldTooLong;
extern const Refusal kMissingFile;
extern const Refusal kSeveralFiles;
extern const Refusal kUnknownMultipart;

Error Refuse(const Refusal& refusal);
// kUploadTooLarge with the rule: at most so many bytes, which upload.max_size allows.
Error RefuseSize(std::string_view field, std::uint64_t max_size);
// kNoRoom with the rule: so many bytes, storage.min_free, stay free.
Error RefuseRoom(std::uint64_t min_free);
// The status that the table demands for this code, or 0.
int StatusOfCode(std::string_view code);

}  // namespace penstock::upload
