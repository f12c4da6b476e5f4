// Demuxing and decoding: packets in, frames on one clock out.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/result.h"
#include "media/media_info.h"
#include "media/source_index.h"
#include "transcoder/decode.h"
#include "transcoder/libav.h"
#include "transcoder/limits.h"

namespace penstock::transcoder {

// Called on the reader's thread. track: the place of the stream in ReaderOptions::audio. ticks:
// presentation time in kTickBase; of video it grows with every frame.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual Status TakeAudio(std::size_t track, AVFrame& frame, std::int64_t ticks) = 0;
  virtual Status TakeVideo(AVFrame& frame, std::int64_t ticks) = 0;
  // The coded pictures, in kTickBase and in the order of decoding; also those outside the stretch.
  virtual Status TakeVideoPacket(const AVCodecParameters& stream, const AVPacket& packet);
};

// Pictures to look at in small, now and then: the first at or after each multiple of interval. They
// may be a little off, for filters and pictures that nobody sees are left out.
struct PictureSampling {
  std::int64_t interval = 0;  // ticks, more than 0
  int long_side = 0;  // a larger picture may be decoded at a lower resolution that holds this
};

// A part of the source: what is presented from begin on and before end.
struct Stretch {
  std::int64_t origin = 0;  // the source's own time that is presented at 0, ticks
  std::int64_t begin = 0;   // ticks; that of a key frame, or 0
  std::int64_t end = std::numeric_limits<std::int64_t>::max();
  std::vector<std::pair<std::int64_t, std::int64_t>> entries;  // as in Chunk
};

struct ReaderOptions {
  std::vector<const media::StreamInfo*> audio;  // that give frames
  const media::StreamInfo* video = nullptr;     // that gives frames; null: none
  // The earliest of these is presented at time 0, whether they give frames or not.
  std::vector<const media::StreamInfo*> clock;
  int threads = 1;
  std::optional<PictureSampling> sampling;  // none: every picture, exact
  std::optional<Stretch> stretch;           // none: all of it
  bool only_key_frames = false;             // of the pictures
};

struct ReadSummary {
  std::int64_t audio_frames = 0;
  std::int64_t video_frames = 0;
  std::int64_t video_frame_ticks = 0;  // nominal time of one frame
  media::SourceIndex index;            // when all of it was read
};

// The pictures and the sound that are published: what sets a source's time 0.
std::vector<const media::StreamInfo*> ClockOf(const media::MediaInfo& info);

// Reads the source, or the stretch, to its end. Damaged packets are skipped, and a stream whose
// decoder cannot be opened gives no frames. Errors: as Probe(), the sink's own, kUnsupported
// "entry_refused", and kTooLarge "frame_limit_exceeded" and "duration_limit_exceeded" by what was
// decoded.
Result<ReadSummary> ReadFrames(int fd, const ReaderOptions& options, const Limits& limits,
                               FrameSink& sink, const ProgressCallback& progress);

}  // namespace penstock::transcoder
