// The documents of the catalog as JSON text. Times and durations are whole milliseconds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/media_info.h"
#include "media/presentation.h"
#include "media/rights.h"

namespace penstock::catalog {

std::string ToJson(const media::MediaInfo& info);
std::string ToJson(const media::Presentation& presentation);
std::string ToJson(const std::vector<media::MatchEvidence>& matches);
std::string ToJson(const media::Decision& decision);

// For MediaInfo, Presentation, std::vector<MatchEvidence> and Decision. A member that is not there
// keeps its default, so that documents of an earlier version can be read. Errors: kInternal when
// the text is no such document.
template <typename T>
Result<T> FromJson(std::string_view text);

}  // namespace penstock::catalog
