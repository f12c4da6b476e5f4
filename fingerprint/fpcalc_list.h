// What `fpcalc` and `fpcalc -raw` print without -json: lines FILE=, DURATION= and FINGERPRINT=.
#pragma once

#include <string>

#include "fingerprint/list_lines.h"

namespace penstock::fingerprint {

// A row ends with its FINGERPRINT=; the row has that line's number.
class FpcalcListReader : public LineReader {
 public:
  static bool Recognises(std::string_view line);

  void Read(std::string_view line, std::int64_t number, std::vector<ListRow>& rows) override;
  void Finish(std::vector<ListRow>& rows) override;

 private:
  std::string duration_;
  std::int64_t begun_ = 0;  // line of the DURATION= that no FINGERPRINT= has followed yet
};

}  // namespace penstock::fingerprint
