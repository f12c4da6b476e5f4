#include "upload/multipart_parser.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "http/message.h"
#include "upload/refusals.h"

namespace penstock::upload {
namespace {

constexpr std::size_t kMaxHeader = std::size_t{8} * 1024;  // bytes of one part's header
constexpr std::size_t kMaxPadding = 256;                   // white space after a boundary
constexpr int kMaxParts = 64;

Error Malformed(std::string rule) {
  return Refuse(kMalformedMultipart).At("body", std::move(rule));
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// A quoted string without its opening quote; takes it off the text. Only \" and \\ are escapes,
// since some browsers send whole Windows paths.
std::optional<std::string> TakeQuoted(std::string_view& text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    const bool escape =
        text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
    if (escape) ++i;
    value += text[i];
  }
  return std::nullopt;
}

using Parameters = std::vector<std::pair<std::string, std::string>>;

// "; name=value" pairs (RFC 9110 5.6.6), values quoted or not.
std::optional<Parameters> ParseParameters(std::string_view text) {
  Parameters parameters;
  while (true) {
    text = Trim(text);
    if (text.empty()) return parameters;
    if (text.front() != ';') return std::nullopt;
    text = Trim(text.substr(1));
    if (text.empty() || text.front() == ';') continue;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    std::string name(Trim(text.substr(0, equals)));
    text = Trim(text.substr(equals + 1));
    std::string value;
    if (text.starts_with('"')) {
      text.remove_prefix(1);
      auto quoted = TakeQuoted(text);
      if (!quoted) return std::nullopt;
      value = *std::move(quoted);
    } else {
      const std::size_t end = std::min(text.find(';'), text.size());
      value = Trim(text.substr(0, end));
      text.remove_prefix(end);
    }
    parameters.emplace_back(std::move(name), std::move(value));
  }
}

std::optional<std::string> FindParameter(const Parameters& parameters, std::string_view name) {
  for (const auto& [key, value] : parameters) {
    if (http::EqualsIgnoringCase(key, name)) return value;
  }
  return std::nullopt;
}

// Browsers write these three as percent escapes, and no others (WHATWG HTML, multipart/form-data).
std::string DecodeFormName(std::string_view text) {
  std::string name;
  while (!text.empty()) {
    std::size_t used = 3;
    if (text.starts_with("%22")) {
      name += '"';
    } else if (text.starts_with("%0D")) {
      name += '\r';
    } else if (text.starts_with("%0A")) {
      name += '\n';
    } else {
      name += text.front();
      used = 1;
    }
    text.remove_prefix(used);
  }
  return name;
}

Result<PartHeader> ParsePartHeader(std::string_view block) {
  while (!block.empty()) {
    const std::size_t end = std::min(block.find("\r\n"), block.size());
    const std::string_view line = block.substr(0, end);
    block.remove_prefix(std::min(end + 2, block.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return Malformed("header lines must have a colon");
    if (http::EqualsIgnoringCase(Trim(line.substr(0, colon)), "Content-Disposition")) {
      return ParseContentDisposition(line.substr(colon + 1));
    }
  }
  return Malformed("every part must have a Content-Disposition");
}

}  // namespace

Result<PartHeader> ParseContentDisposition(std::string_view value) {
  const std::size_t semicolon = std::min(value.find(';'), value.size());
  if (!http::EqualsIgnoringCase(Trim(value.substr(0, semicolon)), "form-data")) {
    return Malformed("the Content-Disposition of a part must be form-data");
  }
  const auto parameters = ParseParameters(value.substr(semicolon));
  if (!parameters) return Malformed("the parameters of a Content-Disposition must be name=value");
  const auto name = FindParameter(*parameters, "name");
  if (!name) return Malformed("every part must have a name");
  const auto file_name = FindParameter(*parameters, "filename");
  return PartHeader{DecodeFormName(*name), DecodeFormName(file_name.value_or(""))};
}

Result<std::string> MultipartParser::BoundaryOf(std::string_view content_type) {
  const std::size_t semicolon = std::min(content_type.find(';'), content_type.size());
  const auto parameters = ParseParameters(content_type.substr(semicolon));
  const auto boundary = parameters ? FindParameter(*parameters, "boundary") : std::nullopt;
  if (!boundary || boundary->empty() || boundary->size() > 70) {
    return Refuse(kMalformedMultipart)
        .At("Content-Type", "must have a boundary of 1 to 70 characters");
  }
  return *boundary;
}

MultipartParser::MultipartParser(std::string_view boundary, PartConsumer& consumer)
    : delimiter_("\r\n--" + std::string(boundary)), consumer_(consumer) {}

Status MultipartParser::Feed(std::string_view bytes) {
  if (state_ == State::kEpilogue) return {};
  buffer_.append(bytes);
  while (true) {
    PENSTOCK_TRY(const bool moved, Step());
    if (!moved) break;
  }
  buffer_.erase(0, position_);
  position_ = 0;
  return {};
}

Status MultipartParser::Finish() const {
  if (state_ != State::kEpilogue) return Malformed("must end with its closing boundary");
  return {};
}

Result<bool> MultipartParser::Step() {
  switch (state_) {
    case State::kPreamble:
      return SkipPreamble();
    case State::kBoundaryEnd:
      return EndBoundary();
    case State::kHeader:
      return ReadHeader();
    case State::kBytes:
      return ReadBytes();
    case State::kEpilogue:
      break;
  }
  position_ = buffer_.size();
  return false;
}

Result<bool> MultipartParser::SkipPreamble() {
  const std::size_t found = Rest().find(delimiter_);
  if (found == std::string_view::npos) {
    position_ = buffer_.size() - std::min(Rest().size(), delimiter_.size() - 1);
    return false;
  }
  position_ += found + delimiter_.size();
  state_ = State::kBoundaryEnd;
  return true;
}

Result<bool> MultipartParser::EndBoundary() {
  if (Rest().size() < 2) return false;
  if (Rest().starts_with("--")) {
    state_ = State::kEpilogue;
    return true;
  }
  const std::size_t padding = std::min(Rest().find_first_not_of(" \t"), Rest().size());
  if (padding > kMaxPadding) return Malformed("a boundary must stand on a line of its own");
  if (Rest().size() < padding + 2) return false;
  if (Rest().substr(padding, 2) != "\r\n") {
    return Malformed("a boundary must stand on a line of its own");
  }
  position_ += padding;  // the line break stays, so that an empty header looks like any other
  state_ = State::kHeader;
  return true;
}

Result<bool> MultipartParser::ReadHeader() {
  const std::size_t end = Rest().find("\r\n\r\n");
  if (std::min(end, Rest().size()) > kMaxHeader) {
    return Malformed("the header of a part must have at most 8192 bytes");
  }
  if (end == std::string_view::npos) return false;
  if (++parts_ > kMaxParts) return Malformed("at most 64 parts");
  const std::string_view block = Rest().substr(0, end);
  PENSTOCK_TRY(const PartHeader header,
               ParsePartHeader(block.substr(std::min<std::size_t>(2, end))));
  PENSTOCK_CHECK(consumer_.BeginPart(header));
  position_ += end + 4;
  state_ = State::kBytes;
  return true;
}

Result<bool> MultipartParser::ReadBytes() {
  const std::string_view rest = Rest();
  const std::size_t found = rest.find(delimiter_);
  if (found == std::string_view::npos) {
    // What could still become the delimiter waits.
    const std::size_t sure = rest.size() - std::min(rest.size(), delimiter_.size() - 1);
    if (sure > 0) PENSTOCK_CHECK(consumer_.PartBytes(rest.substr(0, sure)));
    position_ += sure;
    return false;
  }
  if (found > 0) PENSTOCK_CHECK(consumer_.PartBytes(rest.substr(0, found)));
  PENSTOCK_CHECK(consumer_.EndPart());
  position_ += found + delimiter_.size();
  state_ = State::kBoundaryEnd;
  return true;
}

}  // namespace penstock::upload
