#include "config/fields.h"

#include <algorithm>

#include "config/profiles.h"

namespace penstock::config {
namespace {

// A macro, so that a key cannot be named otherwise than its member.
#define PENSTOCK_FIELD(section, key, rule)                                            \
  {                                                                                   \
#section, #key, [](Config & config) -> Slot { return &config.section.key; }, rule \
  }

const Field kFields[] = {
    PENSTOCK_FIELD(server, listen, kListenAddress),
    PENSTOCK_FIELD(server, public_url, kPublicUrl),
    PENSTOCK_FIELD(server, web_root, kAnything),
    PENSTOCK_FIELD(server, max_connections, kCount),
    PENSTOCK_FIELD(server, max_connections_per_address, kCount),
    PENSTOCK_FIELD(server, body_timeout, kPositive),
    PENSTOCK_FIELD(server, min_body_rate, kPositive),
    PENSTOCK_FIELD(server, drain_timeout, kAnything),

    PENSTOCK_FIELD(log, level, kLogLevel),

    PENSTOCK_FIELD(storage, data, kNotEmpty),
    PENSTOCK_FIELD(storage, url, kStorageUrl),
    PENSTOCK_FIELD(storage, min_free, kAnything),

    PENSTOCK_FIELD(catalog, url, kCatalogUrl),

    PENSTOCK_FIELD(upload, max_size, kPositive),
    PENSTOCK_FIELD(upload, expire_after, kPositive),

    PENSTOCK_FIELD(pipeline, workers, kThreads),
    PENSTOCK_FIELD(pipeline, lease, kPositive),
    PENSTOCK_FIELD(pipeline, sweep_interval, kPositive),
    PENSTOCK_FIELD(pipeline, max_attempts, kCount),
    PENSTOCK_FIELD(pipeline, memory, kAnything),
    PENSTOCK_FIELD(pipeline, low_water, kAnything),
    PENSTOCK_FIELD(pipeline, high_water, kAnything),

    PENSTOCK_FIELD(sandbox, enabled, kAnything),
    PENSTOCK_FIELD(sandbox, memory, kPositive),
    PENSTOCK_FIELD(sandbox, cpu_time, kPositive),
    PENSTOCK_FIELD(sandbox, probe_timeout, kPositive),
    PENSTOCK_FIELD(sandbox, stall_timeout, kPositive),
    PENSTOCK_FIELD(sandbox, max_output, kPositive),
    PENSTOCK_FIELD(sandbox, max_streams, kCount),
    PENSTOCK_FIELD(sandbox, max_pixels, kPositive),
    PENSTOCK_FIELD(sandbox, max_duration, kPositive),

    PENSTOCK_FIELD(transcode, profile, kNotEmpty),
    PENSTOCK_FIELD(transcode, preset, kPreset),
    PENSTOCK_FIELD(transcode, segment_duration, kSegmentDuration),
    PENSTOCK_FIELD(transcode, copy_through, kAnything),
    PENSTOCK_FIELD(transcode, threads, kThreads),
    PENSTOCK_FIELD(transcode, rungs, kRungs),
    PENSTOCK_FIELD(transcode, audio_rungs, kBitRates),
    PENSTOCK_FIELD(transcode, audio_bit_rate, kBitRate),
    PENSTOCK_FIELD(transcode, loudness_target, kLoudness),

    PENSTOCK_FIELD(rights, min_match, kAnything),

    PENSTOCK_FIELD(text_tracks, max_size, kPositive),

    PENSTOCK_FIELD(lists, max_rows, kCount),
    PENSTOCK_FIELD(lists, max_size, kPositive),
    PENSTOCK_FIELD(lists, kept_versions, kCount),
    PENSTOCK_FIELD(lists, settle_within, kPositive),
};

#undef PENSTOCK_FIELD

#define PENSTOCK_PROFILE_FIELD(key, rule)                                    \
  {                                                                          \
#key, [](ProfileConfig & profile) -> Slot { return &profile.key; }, rule \
  }

const ProfileField kProfileFields[] = {
    PENSTOCK_PROFILE_FIELD(codec, kCodec),
    PENSTOCK_PROFILE_FIELD(preset, kAnything),
    PENSTOCK_PROFILE_FIELD(crf, kCrf),
    PENSTOCK_PROFILE_FIELD(rungs, kRungsOrNone),
    PENSTOCK_PROFILE_FIELD(audio_rungs, kBitRatesOrNone),
    PENSTOCK_PROFILE_FIELD(audio_bit_rate, kBitRateOrNone),
    PENSTOCK_PROFILE_FIELD(fallback_rungs, kRungsOrNone),
};

#undef PENSTOCK_PROFILE_FIELD

// The name in "profiles.<name>", or empty.
std::string_view ProfileOf(std::string_view section) {
  constexpr std::string_view kProfiles = "profiles.";
  if (!section.starts_with(kProfiles)) return {};
  const std::string_view name = section.substr(kProfiles.size());
  return IsProfileName(name) && name != kMainProfile ? name : std::string_view();
}

}  // namespace

std::span<const Field> Fields() { return kFields; }

std::span<const ProfileField> ProfileFields() { return kProfileFields; }

std::optional<Key> FindKey(Config& config, std::string_view section, std::string_view key) {
  const std::string name = std::string(section) + "." + std::string(key);
  if (const std::string_view profile = ProfileOf(section); !profile.empty()) {
    for (const ProfileField& field : kProfileFields) {
      if (field.key != key) continue;
      return Key{name, field.slot(config.profiles[std::string(profile)]), field.rule};
    }
    return std::nullopt;
  }
  for (const Field& field : kFields) {
    if (field.section == section && field.key == key) {
      return Key{name, field.slot(config), field.rule};
    }
  }
  return std::nullopt;
}

bool IsSection(std::string_view section) {
  return section == "profiles" || !ProfileOf(section).empty() ||
         std::any_of(std::begin(kFields), std::end(kFields),
                     [&](const Field& each) { return each.section == section; });
}

void AddProfile(Config& config, std::string_view section) {
  const std::string_view profile = ProfileOf(section);
  if (!profile.empty()) config.profiles.try_emplace(std::string(profile));
}

}  // namespace penstock::config
