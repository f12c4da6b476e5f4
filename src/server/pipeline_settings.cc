#include "server/pipeline_settings.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <thread>

#include "base/log.h"
#include "base/memory.h"

namespace penstock::server {
namespace {

using transcoder::AudioCodec;
using transcoder::VideoCodec;

// "2800k" -> 2'800'000.
std::int64_t BitRate(const std::string& text) {
  return std::strtoll(text.c_str(), nullptr, 10) * 1000;
}

// Small pictures are watched when the network is bad: a little less quality for fewer bits.
int CrfOf(VideoCodec codec, std::int64_t configured, int height) {
  if (configured != 0) return static_cast<int>(configured);
  if (codec == VideoCodec::kAv1) return 35;
  return height <= 240 ? 24 : 23;
}

// encoding: codec, crf and preset.
void AddVideo(const std::vector<std::string>& rungs, const config::ProfileConfig& encoding,
              std::vector<transcoder::VideoRung>& ladder) {
  const VideoCodec codec = encoding.codec == "av1" ? VideoCodec::kAv1 : VideoCodec::kH264;
  const bool usual = codec == VideoCodec::kAv1 && encoding.preset.empty();
  for (const std::string& text : rungs) {
    const std::size_t colon = text.find(':');
    const int height = std::atoi(text.c_str());
    ladder.push_back({transcoder::VideoRungName(height, codec), height,
                      BitRate(text.substr(colon + 1)), CrfOf(codec, encoding.crf, height), codec,
                      usual ? "10" : encoding.preset});
  }
}

transcoder::AudioRung Sound(const std::string& rate, AudioCodec codec) {
  return {transcoder::AudioRungName(rate, codec), BitRate(rate), codec};
}

template <typename T>
const T& Or(const T& value, const T& otherwise) {
  return value.empty() ? otherwise : value;
}

}  // namespace

transcoder::LadderProfile LadderOf(const config::Config& config) {
  const config::TranscodeConfig& main = config.transcode;
  const auto found = config.profiles.find(main.profile);
  const config::ProfileConfig encoding =
      found == config.profiles.end() ? config::ProfileConfig() : found->second;
  const AudioCodec codec = encoding.codec == "av1" ? AudioCodec::kOpus : AudioCodec::kAac;
  transcoder::LadderProfile profile;
  profile.video.clear();
  AddVideo(Or(encoding.rungs, main.rungs), encoding, profile.video);
  AddVideo(encoding.fallback_rungs, {}, profile.video);
  profile.audio_only.clear();
  for (const std::string& rate : Or(encoding.audio_rungs, main.audio_rungs)) {
    profile.audio_only.push_back(Sound(rate, codec));
  }
  profile.audio_with_video = {Sound(Or(encoding.audio_bit_rate, main.audio_bit_rate), codec)};
  if (!encoding.fallback_rungs.empty()) {
    profile.audio_only.push_back(Sound(main.audio_bit_rate, AudioCodec::kAac));
    profile.audio_with_video.push_back(profile.audio_only.back());
  }
  profile.preset = main.preset;
  profile.segment_duration = main.segment_duration.millis();
  profile.copy_through = main.copy_through && encoding.codec == "h264";
  profile.threads = static_cast<int>(main.threads);
  if (main.loudness_target != 0) {
    profile.loudness_target = static_cast<double>(main.loudness_target);
  }
  return profile;
}

transcoder::Limits LimitsOf(const config::SandboxConfig& config) {
  transcoder::Limits limits;
  limits.max_streams = static_cast<int>(config.max_streams);
  limits.max_pixels = config.max_pixels;
  limits.max_duration = config.max_duration.millis();
  return limits;
}

pipeline::SandboxOptions SandboxOf(const config::SandboxConfig& config) {
  pipeline::SandboxOptions options;
  options.enabled = config.enabled;
  options.limits.memory_bytes = config.memory.bytes();
  options.limits.cpu_seconds = static_cast<std::uint64_t>(config.cpu_time.millis().count()) / 1000;
  options.limits.output_bytes = config.max_output.bytes();
  options.stall_timeout = config.stall_timeout.millis();
  return options;
}

pipeline::SandboxOptions InspectSandboxOf(const config::SandboxConfig& config) {
  pipeline::SandboxOptions options = SandboxOf(config);
  options.stall_timeout = config.probe_timeout.millis();
  return options;
}

pipeline::WorkerOptions WorkerOptionsOf(const config::PipelineConfig& config) {
  pipeline::WorkerOptions options;
  options.slots = config.workers > 0 ? static_cast<unsigned>(config.workers)
                                     : std::max(1U, std::thread::hardware_concurrency());
  options.lease = config.lease.millis();
  options.sweep_interval = config.sweep_interval.millis();
  options.max_attempts = static_cast<int>(config.max_attempts);
  return options;
}

pipeline::AdmissionOptions AdmissionOptionsOf(const config::PipelineConfig& config) {
  pipeline::AdmissionOptions options;
  options.memory = config.memory.bytes();
  if (options.memory == 0) {
    // The rest is for the server itself and for the kernel's cache.
    const auto available = AvailableMemory();
    if (!available) LogFailure(LogLevel::kWarning, "worker.memory_unknown", available.error());
    options.memory = available.value_or(std::numeric_limits<std::uint64_t>::max()) / 4 * 3;
  }
  options.low_water = config.low_water.bytes();
  options.high_water = config.high_water.bytes();
  return options;
}

}  // namespace penstock::server
