#include "transcoder/ladder.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <cmath>
#include <functional>

namespace penstock::transcoder {
namespace {

using media::MediaInfo;
using media::Millis;
using media::StreamInfo;
using media::StreamKind;

constexpr int kStoryboardColumns = 10;
constexpr int kStoryboardTiles = 100;
constexpr int kTileLongSide = 160;
constexpr int kStillLongSide = 1280;
constexpr Millis kTileIntervalOfUnknownDuration{5000};

struct Size {
  int width = 0;
  int height = 0;
};

// Sides that H.264 encoders take: even, and not without end for pictures like a line.
constexpr double kLongestSide = 8192;
int Even(double value) {
  return std::max(2, static_cast<int>(std::lround(std::min(value, kLongestSide) / 2.0)) * 2);
}
// Rounded down, so that an odd size is not blown up by a line.
int EvenBelow(double value) {
  return std::max(2, static_cast<int>(std::min(value, kLongestSide) + 1e-6) / 2 * 2);
}

// Upright and with square pixels. The anamorphic side grows, so that no line of the source is lost.
struct DisplaySize {
  double width = 0;
  double height = 0;
};
DisplaySize Displayed(const StreamInfo& video) {
  const double aspect =
      video.sample_aspect_ratio.Value() > 0 ? video.sample_aspect_ratio.Value() : 1;
  DisplaySize size{video.width * std::max(1.0, aspect), video.height / std::min(1.0, aspect)};
  if (video.rotation == 90 || video.rotation == 270) std::swap(size.width, size.height);
  return size;
}

Size FitShortSide(const DisplaySize& source, int short_side) {
  const double scale = short_side / std::min(source.width, source.height);
  if (source.width >= source.height) return {Even(source.width * scale), short_side};
  return {short_side, Even(source.height * scale)};
}

// Of SVT-AV1; smaller pictures are given to H.264.
constexpr int kLeastAv1Side = 64;

bool IsEncodable(const VideoRung& rung, const Size& size) {
  return rung.codec != VideoCodec::kAv1 || std::min(size.width, size.height) >= kLeastAv1Side;
}

bool HasCodec(const TranscodePlan& plan, VideoCodec codec) {
  return std::ranges::any_of(
      plan.video, [codec](const PlannedVideo& video) { return video.rung.codec == codec; });
}

// The source's own size, for the codecs whose lowest rung is above it. rungs: from the top down.
void AddOwnSize(const std::vector<VideoRung>& rungs, const DisplaySize& source,
                TranscodePlan& plan) {
  const Size size = {EvenBelow(source.width), EvenBelow(source.height)};
  for (auto rung = rungs.rbegin(); rung != rungs.rend(); ++rung) {
    VideoRung own = *rung;
    if (!IsEncodable(own, size)) {
      own.codec = VideoCodec::kH264;
      own.crf = VideoRung().crf;
      own.preset.clear();
    }
    if (HasCodec(plan, own.codec)) continue;
    own.height = std::min(size.width, size.height);
    own.name = VideoRungName(own.height, own.codec);
    plan.video.push_back({own, size.width, size.height});
  }
  std::ranges::stable_sort(plan.video, std::greater(),
                           [](const PlannedVideo& video) { return video.rung.height; });
}

struct Color {
  int primaries, transfer, matrix;
};

// Of the ladder's pictures: HDR becomes BT.709, and RGB is given that matrix (LadderGraph); the
// rest is as it came.
Color ColorOf(const StreamInfo& video) {
  constexpr Color kBt709 = {AVCOL_PRI_BT709, AVCOL_TRC_BT709, AVCOL_SPC_BT709};
  const auto known = [](int value, int unknown) { return value < 0 ? unknown : value; };
  Color color = {
      known(av_color_primaries_from_name(video.color_primaries.c_str()), AVCOL_PRI_UNSPECIFIED),
      known(av_color_transfer_from_name(video.color_transfer.c_str()), AVCOL_TRC_UNSPECIFIED),
      known(av_color_space_from_name(video.color_space.c_str()), AVCOL_SPC_UNSPECIFIED)};
  if (color.transfer == AVCOL_TRC_SMPTE2084 || color.transfer == AVCOL_TRC_ARIB_STD_B67) {
    return kBt709;
  }
  const AVPixFmtDescriptor* format =
      av_pix_fmt_desc_get(av_get_pix_fmt(video.pixel_format.c_str()));
  const bool rgb =
      format != nullptr && (format->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
  if (rgb || color.matrix == AVCOL_SPC_RGB) color.matrix = kBt709.matrix;
  return color;
}

void PlanVideo(const StreamInfo& video, const LadderProfile& profile, TranscodePlan& plan) {
  const DisplaySize source = Displayed(video);
  const int short_side = EvenBelow(std::min(source.width, source.height));
  std::vector<VideoRung> rungs = profile.video;
  std::stable_sort(rungs.begin(), rungs.end(),
                   [](const VideoRung& a, const VideoRung& b) { return a.height > b.height; });
  for (const VideoRung& rung : rungs) {
    if (rung.height > short_side) continue;
    const Size size = FitShortSide(source, EvenBelow(rung.height));
    if (IsEncodable(rung, size)) plan.video.push_back({rung, size.width, size.height});
  }
  AddOwnSize(rungs, source, plan);
  const Color color = ColorOf(video);
  for (PlannedVideo& planned : plan.video) {
    planned.color_primaries = color.primaries;
    planned.color_transfer = color.transfer;
    planned.color_matrix = color.matrix;
  }
}

void PlanStills(const StreamInfo& video, Millis duration, TranscodePlan& plan) {
  const DisplaySize source = Displayed(video);
  const double longest = std::max(source.width, source.height);
  const double fit = std::min(1.0, kStillLongSide / longest);
  plan.still_width = EvenBelow(source.width * fit);
  plan.still_height = EvenBelow(source.height * fit);
  const double scale = kTileLongSide / longest;
  plan.storyboard = true;
  plan.storyboard_columns = kStoryboardColumns;
  plan.tile_width = Even(source.width * scale);
  plan.tile_height = Even(source.height * scale);
  if (duration <= Millis(0)) {
    plan.tile_interval = kTileIntervalOfUnknownDuration;
    plan.storyboard_tiles = kStoryboardTiles;
    return;
  }
  const std::int64_t ms = duration.count();
  plan.tile_interval =
      Millis(std::max<std::int64_t>(1000, (ms + kStoryboardTiles - 1) / kStoryboardTiles));
  const std::int64_t interval = plan.tile_interval.count();
  plan.storyboard_tiles = static_cast<int>((ms + interval - 1) / interval);
}

// The first track's rungs have plain names: "audio-128k", "audio-128k-2".
std::string NameOf(const AudioRung& rung, std::size_t track) {
  return track == 0 ? rung.name : rung.name + "-" + std::to_string(track + 1);
}

// libopus takes no 44.1 kHz; the rungs of a track have one sample rate.
bool NeedsOpus(const std::vector<AudioRung>& rungs) {
  return std::ranges::find(rungs, AudioCodec::kOpus, &AudioRung::codec) != rungs.end();
}

std::vector<AudioRung> BestOfEachCodec(const std::vector<AudioRung>& rungs) {
  std::vector<AudioRung> best;
  for (const AudioRung& rung : rungs) {
    if (std::ranges::find(best, rung.codec, &AudioRung::codec) == best.end()) best.push_back(rung);
  }
  return best;
}

PlannedAudio PlanAudio(const StreamInfo& audio, std::size_t track, const AudioRung& rung) {
  PlannedAudio planned;
  planned.rung = rung;
  planned.rung.name = NameOf(rung, track);
  planned.stream = audio.index;
  planned.track = static_cast<int>(track);
  planned.sample_rate = audio.sample_rate > 0 && audio.sample_rate % 11025 == 0 ? 44100 : 48000;
  planned.channels = audio.channels == 1 ? 1 : 2;
  return planned;
}

void PlanSound(const MediaInfo& info, const LadderProfile& profile, TranscodePlan& plan) {
  const std::vector<const StreamInfo*> tracks = info.AudioTracks();
  const auto marked = std::find_if(tracks.begin(), tracks.end(),
                                   [](const StreamInfo* track) { return track->is_default; });
  const auto main = marked == tracks.end() ? tracks.begin() : marked;
  std::vector<AudioRung> rungs = profile.audio_only;
  if (info.First(StreamKind::kVideo) != nullptr) rungs = profile.audio_with_video;
  if (tracks.size() > 1) rungs = BestOfEachCodec(rungs);
  const bool opus = NeedsOpus(rungs);
  for (auto track = tracks.begin(); track != tracks.end(); ++track) {
    for (const AudioRung& rung : rungs) {
      plan.audio.push_back(
          PlanAudio(**track, static_cast<std::size_t>(track - tracks.begin()), rung));
      plan.audio.back().is_default = track == main;
      if (opus) plan.audio.back().sample_rate = 48000;
    }
  }
}

std::vector<PlannedText> PlanText(const MediaInfo& info) {
  std::vector<PlannedText> planned;
  for (const StreamInfo& stream : info.streams) {
    if (stream.kind != StreamKind::kSubtitle || !media::IsTextSubtitle(stream.codec)) continue;
    if (planned.size() == media::kMostTextTracks) break;
    planned.push_back({stream.index, "s" + std::to_string(stream.index)});
  }
  return planned;
}

}  // namespace

TranscodePlan PlanLadder(const MediaInfo& info, const LadderProfile& profile) {
  TranscodePlan plan;
  plan.preset = profile.preset;
  plan.segment_duration = profile.segment_duration;
  plan.threads = profile.threads;
  plan.loudness_target = profile.loudness_target;
  const StreamInfo* video = info.First(StreamKind::kVideo);
  if (video != nullptr) {
    PlanVideo(*video, profile, plan);
    PlanStills(*video, info.duration, plan);
  }
  PlanSound(info, profile, plan);
  plan.text = PlanText(info);
  plan.waveform = video == nullptr && !plan.audio.empty();
  plan.poster = video != nullptr || info.First(StreamKind::kAttachedPicture) != nullptr;
  return plan;
}

std::string VideoRungName(int height, VideoCodec codec) {
  return std::to_string(height) + (codec == VideoCodec::kAv1 ? "p-av1" : "p");
}

std::string AudioRungName(const std::string& rate, AudioCodec codec) {
  return "audio-" + rate + (codec == AudioCodec::kOpus ? "-opus" : "");
}

void ShareThreads(int threads, std::vector<PlannedVideo>& rungs) {
  std::int64_t pixels = 0;
  std::vector<PlannedVideo*> encoded;
  for (PlannedVideo& rung : rungs) {
    if (rung.copied) continue;
    pixels += std::int64_t{rung.width} * rung.height;
    encoded.push_back(&rung);
  }
  if (pixels == 0) return;
  int left = threads;
  for (std::size_t i = encoded.size(); i-- > 1;) {
    PlannedVideo& rung = *encoded[i];
    const std::int64_t share = std::int64_t{rung.width} * rung.height * threads / pixels;
    rung.threads = share < 2 ? 1 : static_cast<int>(share);
    if (rung.threads > 1) left -= rung.threads;
  }
  encoded.front()->threads = std::max(left, 1);
}

}  // namespace penstock::transcoder
