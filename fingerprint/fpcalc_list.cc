#include "fingerprint/fpcalc_list.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "fingerprint/list_cells.h"
#include "fingerprint/reference_row.h"

namespace penstock::fingerprint {
namespace {

using nlohmann::json;

constexpr std::string_view kFile = "FILE=";
constexpr std::string_view kDuration = "DURATION=";
constexpr std::string_view kFingerprint = "FINGERPRINT=";

// Numbers with commas are raw, anything else is compressed.
json FingerprintOf(std::string_view text) {
  if (text.find(',') == std::string_view::npos) return std::string(text);
  json numbers = json::array();
  while (!text.empty()) {
    numbers.push_back(NumberOrText<std::int64_t>(TakeCell(text, ',')));
  }
  return numbers;
}

Error WithoutFingerprint() {
  return {ErrorKind::kMalformed, "missing_field", "no FINGERPRINT= follows the line"};
}

}  // namespace

bool FpcalcListReader::Recognises(std::string_view line) {
  return line.starts_with(kFile) || line.starts_with(kDuration) || line.starts_with(kFingerprint);
}

void FpcalcListReader::Read(std::string_view line, std::int64_t number,
                            std::vector<ListRow>& rows) {
  if (line.starts_with(kFile)) return;
  if (line.starts_with(kDuration)) {
    Finish(rows);
    duration_ = line.substr(kDuration.size());
    begun_ = number;
    return;
  }
  if (!line.starts_with(kFingerprint)) {
    rows.push_back({number, Error(ErrorKind::kMalformed, "malformed_row",
                                  "the line is not one that fpcalc prints")});
    return;
  }
  json object = {{"fingerprint", FingerprintOf(line.substr(kFingerprint.size()))}};
  if (begun_ != 0) object["duration"] = NumberOrText<double>(duration_);
  begun_ = 0;
  rows.push_back(ReadListRow(object, number));
}

void FpcalcListReader::Finish(std::vector<ListRow>& rows) {
  if (begun_ != 0) rows.push_back({std::exchange(begun_, 0), WithoutFingerprint()});
}

}  // namespace penstock::fingerprint
