#include "fingerprint/video_matcher.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <utility>

#include "fingerprint/frame_views.h"
#include "fingerprint/pdq_hash.h"
#include "fingerprint/video_alignment.h"

namespace penstock::fingerprint {
namespace {

using media::FrameHash;
using media::Millis;

constexpr std::uint32_t kBands = 16;
constexpr std::uint32_t kBandBits = 16;
constexpr std::uint32_t kPositionUnit = 250;  // ms
constexpr std::uint32_t kPartShift = 24;
// A value that so many frames share says little.
constexpr std::size_t kMostVisits = 500;
// A frame this near to the one before it is neither indexed nor looked up again.
constexpr int kSameFrame = 6;
// Nor is one so soon after it: what lies between counts when films are laid along each other.
constexpr Millis kIndexedApart(450);
constexpr Millis kIndexedApartInView(900);

constexpr std::uint8_t kMirrored = 0xFF;  // the mirror image as a part: nothing is indexed like it

constexpr std::size_t kBlockFrames = 256;  // 64 s
constexpr std::size_t kLeastVotes = 2;
constexpr std::size_t kMostTracksOfBlock = 60;
// In a film that moves little every frame votes for every shift: so many courses are tried on the
// block's frames, and so many of them on the whole query.
constexpr std::size_t kMostTried = 96;
constexpr std::size_t kMostCoursesOfTrack = 3;
constexpr std::array<double, 9> kRates = {1, 0.975, 1.025, 0.95, 1.05, 0.925, 1.075, 0.9, 1.1};
constexpr double kShiftBin = 500;  // ms

std::uint32_t BandToken(const std::array<std::uint64_t, 4>& bits, std::uint32_t band) {
  const std::uint64_t value = bits[band / 4] >> (band % 4 * kBandBits) & 0xFFFF;
  return static_cast<std::uint32_t>(band << kBandBits | value);
}

std::vector<FrameHash> Track(const media::Fingerprint& fingerprint, std::uint8_t part) {
  if (part == kWhole) return fingerprint.frames;
  std::vector<FrameHash> track;
  for (const media::FrameView& view : fingerprint.views) {
    if (view.part == part) track.push_back(view.hash);
  }
  return track;
}

// Calls visit(frame) for those that differ from the one before.
template <typename Visit>
void ForEachChange(std::span<const FrameHash> track, Millis apart, Visit visit) {
  const FrameHash* last = nullptr;
  for (const FrameHash& frame : track) {
    if (last != nullptr &&
        (frame.time - last->time < apart || HashDistance(last->bits, frame.bits) <= kSameFrame)) {
      continue;
    }
    last = &frame;
    visit(frame);
  }
}

// A track of a reference, and a pair of frames there and in the query that share a token.
struct Hit {
  std::uint32_t reference;
  std::uint32_t part;
  double query_time;      // ms
  double reference_time;  // ms
};

struct Ballot {
  Course course;
  double votes;
};

// A track of a reference and the courses on which most of its hits lie, most first.
struct Candidate {
  std::uint32_t reference;
  std::uint32_t part;
  std::vector<Ballot> ballots;
};

void KeepBest(std::vector<Ballot>& ballots, std::size_t most) {
  std::stable_sort(ballots.begin(), ballots.end(),
                   [](const Ballot& a, const Ballot& b) { return a.votes > b.votes; });
  if (ballots.size() > most) ballots.resize(most);
}

// REQUIRES: the hits are of one track.
Candidate Elect(std::span<const Hit> hits) {
  Candidate candidate{hits[0].reference, hits[0].part, {}};
  std::vector<std::pair<std::int64_t, double>> shifts;  // bin, query time
  for (const double rate : kRates) {
    shifts.clear();
    for (const Hit& hit : hits) {
      const double shift = hit.reference_time - rate * hit.query_time;
      shifts.emplace_back(std::llround(shift / kShiftBin), hit.query_time);
    }
    std::sort(shifts.begin(), shifts.end());
    // A shift between two bins votes in both; several tokens of one frame are one vote.
    std::vector<double> frames;
    for (std::size_t i = 0; i < shifts.size(); ++i) {
      if (i > 0 && shifts[i].first == shifts[i - 1].first) continue;
      frames.clear();
      for (std::size_t j = i; j < shifts.size() && shifts[j].first <= shifts[i].first + 1; ++j) {
        frames.push_back(shifts[j].second);
      }
      std::sort(frames.begin(), frames.end());
      frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
      if (frames.size() < kLeastVotes) continue;
      const double shift = static_cast<double>(shifts[i].first) * kShiftBin;
      candidate.ballots.push_back({{rate, shift}, static_cast<double>(frames.size())});
    }
  }
  KeepBest(candidate.ballots, kMostTried);
  return candidate;
}

class Search {
 public:
  explicit Search(const Postings& postings) : postings_(postings) {}

  // The whole frames look everywhere; another part among whole frames and its like.
  void Run(std::span<const FrameHash> query, std::uint8_t part) {
    part_ = part;
    const FrameHash* last = nullptr;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < query.size(); ++i) {
      if (last == nullptr || (query[i].time - last->time >= kIndexedApart &&
                              HashDistance(last->bits, query[i].bits) > kSameFrame)) {
        last = &query[i];
        LookUp(query[i]);
      }
      if (i + 1 - begin < kBlockFrames && i + 1 < query.size()) continue;
      EndBlock(query, query.subspan(begin, i + 1 - begin));
      begin = i + 1;
    }
  }

  std::vector<VideoMatch> Finish() {
    std::vector<VideoMatch> matches;
    for (auto& [reference, stretches] : stretches_) {
      VideoMatch match{reference, SettleVideo(std::move(stretches))};
      if (!match.segments.empty()) matches.push_back(std::move(match));
    }
    return matches;
  }

 private:
  void LookUp(const FrameHash& frame) {
    tokens_.clear();
    for (std::uint32_t band = 0; band < kBands; ++band) {
      const std::uint32_t token = BandToken(frame.bits, band);
      tokens_.push_back(token);
      for (std::uint32_t bit = 0; bit < kBandBits; ++bit) tokens_.push_back(token ^ (1U << bit));
    }
    postings_.Find(
        Feature::kFrameBand, tokens_, kMostVisits,
        [&](std::size_t, std::span<const Posting> places) {
          for (const Posting& place : places) {
            const std::uint32_t part = place.position >> kPartShift;
            if (part != kWhole && part_ >= kInset) continue;
            const std::uint32_t time = (place.position & ((1U << kPartShift) - 1)) * kPositionUnit;
            hits_.push_back({place.reference, part, static_cast<double>(frame.time.count()),
                             static_cast<double>(time)});
          }
        });
  }

  void EndBlock(std::span<const FrameHash> query, std::span<const FrameHash> block) {
    std::stable_sort(hits_.begin(), hits_.end(), [](const Hit& a, const Hit& b) {
      return std::pair(a.reference, a.part) < std::pair(b.reference, b.part);
    });
    std::vector<Candidate> candidates;
    for (std::size_t begin = 0, end = 0; begin < hits_.size(); begin = end) {
      while (end < hits_.size() && hits_[end].reference == hits_[begin].reference &&
             hits_[end].part == hits_[begin].part) {
        ++end;
      }
      Candidate candidate = Elect(std::span(hits_).subspan(begin, end - begin));
      if (!candidate.ballots.empty()) candidates.push_back(std::move(candidate));
    }
    hits_.clear();
    std::stable_sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
      return a.ballots[0].votes > b.ballots[0].votes;
    });
    if (candidates.size() > kMostTracksOfBlock) candidates.resize(kMostTracksOfBlock);
    for (Candidate& candidate : candidates) Align(query, block, candidate);
  }

  void Align(std::span<const FrameHash> query, std::span<const FrameHash> block,
             Candidate& candidate) {
    const std::vector<FrameHash>& track = TrackOf(candidate.reference, candidate.part);
    for (Ballot& ballot : candidate.ballots) ballot.votes = SumAlong(block, track, ballot.course);
    KeepBest(candidate.ballots, kMostCoursesOfTrack);
    for (const Ballot& ballot : candidate.ballots) {
      if (ballot.votes <= 0) break;
      std::vector<SharedStretch> found = AlignVideo(query, track, ballot.course);
      if (found.empty()) continue;
      std::vector<SharedStretch>& all = stretches_[candidate.reference];
      all.insert(all.end(), found.begin(), found.end());
    }
  }

  const std::vector<FrameHash>& TrackOf(std::uint32_t reference, std::uint32_t part) {
    const auto [at, added] = tracks_.try_emplace({reference, part});
    if (added) {
      const std::shared_ptr<const media::Fingerprint> whole = postings_.Fingerprint(reference);
      if (whole != nullptr) at->second = Track(*whole, static_cast<std::uint8_t>(part));
    }
    return at->second;
  }

  const Postings& postings_;
  std::uint8_t part_ = kWhole;         // of the query
  std::vector<std::uint32_t> tokens_;  // of a frame
  std::vector<Hit> hits_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<FrameHash>> tracks_;
  std::map<std::uint32_t, std::vector<SharedStretch>> stretches_;
};

}  // namespace

std::vector<Token> VideoTokens(const media::Fingerprint& reference) {
  std::vector<Token> tokens;
  for (std::uint8_t part = 0; part < kInset; ++part) {
    const Millis apart = part == kWhole ? kIndexedApart : kIndexedApartInView;
    ForEachChange(Track(reference, part), apart, [&](const FrameHash& frame) {
      const auto time = static_cast<std::uint32_t>(frame.time.count()) / kPositionUnit;
      if (time >> kPartShift != 0) return;  // beyond 48 days
      const std::uint32_t position = std::uint32_t{part} << kPartShift | time;
      for (std::uint32_t band = 0; band < kBands; ++band) {
        tokens.push_back({Feature::kFrameBand, BandToken(frame.bits, band), position});
      }
    });
  }
  return tokens;
}

std::vector<VideoMatch> MatchVideo(const media::Fingerprint& query, const Postings& postings) {
  Search search(postings);
  std::vector<FrameHash> mirrored = query.frames;
  for (FrameHash& frame : mirrored) frame.bits = Mirrored(frame.bits);
  search.Run(query.frames, kWhole);
  search.Run(mirrored, kMirrored);
  for (std::uint8_t part = kWhole + 1; part < kParts; ++part) {
    search.Run(Track(query, part), part);
  }
  return search.Finish();
}

}  // namespace penstock::fingerprint
