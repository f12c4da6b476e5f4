#include "server/pipeline_settings.h"

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "base/memory.h"

namespace penstock::server {
namespace {

// "2800k" -> 2'800'000.
std::int64_t BitRate(const std::string& text) {
  return std::strtoll(text.c_str(), nullptr, 10) * 1000;
}

// Small pictures are watched when the network is bad: a little less quality for fewer bits.
int CrfOf(int height) { return height <= 240 ? 24 : 23; }

}  // namespace

transcoder::LadderProfile LadderOf(const config::TranscodeConfig& config) {
  transcoder::LadderProfile profile;
  profile.video.clear();
  for (const std::string& text : config.rungs) {
    const std::size_t colon = text.find(':');
    const std::string name = text.substr(0, colon);
    const int height = std::atoi(name.c_str());
    profile.video.push_back({name, height, BitRate(text.substr(colon + 1)), CrfOf(height)});
  }
  profile.audio_only.clear();
  for (const std::string& rate : config.audio_rungs) {
    profile.audio_only.push_back({"audio-" + rate, BitRate(rate)});
  }
  profile.audio_with_video = {"audio-" + config.audio_bit_rate, BitRate(config.audio_bit_rate)};
  profile.preset = config.preset;
  profile.segment_duration = config.segment_duration.millis();
  profile.copy_through = config.copy_through;
  profile.threads = static_cast<int>(config.threads);
  if (config.loudness_target != 0) {
    profile.loudness_target = static_cast<double>(config.loudness_target);
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

Result<pipeline::AdmissionOptions> AdmissionOptionsOf(const config::PipelineConfig& config) {
  pipeline::AdmissionOptions options;
  options.memory = config.memory.bytes();
  if (options.memory == 0) {
    // The rest is for the server itself and for the kernel's cache.
    PENSTOCK_TRY(const std::uint64_t available, AvailableMemory());
    options.memory = available / 4 * 3;
  }
  options.low_water = config.low_water.bytes();
  options.high_water = config.high_water.bytes();
  return options;
}

}  // namespace penstock::server
