// Which encoders the installed libavcodec has.
#pragma once

#include <string>
#include <vector>

#include "transcoder/ladder.h"

namespace penstock::transcoder {

// Names of libavcodec ("libx264", "aac").
std::string EncoderOf(VideoCodec codec);
std::string EncoderOf(AudioCodec codec);

// What the rungs of a ladder are encoded with, without repeats.
std::vector<std::string> EncodersOf(const LadderProfile& profile);
bool HasEncoder(const std::string& name);

}  // namespace penstock::transcoder
