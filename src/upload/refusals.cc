#include "upload/refusals.h"

namespace penstock::upload {

const Refusal kWrongTusVersion{ErrorKind::kInvalidArgument,
                               "unsupported_tus_version",
                               "the request speaks no version of tus that is served here",
                               "Tus-Resumable",
                               "must be 1.0.0",
                               412};
const Refusal kWrongMethodOverride{ErrorKind::kInvalidArgument, "invalid_method_override",
                                   "the request overrides its method with one that is not served",
                                   "X-HTTP-Method-Override", "must be PATCH, DELETE or HEAD"};
const Refusal kWrongContentType{ErrorKind::kUnsupported, "unsupported_content_type",
                                "the bytes of a resumable upload came with another content type",
                                "Content-Type", "must be application/offset+octet-stream"};
const Refusal kInvalidLength{ErrorKind::kInvalidArgument, "invalid_upload_length",
                             "the request does not say how long the upload is", "Upload-Length",
                             "must be a whole number of bytes"};
const Refusal kDeferredLength{
    ErrorKind::kInvalidArgument, "deferred_length_not_supported",
    "the request creates an upload without its length, which is not served here",
    "Upload-Defer-Length", "must be absent; send Upload-Length"};
const Refusal kConcatenation{
    ErrorKind::kInvalidArgument, "concatenation_not_supported",
    "the request creates a part of a concatenated upload, which is not served here",
    "Upload-Concat", "must be absent"};
const Refusal kInvalidOffset{ErrorKind::kInvalidArgument, "invalid_upload_offset",
                             "the request does not say where its bytes belong", "Upload-Offset",
                             "must be a whole number of bytes"};
const Refusal kEmptyUpload{ErrorKind::kInvalidArgument, "empty_upload",
                           "the upload has no bytes, so there is no media in it", "Upload-Length",
                           "must be at least 1"};
const Refusal kUploadTooLarge{ErrorKind::kTooLarge, "upload_too_large",
                              "the upload is larger than this server takes"};
const Refusal kBeyondLength{ErrorKind::kTooLarge, "beyond_upload_length",
                            "the bytes of the request reach past the upload's length",
                            "Content-Length", "must not exceed Upload-Length minus Upload-Offset"};
const Refusal kOffsetMismatch{ErrorKind::kConflict, "offset_mismatch",
                              "the bytes of the request do not continue what has arrived",
                              "Upload-Offset", "must equal the upload's offset"};
const Refusal kUploadLocked{ErrorKind::kConflict,
                            "upload_locked",
                            "the upload is being ended; try again in a moment",
                            "",
                            "",
                            423};
const Refusal kUploadTakenOver{ErrorKind::kConflict, "upload_taken_over",
                               "a newer request goes on with this upload"};
const Refusal kUploadNotFound{ErrorKind::kNotFound, "upload_not_found", "there is no such upload"};
const Refusal kUploadCompleted{ErrorKind::kConflict, "upload_completed",
                               "the upload is complete and has become an asset"};
const Refusal kUploadCancelled{ErrorKind::kGone, "upload_cancelled", "the upload was cancelled"};
const Refusal kUploadExpired{ErrorKind::kGone, "upload_expired",
                             "the upload was not finished in time and has expired"};
const Refusal kUploadErrored{ErrorKind::kGone, "upload_errored", "the upload has failed"};
const Refusal kNoRoom{ErrorKind::kOutOfSpace, "out_of_space",
                      "the server's disk has no room for the upload"};
const Refusal kMalformedMultipart{ErrorKind::kMalformed, "malformed_multipart",
                                  "the multipart body does not parse"};
const Refusal kMultipartFieldTooLong{ErrorKind::kTooLarge, "multipart_field_too_long",
                                     "a field of the form is too long"};
const Refusal kMissingFile{ErrorKind::kInvalidArgument, "missing_file",
                           "the form has no file in it", "file", "must be a part with a file name"};
const Refusal kSeveralFiles{ErrorKind::kInvalidArgument, "several_files",
                            "the form has more than one file in it", "file",
                            "must be one file a request"};
const Refusal kUnknownMultipart{ErrorKind::kUnsupported, "unsupported_content_type",
                                "the body is a kind of multipart that is not served here",
                                "Content-Type",
                                "must be multipart/form-data, or the type of the file itself"};

Error Refuse(const Refusal& refusal) {
  return Error(refusal.kind, std::string(refusal.code), std::string(refusal.sentence))
      .At(std::string(refusal.field), std::string(refusal.rule));
}

Error RefuseSize(std::string_view field, std::uint64_t max_size) {
  return Refuse(kUploadTooLarge)
      .At(std::string(field), "must be at most " + std::to_string(max_size) + " bytes");
}

Error RefuseRoom(std::uint64_t min_free) {
  return Refuse(kNoRoom).At("storage.min_free",
                            std::to_string(min_free) +
                                " bytes of the disk stay free, beside what unfinished uploads are "
                                "going to take");
}

int StatusOfCode(std::string_view code) {
  for (const Refusal* refusal : {&kWrongTusVersion, &kUploadLocked}) {
    if (refusal->code == code) return refusal->status;
  }
  return 0;
}

}  // namespace penstock::upload
