// The line formats of a list other than our own: each turns lines into rows.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "fingerprint/reference_list.h"

namespace penstock::fingerprint {

class LineReader {
 public:
  virtual ~LineReader() = default;
  // A line without its end, not empty; number counts from 1. A row may take several lines.
  virtual void Read(std::string_view line, std::int64_t number, std::vector<ListRow>& rows) = 0;
  // What is left when no line follows.
  virtual void Finish(std::vector<ListRow>& rows) = 0;
};

// The reader for a file whose first line that is not empty is this one; null when that is JSON or
// unknown. The line itself is to be given to the reader as well.
std::unique_ptr<LineReader> ReaderFor(std::string_view first_line);

}  // namespace penstock::fingerprint
