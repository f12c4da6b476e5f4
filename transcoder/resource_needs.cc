#include "transcoder/resource_needs.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <thread>

namespace penstock::transcoder {
namespace {

constexpr std::uint64_t kMebibyte = 1 << 20;
// The program with FFmpeg's libraries, tables and the buffers of demuxers.
constexpr std::uint64_t kProcess = 80 * kMebibyte;
// Of a file nothing is known yet: a decoder that has met a few large pictures.
constexpr std::uint64_t kProbe = 256 * kMebibyte;
constexpr std::uint64_t kTrackOfSound = 8 * kMebibyte;
// Pictures of the source that a decoder and the filters keep, and one more a thread.
constexpr int kSourcePictures = 10;
// Fingerprints and the index grow with the source, and are written out as text at the end.
constexpr std::uint64_t kMemoryOfASecond = 4096;
constexpr std::uint64_t kDiskOfASecond = 2048;
// What SVT-AV1 keeps for each pixel of its pictures.
constexpr std::uint64_t kBytesOfAv1 = 260;
// An animated picture, twice for a moment, and the two canvases that it is drawn on.
constexpr std::uint64_t kConversion = 384 * kMebibyte;
constexpr std::uint64_t kStills = 8 * kMebibyte;

// What x264 keeps of pictures, by preset (x264 --fullhelp): those it looks ahead to, and those it
// refers to.
struct PresetPictures {
  std::string_view name;
  int lookahead, references;
};
constexpr std::array<PresetPictures, 9> kPresets = {{{"ultrafast", 0, 1},
                                                     {"superfast", 0, 1},
                                                     {"veryfast", 10, 1},
                                                     {"faster", 20, 2},
                                                     {"fast", 30, 2},
                                                     {"medium", 40, 3},
                                                     {"slow", 50, 5},
                                                     {"slower", 60, 8},
                                                     {"veryslow", 60, 16}}};

std::uint64_t Pixels(int width, int height) {
  return static_cast<std::uint64_t>(std::max(width, 0)) *
         static_cast<std::uint64_t>(std::max(height, 0));
}

std::uint64_t Seconds(media::Millis duration) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0)) / 1000 + 1;
}

// By FFmpeg's names: yuv420p, yuv422p10le, gbrp12le, p010le. Half bytes, so that they are whole.
std::uint64_t HalfBytesAPixel(std::string_view format) {
  const auto has = [&](std::string_view part) { return format.find(part) != format.npos; };
  const bool full = has("444") || has("rgb") || has("bgr") || has("gbr") || has("440");
  const std::uint64_t samples = full ? 6 : has("422") ? 4 : 3;
  const bool deep = has("10") || has("12") || has("14") || has("16");
  return deep ? samples * 2 : samples;
}

std::uint64_t SourcePictures(const media::MediaInfo& info, int threads) {
  const media::StreamInfo* video = info.First(media::StreamKind::kVideo);
  if (video == nullptr) return 0;
  return Pixels(video->width, video->height) * HalfBytesAPixel(video->pixel_format) / 2 *
         static_cast<std::uint64_t>(kSourcePictures + threads);
}

std::uint64_t EncoderMemory(const PlannedVideo& rung, const std::string& plans, int threads) {
  if (rung.copied) return 0;
  if (rung.rung.codec == VideoCodec::kAv1) return Pixels(rung.width, rung.height) * kBytesOfAv1;
  const std::string_view preset = rung.rung.preset.empty() ? plans : rung.rung.preset;
  const auto* known = std::ranges::find(kPresets, preset, &PresetPictures::name);
  const PresetPictures& pictures = known == kPresets.end() ? kPresets.back() : *known;
  const std::uint64_t bytes = 60 + 4 * static_cast<std::uint64_t>(pictures.lookahead + threads) +
                              6 * static_cast<std::uint64_t>(pictures.references);
  return Pixels(rung.width, rung.height) * bytes;
}

// What is converted in memory before it is read.
std::uint64_t Converted(const media::MediaInfo& info) {
  return info.container == "webp" ? kConversion : 0;
}

// How many threads Transcode() makes of it.
int ThreadsOf(const TranscodePlan& plan) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(plan.threads > 0 ? plan.threads : cores, 1, 16);
}

media::Millis LengthOf(const media::MediaInfo& info, const TranscodePlan& plan) {
  if (!plan.chunk) return info.duration;
  const media::Millis begin(plan.chunk->begin / 90);
  if (plan.chunk->end == Chunk().end) return info.duration - begin;
  return media::Millis(plan.chunk->end / 90) - begin;
}

}  // namespace

ResourceNeeds NeedsOfProbe() { return {.memory = kProbe, .disk = 0}; }

ResourceNeeds NeedsOfDecode(const media::MediaInfo& info) {
  const std::uint64_t seconds = Seconds(info.duration);
  return {.memory = kProcess + Converted(info) + SourcePictures(info, 1) +
                    info.AudioTracks().size() * kTrackOfSound + seconds * kMemoryOfASecond,
          .disk = seconds * kDiskOfASecond};
}

ResourceNeeds NeedsOfTranscode(const media::MediaInfo& info, const TranscodePlan& plan) {
  const int threads = ThreadsOf(plan);
  const bool stills = plan.poster || plan.storyboard;
  ResourceNeeds needs{.memory = kProcess + Converted(info), .disk = stills ? kStills : 0};
  if (stills || !plan.video.empty()) needs.memory += SourcePictures(info, std::min(threads, 4));
  needs.memory += plan.audio.size() * kTrackOfSound;
  std::int64_t bit_rate = 0;
  for (const PlannedVideo& video : plan.video) {
    needs.memory += EncoderMemory(video, plan.preset, threads);
    bit_rate += video.rung.max_bit_rate;
  }
  const std::uint64_t pictures = Seconds(LengthOf(info, plan));
  needs.disk += pictures * static_cast<std::uint64_t>(bit_rate) / 8;
  for (const PlannedAudio& audio : plan.audio) {
    needs.disk += Seconds(info.duration) * static_cast<std::uint64_t>(audio.rung.bit_rate) / 8;
  }
  if (!plan.text.empty()) needs.disk += Seconds(info.duration) * kDiskOfASecond;
  return needs;
}

}  // namespace penstock::transcoder
