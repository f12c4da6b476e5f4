// A list as comma-separated values (RFC 4180): the first line names the columns, which are the
// fields of a JSON row.
#pragma once

#include <string>
#include <vector>

#include "fingerprint/list_lines.h"

namespace penstock::fingerprint {

// Excluded intervals are one cell, "10-20;30.5-40". A cell holds no line break.
class CsvListReader : public LineReader {
 public:
  // True for a line that names the columns id and fingerprint.
  static bool Recognises(std::string_view line);

  void Read(std::string_view line, std::int64_t number, std::vector<ListRow>& rows) override;
  void Finish(std::vector<ListRow>&) override {}

 private:
  std::vector<std::string> columns_;
};

}  // namespace penstock::fingerprint
