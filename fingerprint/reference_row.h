// One row of a reference list as JSON, in our format or in fpcalc's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.h"
#include "fingerprint/reference_list.h"
#include "media/rights.h"

namespace penstock::fingerprint {

// The row of one line: ours (a reference or a withdrawal), or what `fpcalc -json` prints with or
// without -raw: a fingerprint, but neither kind nor algorithm nor id. Any JSON; line is its number
// in the file.
ListRow ReadListRow(const nlohmann::json& row, std::int64_t line);

// A row that came to this; line is its number in the file.
ListRow RowOf(Result<media::Reference> reference, std::int64_t line);

// A reference for a work without an id: it is named by its content. Errors: of CheckContent.
Result<media::Reference> KeylessReference(media::Fingerprint fingerprint, std::string title);

// Optional text of at most limit characters without control characters; empty when absent.
Result<std::string> ReadText(const nlohmann::json& object, const char* field, std::size_t limit);

}  // namespace penstock::fingerprint
