// The body of a form (RFC 7578) with one file in it.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"
#include "upload/multipart_parser.h"
#include "upload/whole_upload.h"

namespace penstock::upload {

// Owned by the request. The part with a file name is the file; the fields title, filename and
// visibility count before and after it. Nothing is kept of a form that does not parse to its end.
class FormSink final : public http::BodySink, private PartConsumer {
 public:
  FormSink(std::string_view boundary, WholeUpload upload);

  Status Write(std::span<const std::byte> bytes) override;
  http::Response Finish() override;
  void Abort() override { upload_.Abort(); }

 private:
  Status BeginPart(const PartHeader& header) override;
  Status PartBytes(std::string_view bytes) override;
  Status EndPart() override;

  WholeUpload upload_;
  MultipartParser parser_;
  bool in_file_ = false;
  std::string field_;  // the name of the part
  std::string value_;
};

}  // namespace penstock::upload
