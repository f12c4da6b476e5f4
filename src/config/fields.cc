#include "config/fields.h"

#include <algorithm>

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

}  // namespace

std::span<const Field> Fields() { return kFields; }

const Field* FindField(std::string_view section, std::string_view key) {
  const auto field = std::find_if(std::begin(kFields), std::end(kFields), [&](const Field& each) {
    return each.section == section && each.key == key;
  });
  return field == std::end(kFields) ? nullptr : &*field;
}

bool IsSection(std::string_view section) {
  return std::any_of(std::begin(kFields), std::end(kFields),
                     [&](const Field& each) { return each.section == section; });
}

}  // namespace penstock::config
