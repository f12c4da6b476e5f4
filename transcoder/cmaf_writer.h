// One CMAF track file (ISO/IEC 23000-19 7.3): ftyp + moov, then one moof + mdat a segment.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/byte_range.h"
#include "base/result.h"
#include "media/presentation.h"

namespace penstock::transcoder {

class BoxWriter;

enum class SampleEntry { kAvc, kAv1, kAac, kOpus };

// What the movie header has to say of the track.
struct TrackHeader {
  media::RenditionKind kind = media::RenditionKind::kVideo;
  SampleEntry sample_entry = SampleEntry::kAvc;
  std::int32_t timescale = 1;
  // What avcC (ISO/IEC 14496-15 5.3.3) or av1C (AV1 binding 2.3) holds, an AudioSpecificConfig
  // (14496-3 1.6), or what dOps holds (Opus in ISOBMFF 4.3.2).
  std::string decoder_config;
  // Media time that is presented at 0: the delay of the encoder. Written as an edit list when above
  // 0.
  std::int64_t presentation_start = 0;
  std::int64_t bit_rate = 0;
  int width = 0, height = 0;
  int color_primaries = 2, color_transfer = 2, color_matrix = 2;  // ISO/IEC 23091-2; 2: unspecified
  int sample_rate = 0, channels = 0;
  std::string language;  // ISO 639-2/T or empty
};

struct Sample {
  std::string data;
  std::int64_t duration = 0;
  std::int64_t composition_offset = 0;
  bool sync = true;
};

// Writes with pwrite at offset 0 on; the descriptor stays the caller's. Not thread-safe.
class CmafWriter {
 public:
  CmafWriter(int fd, TrackHeader header) : fd_(fd), header_(std::move(header)) {}

  // REQUIRES: once, before any segment. Errors: kOutOfSpace, kInternal.
  Status WriteInit();
  // decode_time: of the first sample, in media time (the edit list not applied).
  Status WriteSegment(std::span<const Sample> samples, std::int64_t decode_time);

  const ByteRange& init() const { return init_; }
  // The bytes of each segment, in order.
  const std::vector<ByteRange>& segments() const { return segments_; }

 private:
  Status Append(const std::string& bytes);
  void WriteTrack(BoxWriter& out) const;
  void WriteMediaInformation(BoxWriter& out) const;
  void WriteVideoEntry(BoxWriter& out) const;
  void WriteAudioEntry(BoxWriter& out) const;
  void WriteElementaryStream(BoxWriter& out) const;

  const int fd_;
  const TrackHeader header_;
  std::uint64_t offset_ = 0;
  std::uint32_t sequence_ = 0;
  ByteRange init_;
  std::vector<ByteRange> segments_;
};

}  // namespace penstock::transcoder
