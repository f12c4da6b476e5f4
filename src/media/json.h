// The JSON form in which media information and presentations are stored and sent between our own
// processes.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "media/media_info.h"
#include "media/presentation.h"

namespace penstock::media {

std::string ToJson(const MediaInfo& info);
std::string ToJson(const Presentation& presentation);

// Errors: kMalformed when the text is no JSON, or a field is missing or of another type.
Result<MediaInfo> MediaInfoFromJson(std::string_view text);
Result<Presentation> PresentationFromJson(std::string_view text);

}  // namespace penstock::media
