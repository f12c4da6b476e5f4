// The nouns of media as JSON text, for the catalog and between our own processes. Times and
// durations are whole milliseconds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media/media_info.h"
#include "media/presentation.h"
#include "media/rights.h"
#include "media/source_index.h"

namespace penstock::media {

std::string ToJson(const MediaInfo& info);
std::string ToJson(const SourceIndex& index);
std::string ToJson(const Presentation& presentation);
std::string ToJson(const std::vector<MatchEvidence>& matches);
std::string ToJson(const std::vector<TextTrack>& tracks);
std::string ToJson(const Decision& decision);

// For MediaInfo, SourceIndex, Presentation, Decision and std::vector of MatchEvidence and
// TextTrack. A member that is not there keeps its default, so that documents of an earlier version
// can be read. Errors: kMalformed when the text is no such document.
template <typename T>
Result<T> FromJson(std::string_view text);

}  // namespace penstock::media
