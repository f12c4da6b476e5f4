// Finds stretches of film that two fingerprints share.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/diagonal_votes.h"
#include "media/fingerprint.h"
#include "media/rights.h"

namespace penstock::fingerprint {

// The unit of a video Diagonal's shift: the interval at which VideoFingerprinter samples.
inline constexpr media::Millis kVideoShiftUnit(500);

// Frames by the sixteen bands of 16 bits of their hashes: of 60 differing bits some band has at
// most one for two frames in three. Not thread-safe.
class FrameTable {
 public:
  void Add(std::uint32_t reference, std::span<const media::FrameHash> frames);
  void Clear();
  std::size_t size() const { return frames_.size(); }

  // In order, each once.
  std::vector<Diagonal> FindCandidates(std::span<const media::FrameHash> query) const;

 private:
  struct Frame {
    std::array<std::uint64_t, 4> bits;
    std::uint32_t reference;
    std::int32_t time;  // milliseconds
  };
  // Appends the numbers of the frames that look like bits, each once.
  void FindNear(const std::array<std::uint64_t, 4>& bits, std::vector<std::uint32_t>& found) const;

  std::vector<Frame> frames_;
  std::vector<std::vector<std::uint32_t>> bands_;  // by band << 16 | value; empty while frames_ is
};

// The shared stretches along the shifts, in order of upload_start. Empty when they are no better
// than chance.
std::vector<media::MatchSegment> AlignVideo(const media::Fingerprint& query,
                                            const media::Fingerprint& reference,
                                            std::span<const std::int32_t> shifts);

}  // namespace penstock::fingerprint
