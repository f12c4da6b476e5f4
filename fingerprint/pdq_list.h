// A list of PDQ hashes: one frame a line, "HASH[,QUALITY[,SECONDS]]", one film after another.
#pragma once

#include <string>

#include "fingerprint/list_lines.h"

namespace penstock::fingerprint {

// HASH is 64 hexadecimal digits as PDQ prints them; QUALITY 0 to 100, 100 when absent; SECONDS from
// the start of the film, half a second after the frame before when absent. A line "# TITLE", or a
// time that is not after the one before, begins the next film. The row has the number of the film's
// first line.
class PdqListReader : public LineReader {
 public:
  static bool Recognises(std::string_view line);

  void Read(std::string_view line, std::int64_t number, std::vector<ListRow>& rows) override;
  void Finish(std::vector<ListRow>& rows) override;

 private:
  void Add(std::string_view line, std::int64_t number, std::vector<ListRow>& rows);

  std::string title_;
  std::int64_t begun_ = 0;  // line of the film's first frame; 0 between films
  media::Fingerprint film_;
};

}  // namespace penstock::fingerprint
