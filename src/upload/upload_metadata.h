// The Upload-Metadata header (tus 1.0, "Upload-Metadata").
#pragma once

#include <string_view>

#include "base/result.h"
#include "upload/description.h"

namespace penstock::upload {

// Pairs "key base64" separated by commas; keys are unique and not empty; a value may be missing.
// Known keys are filename (or name), title and visibility; others are kept in Description::metadata
// only. Errors: kInvalidArgument code "invalid_upload_metadata"; the field is the key.
Result<Description> ParseUploadMetadata(std::string_view header);

}  // namespace penstock::upload
