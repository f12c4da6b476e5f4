#include "upload/form_sink.h"

#include <span>
#include <utility>

#include "upload/refusals.h"

namespace penstock::upload {
namespace {

constexpr std::size_t kMaxValue = std::size_t{64} * 1024;  // bytes of a field that is no file

}  // namespace

FormSink::FormSink(std::string_view boundary, WholeUpload upload)
    : upload_(std::move(upload)), parser_(boundary, *this) {}

Status FormSink::Write(std::span<const std::byte> bytes) {
  return parser_.Feed({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

http::Response FormSink::Finish() {
  if (const Status whole = parser_.Finish(); !whole) return upload_.Refuse(whole.error());
  if (!upload_.begun()) return upload_.Refuse(Refuse(kMissingFile));
  return upload_.Finish();
}

Status FormSink::BeginPart(const PartHeader& header) {
  in_file_ = !header.file_name.empty();
  field_ = header.name;
  value_.clear();
  if (!in_file_) return {};
  if (upload_.begun()) return Refuse(kSeveralFiles);
  PENSTOCK_CHECK(SetField(upload_.description(), "name", header.file_name));
  return upload_.Begin();
}

Status FormSink::PartBytes(std::string_view bytes) {
  if (in_file_) return upload_.Append(std::as_bytes(std::span(bytes)));
  if (value_.size() + bytes.size() > kMaxValue) {
    return Refuse(kMultipartFieldTooLong).At(field_, "at most 65536 bytes");
  }
  value_.append(bytes);
  return {};
}

Status FormSink::EndPart() {
  if (in_file_) return {};
  return SetField(upload_.description(), field_, value_);
}

}  // namespace penstock::upload
