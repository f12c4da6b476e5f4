// What transcoding produced: the sole input of manifest/ and the map that delivery serves from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_range.h"
#include "media/media_time.h"
#include "media/text_track.h"

namespace penstock::media {

// One addressable piece of a rendition: whole CMAF chunks (moof + mdat) inside one of the
// rendition's objects.
struct Segment {
  ByteRange bytes;
  std::int64_t start = 0;     // ticks of the rendition's timescale, from presentation time 0
  std::int64_t duration = 0;  // ticks
  std::size_t object = 0;     // index among the rendition's objects
};

// How loud a track is (EBU R128, ITU-R BS.1770-4), as it is heard.
struct Loudness {
  double integrated = 0;  // LUFS
  double range = 0;       // LU (EBU Tech 3342)
  double true_peak = 0;   // dBTP, the loudest channel's
  friend bool operator==(const Loudness&, const Loudness&) = default;
};

enum class RenditionKind { kVideo, kAudio };

// One rung of the ladder: a CMAF track (ISO/IEC 23000-19 7.3) in one or more objects.
struct Rendition {
  std::string name;  // unique in the presentation and fit for an address: "720p", "audio-128k"
  RenditionKind kind = RenditionKind::kVideo;
  std::string codec;  // RFC 6381: "avc1.64001f", "mp4a.40.2"
  std::int64_t peak_bandwidth =
      0;  // bits a second over the heaviest segment (RFC 8216 4.3.4.2 BANDWIDTH)
  std::int64_t average_bandwidth = 0;  // bits a second over all
  int width = 0, height = 0;           // video
  Rational frame_rate;                 // video
  int sample_rate = 0, channels = 0;   // audio
  std::string language;                // audio, BCP 47 or empty
  // Audio: renditions of one track are the same sound at several bit rates.
  int track = 0;
  std::string title;                 // audio, as the source names the track, or empty
  bool is_default = false;           // audio, the track that is played unless another is asked for
  std::optional<Loudness> loudness;  // audio; none when it is silence or was never measured
  std::int32_t timescale = 1;
  std::vector<std::string> objects;  // object keys, in the order of time; set once they are stored
  ByteRange init;                    // ftyp + moov, in the first object
  std::vector<Segment> segments;

  // The codec without its parameters: "avc1".
  std::string_view CodecName() const { return std::string_view(codec).substr(0, codec.find('.')); }
};

// Fills peak_bandwidth and average_bandwidth from the segments' bytes and durations. A short last
// segment, which a single key frame may fill, does not count for the peak (RFC 8216 4.1 measures
// over at least half a target duration).
void MeasureBandwidth(Rendition& rendition);

// One JPEG of tiles for scrubbing: count tiles in rows of columns, each interval apart, the first
// at time 0.
struct Storyboard {
  std::string object;
  int tile_width = 0, tile_height = 0;
  int columns = 0, count = 0;
  Millis interval{0};
};

struct Presentation {
  bool complete = true;  // false: more segments come, behind those that are there
  Millis duration{0};
  std::vector<Rendition> renditions;  // video from the top rung down, then audio from the best down
  std::string poster_object;          // JPEG; empty when there is no picture
  std::string waveform_object;        // JSON of BBC audiowaveform; empty when there are pictures
  std::optional<Storyboard> storyboard;
  std::vector<TextTrack> text_tracks;
  std::vector<Warning> warnings;  // of what could not be made

  const Rendition* Find(std::string_view name) const {
    for (const Rendition& rendition : renditions) {
      if (rendition.name == name) return &rendition;
    }
    return nullptr;
  }
};

// Parts of one presentation, in the order of time: renditions of one name become one.
Presentation Join(std::vector<Presentation> parts);

}  // namespace penstock::media
