// Text tracks and warnings inside the documents of media/json.h. For the sources of this folder
// only.
#pragma once

#include <nlohmann/json.hpp>

#include "media/text_track.h"

namespace penstock::media {

nlohmann::json Write(const TextTrack& track);
nlohmann::json Write(const Warning& warning);
// A wrong type throws, as nlohmann::json does.
void Read(const nlohmann::json& object, TextTrack& track);
void Read(const nlohmann::json& object, Warning& warning);

}  // namespace penstock::media
