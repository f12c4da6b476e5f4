// The rules that values keep beyond their type.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "config/slot.h"

namespace penstock::config {

// text completes "<key> must be ..."; holds may assume the type of the key's value.
struct Rule {
  std::string_view text;
  bool (*holds)(const Slot& value);
};

// "<place><key> must be <rule>". place: where the value stands, "penstock.toml:7: ",
// "PENSTOCK_LOG_LEVEL: " or empty. kInvalidArgument code "invalid_configuration", with key and
// rule.
Error BrokenRule(std::string_view place, const std::string& key, std::string_view rule);

extern const Rule kAnything;
extern const Rule kListenAddress;    // text
extern const Rule kPublicUrl;        // text
extern const Rule kLogLevel;         // text
extern const Rule kNotEmpty;         // text
extern const Rule kStorageUrl;       // text
extern const Rule kCatalogUrl;       // text
extern const Rule kPreset;           // text
extern const Rule kBitRate;          // text
extern const Rule kPositive;         // whole number, duration or size
extern const Rule kCount;            // whole number, 1 to 1,000,000
extern const Rule kThreads;          // whole number, 0 to 1024
extern const Rule kLoudness;         // whole number, LUFS or 0
extern const Rule kSegmentDuration;  // duration
extern const Rule kRungs;            // list
extern const Rule kBitRates;         // list
extern const Rule kCodec;            // text
extern const Rule kCrf;              // whole number, or 0
// The same, or empty.
extern const Rule kBitRateOrNone;   // text
extern const Rule kRungsOrNone;     // list
extern const Rule kBitRatesOrNone;  // list

// Text, "veryfast".
bool IsX264Preset(std::string_view text);
// Text, "0" to "13".
bool IsSvtPreset(std::string_view text);

}  // namespace penstock::config
