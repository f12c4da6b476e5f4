#include "fingerprint/list_lines.h"

#include "fingerprint/csv_list.h"
#include "fingerprint/fpcalc_list.h"
#include "fingerprint/pdq_list.h"

namespace penstock::fingerprint {

std::unique_ptr<LineReader> ReaderFor(std::string_view first_line) {
  if (FpcalcListReader::Recognises(first_line)) return std::make_unique<FpcalcListReader>();
  if (PdqListReader::Recognises(first_line)) return std::make_unique<PdqListReader>();
  if (CsvListReader::Recognises(first_line)) return std::make_unique<CsvListReader>();
  return nullptr;
}

}  // namespace penstock::fingerprint
