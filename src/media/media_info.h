// What the inspection of a source found (the nouns of ffprobe).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "media/media_time.h"

namespace penstock::media {

// More sound than this is left out.
inline constexpr std::size_t kMostAudioTracks = 8;

enum class StreamKind { kVideo, kAudio, kSubtitle, kAttachedPicture, kOther };

struct StreamInfo {
  int index = 0;  // in the container
  StreamKind kind = StreamKind::kOther;
  std::string codec;        // FFmpeg's codec name: h264, aac, vorbis
  std::string language;     // ISO 639 code or empty
  std::string title;        // as the source names it, or empty
  bool is_default = false;  // the source wants it to be played unless another is asked for
  Millis start{0};
  Millis duration{0};  // 0 when the container does not say
  // Video only. Coded size; rotation is clockwise and to be applied for display: 0, 90, 180, 270.
  int width = 0;
  int height = 0;
  int rotation = 0;
  Rational sample_aspect_ratio{1, 1};
  Rational frame_rate{0, 1};
  std::string pixel_format;
  std::string color_primaries, color_transfer, color_space, color_range;  // FFmpeg's names or empty
  bool interlaced = false;
  // Audio only.
  int sample_rate = 0;
  int channels = 0;
  std::int64_t bit_rate = 0;  // 0 when unknown
  // Subtitles only.
  bool forced = false;            // to be shown in any case
  bool hearing_impaired = false;  // tells what is heard, too
};

struct MediaInfo {
  std::string container;  // FFmpeg's demuxer name: "mov,mp4,m4a,3gp,3g2,mj2"; or "webp"
  Millis duration{0};     // best estimate; headers lie, so limits count frames and bytes
  // For how long there should be sound or pictures, by the headers; 0 when they do not say.
  Millis claimed_duration{0};
  std::int64_t bit_rate = 0;
  std::vector<StreamInfo> streams;

  // The first stream of the kind, else null. Attached pictures are no video.
  const StreamInfo* First(StreamKind kind) const {
    for (const StreamInfo& stream : streams) {
      if (stream.kind == kind) return &stream;
    }
    return nullptr;
  }

  // The sound that is fingerprinted, judged and published: a rendition or more each.
  std::vector<const StreamInfo*> AudioTracks() const {
    std::vector<const StreamInfo*> tracks;
    for (const StreamInfo& stream : streams) {
      if (stream.kind != StreamKind::kAudio) continue;
      if (tracks.size() < kMostAudioTracks) tracks.push_back(&stream);
    }
    return tracks;
  }
};

}  // namespace penstock::media
