// One row of a reference list as JSON, in our format or in fpcalc's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.h"
#include "media/rights.h"

namespace penstock::fingerprint {

// True for what `fpcalc -json` prints, with -raw or without: a fingerprint, but neither our kind
// nor algorithm.
bool IsFpcalcRow(const nlohmann::json& row);

// REQUIRES: row is an object. line is its number in the file. Errors: the codes of
// reference_list.h.
Result<media::Reference> ReadRow(const nlohmann::json& row);
Result<media::Reference> ReadFpcalcRow(const nlohmann::json& row, std::int64_t line);

// Optional text of at most limit characters without control characters; empty when absent.
Result<std::string> ReadText(const nlohmann::json& object, const char* field, std::size_t limit);

}  // namespace penstock::fingerprint
