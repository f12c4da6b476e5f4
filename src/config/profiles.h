// What holds among the profiles of a configuration, beyond the rules of single keys.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"

namespace penstock::config {

// The profile that [transcode] makes.
inline constexpr std::string_view kMainProfile = "h264";

// Of [profiles.<name>]: 1 to 32 of a-z, 0-9 and '-', beginning with a letter.
bool IsProfileName(std::string_view name);

// Every mistake: the name of a profile that is not there, and keys that do not fit their profile's
// codec. kInvalidArgument code "invalid_configuration", with the key and the rule.
std::vector<Error> ProfileMistakes(const Config& config);

}  // namespace penstock::config
