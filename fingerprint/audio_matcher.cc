#include "fingerprint/audio_matcher.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <utility>

#include "fingerprint/alignment.h"
#include "fingerprint/chroma_items.h"
#include "fingerprint/diagonal_votes.h"
#include "fingerprint/item_alignment.h"
#include "fingerprint/landmark_matcher.h"

namespace penstock::fingerprint {
namespace {

using media::MatchSegment;
using media::Millis;

// A token is an item without its two last classifiers: 28 bits survive coding more often than 32.
constexpr int kTokenBits = 28;
std::uint32_t ItemToken(std::uint32_t item) { return item >> (32 - kTokenBits); }

constexpr std::size_t kBlockItems = 512;  // 63 s
constexpr std::size_t kLeastVotes = 2;
constexpr std::size_t kMostDiagonalsOfBlock = 500;

constexpr Millis kLeastSegment(2000);
// Less significance explains a stretch only until something better is found: works are alike at
// other places and in other keys too.
constexpr double kCertain = 16;
// Copies of 5 s and more are looked for.
constexpr Millis kLeastHidden(4000);
// Less is how well landmarks know a tempo.
constexpr double kSameTempo = 0.004;
constexpr Millis kPlacedAtOnce(20'000);
constexpr Millis kReratedAtOnce(20'000);
// So much of what is explained may be wrong at its ends.
constexpr Millis kAround(1000);
constexpr std::size_t kMostPlaces = 500;  // of a token

double HopAt(Millis time) {
  return media::ToSeconds(time) * media::kAudioItemRate / media::kLandmarkSamples;
}
double ItemAt(Millis time) {
  return media::ToSeconds(time) * media::kAudioItemRate / media::kAudioItemSamples;
}

struct Diagonals {
  std::vector<Diagonal> elected;
  std::size_t votes = 0;  // all, as in LandmarkCandidates
};

// A part of the query.
struct Part {
  Millis begin{0}, end{0};
};

// Those of the items in parts of the query. add_tokens(item, tokens) appends what is looked up of
// one.
template <typename AddTokens>
Diagonals FindDiagonals(std::span<const std::uint32_t> query, std::span<const Part> parts,
                        const AddTokens& add_tokens, const Postings& postings) {
  Diagonals found;
  DiagonalVotes votes(kLeastVotes, kMostDiagonalsOfBlock);
  std::vector<std::uint32_t> tokens;
  std::vector<std::size_t> items;  // of the tokens
  const auto end_block = [&] {
    postings.Find(
        Feature::kChromaprint, tokens, kMostPlaces,
        [&](std::size_t asked, std::span<const Posting> places) {
          found.votes += places.size();
          const auto item = static_cast<std::int32_t>(items[asked]);
          for (const Posting& place : places) {
            votes.Add({place.reference, static_cast<std::int32_t>(place.position) - item});
          }
        });
    votes.EndBlock();
    tokens.clear();
    items.clear();
  };
  for (const Part& part : parts) {
    const auto end = std::min(query.size(), static_cast<std::size_t>(ItemAt(part.end)));
    for (auto i = static_cast<std::size_t>(ItemAt(part.begin)); i < end; ++i) {
      if (i % kBlockItems == 0) end_block();
      if (query[i] == kSilentItem || Repeats(query, i)) continue;
      add_tokens(i, tokens);
      items.resize(tokens.size(), i);
    }
    end_block();
  }
  found.elected = votes.Finish();
  return found;
}

// A stretch of the query as its original would be.
struct Rerated {
  Millis begin{0};
  Rate rate;
  ChromaItems items;
  std::vector<Diagonal> diagonals;
};

// Every token that differs in some of an item's weak bits.
void AddNear(const ChromaItems& items, std::size_t i, std::vector<std::uint32_t>& tokens) {
  const auto& weak = items.weak[i];
  for (std::uint32_t flips = 0; flips < 1U << kWeakBits; ++flips) {
    std::uint32_t item = items.items[i];
    for (std::size_t k = 0; k < kWeakBits; ++k) item ^= (flips >> k & 1) != 0 ? weak[k] : 0;
    tokens.push_back(ItemToken(item));
  }
}

// As it stands in the upload.
MatchSegment ToUpload(const Rerated& rerated, MatchSegment segment) {
  const auto time = [&](Millis original) {
    const double seconds = media::ToSeconds(original) / rerated.rate.tempo;
    return rerated.begin + Millis(std::llround(1000 * seconds));
  };
  segment.upload_start = time(segment.upload_start);
  segment.upload_end = time(segment.upload_end);
  return segment;
}

// Also a search that meets few places chooses among their ends, shifts and likenesses: as if it had
// met so many more.
constexpr double kOwnTries = 1000;
// Evidence corrected for the chances that a search with so many votes had.
double Significance(double evidence, std::size_t votes) {
  return evidence - std::log(static_cast<double>(votes) + kOwnTries);
}

// Whether others, which do not overlap much, hold half of a segment's part of the query.
bool Cover(std::span<const MatchSegment> others, const MatchSegment& segment) {
  Millis covered(0);
  for (const MatchSegment& other : others) {
    const Millis common = std::min(other.upload_end, segment.upload_end) -
                          std::max(other.upload_start, segment.upload_start);
    covered += std::max(Millis(0), common);
  }
  return covered * 2 >= segment.upload_end - segment.upload_start;
}

bool RunsAsOriginal(const MatchSegment& segment) {
  const double upload = media::ToSeconds(segment.upload_end - segment.upload_start);
  const double reference = media::ToSeconds(segment.reference_end - segment.reference_start);
  return std::abs(reference - upload) < kSameTempo * upload;
}

// Whether the middle of a segment lies on another's line, to half a second.
bool IsAlong(const MatchSegment& other, const MatchSegment& segment) {
  const Millis middle = (segment.upload_start + segment.upload_end) / 2;
  if (middle < other.upload_start || middle > other.upload_end) return false;
  const double rate = media::ToSeconds(other.reference_end - other.reference_start) /
                      media::ToSeconds(other.upload_end - other.upload_start);
  const double place = media::ToSeconds(other.reference_start) +
                       rate * media::ToSeconds(middle - other.upload_start);
  return std::abs(place - media::ToSeconds(segment.reference_start + segment.reference_end) / 2) <
         0.5;
}

class Matcher {
 public:
  Matcher(const media::Fingerprint& query, const Postings& postings, double least_significance)
      : query_(query), postings_(postings), least_significance_(least_significance) {}

  // Tokens that differ by a bit too, if asked for.
  void AddItems(bool probe, std::span<const Part> parts) {
    const auto add_tokens = [&](std::size_t i, std::vector<std::uint32_t>& tokens) {
      const std::uint32_t token = ItemToken(query_.audio[i]);
      tokens.push_back(token);
      for (int bit = 0; probe && bit < kTokenBits; ++bit) tokens.push_back(token ^ (1U << bit));
    };
    const Diagonals diagonals = FindDiagonals(query_.audio, parts, add_tokens, postings_);
    for (const Diagonal& diagonal : diagonals.elected) {
      const auto reference = Reference(diagonal.reference);
      if (reference == nullptr) continue;
      for (const ItemSegment& found : AlignItems(query_.audio, reference->audio, diagonal.shift)) {
        const double significance = Significance(found.evidence, diagonals.votes);
        if (Take(found.segment, significance, diagonal.reference, by_items_)) {
          PlaceItems(found.segment, diagonals.votes, diagonal.reference, *reference);
        }
      }
    }
  }

  void AddLandmarks(const LandmarkSearch& search, std::span<const Part> parts) {
    LandmarkCandidates candidates;
    for (const Part& part : parts) {
      FindLandmarkCandidates(LandmarksOf(part), search, postings_, candidates);
    }
    for (const LandmarkCandidate& candidate : candidates.best) {
      const auto reference = Reference(candidate.reference);
      if (reference == nullptr) continue;
      for (const LandmarkSegment& found :
           AlignLandmarks(query_.landmarks, reference->landmarks, candidate, search.reach)) {
        const double significance = Significance(found.evidence, candidates.votes);
        if (Take(found.segment, significance, candidate.reference, by_landmarks_)) {
          Place(found.segment, candidate, candidates.votes, *reference);
        }
      }
    }
  }

  // References of which only items are known, at other rates.
  void AddReratedItems(std::span<const Part> parts) {
    std::size_t votes = 0;
    std::vector<Rerated> all;
    for (const Part& part : parts) {
      for (Millis begin = part.begin; begin < part.end; begin += kReratedAtOnce) {
        const Millis end = std::min(part.end, begin + kReratedAtOnce + kAround);
        for (const Rate& rate : ItemRates()) {
          Rerated one{begin, rate, ItemsAt(ChromaOf({begin, end}), rate), {}};
          const Part whole{Millis(0), media::AudioItemTime(
                                          static_cast<std::int64_t>(one.items.items.size()) + 1)};
          Diagonals found = FindDiagonals(
              one.items.items, {&whole, 1},
              [&](std::size_t i, auto& tokens) { AddNear(one.items, i, tokens); }, postings_);
          votes += found.votes;
          one.diagonals = std::move(found.elected);
          all.push_back(std::move(one));
        }
      }
    }
    for (const Rerated& one : all) {
      for (const Diagonal& diagonal : one.diagonals) {
        const auto reference = Reference(diagonal.reference);
        if (reference == nullptr || !reference->landmarks.empty()) continue;
        for (const ItemSegment& found :
             AlignItems(one.items.items, reference->audio, diagonal.shift)) {
          Take(ToUpload(one, found.segment), Significance(found.evidence, votes),
               diagonal.reference, by_items_);
        }
      }
    }
  }

  std::vector<Part> Whole() const { return {{Millis(0), query_.duration}}; }

  // The parts of the query, with a little around them, in which a copy can hide.
  std::vector<Part> Unexplained() const {
    std::vector<Part> explained = certain_;
    std::sort(explained.begin(), explained.end(),
              [](const Part& a, const Part& b) { return a.begin < b.begin; });
    explained.push_back({query_.duration, query_.duration});
    std::vector<Part> parts;
    Millis end(0);
    for (const Part& part : explained) {
      if (part.begin - end > kLeastHidden) {
        parts.push_back({std::max(Millis(0), end - kAround), part.begin + kAround});
      }
      end = std::max(end, part.end);
    }
    return parts;
  }

  std::vector<AudioMatch> Finish() {
    // Where Chromaprint found a copy too, its edges are the finer ones, if the copy runs as the
    // original: else the items agree only around one moment.
    for (auto& [reference, found] : by_landmarks_) {
      std::vector<MatchSegment>& segments = by_items_[reference];
      std::vector<MatchSegment> others = Disentangle(found, kLeastSegment);
      std::erase_if(others, RunsAsOriginal);
      std::erase_if(segments, [&](const auto& segment) { return Cover(others, segment); });
      const std::vector<MatchSegment> finer = Disentangle(segments, kLeastSegment);
      for (const MatchSegment& segment : found) {
        if (!Cover(finer, segment)) segments.push_back(segment);
      }
    }
    std::vector<AudioMatch> matches;
    for (auto& [reference, segments] : by_items_) {
      AudioMatch match{reference, significances_[reference],
                       Disentangle(std::move(segments), kLeastSegment)};
      if (!match.segments.empty()) matches.push_back(std::move(match));
    }
    return matches;
  }

 private:
  using Segments = std::map<std::uint32_t, std::vector<MatchSegment>>;  // by reference

  std::span<const media::Landmark> LandmarksOf(const Part& part) const {
    const std::span<const media::Landmark> all = query_.landmarks;
    return {FirstAt(all, HopAt(part.begin)), FirstAt(all, HopAt(part.end))};
  }

  // The frames of the items that begin in a part.
  std::span<const media::ChromaFrame> ChromaOf(const Part& part) const {
    const std::span<const media::ChromaFrame> all = query_.chroma;
    const auto first = std::min(all.size(), static_cast<std::size_t>(ItemAt(part.begin)));
    const auto last = static_cast<std::size_t>(ItemAt(part.end)) + kFramesOfItem;
    return all.subspan(first, std::min(all.size(), last) - first);
  }

  std::shared_ptr<const media::Fingerprint> Reference(std::uint32_t number) {
    auto [at, added] = references_.try_emplace(number);
    if (added) at->second = postings_.Fingerprint(number);
    return at->second;
  }

  // What is a copy beyond doubt may run at a rate that was not looked for: once for each place,
  // landmarks tell how it runs and from where to where.
  void Place(const MatchSegment& segment, const LandmarkCandidate& candidate, std::size_t votes,
             const media::Fingerprint& reference) {
    std::vector<MatchSegment>& placed = placed_[candidate.reference];
    const auto holds = [&](const MatchSegment& other) { return IsAlong(other, segment); };
    if (std::any_of(placed.begin(), placed.end(), holds)) return;
    for (const LandmarkSegment& found :
         AlignLandmarks(query_.landmarks, reference.landmarks, candidate, kFoundReach)) {
      // So many tempos make chance alike beside the copy too.
      const bool same = Cover({&segment, 1}, found.segment) || Cover({&found.segment, 1}, segment);
      if (same && Take(found.segment, Significance(found.evidence, votes), candidate.reference,
                       by_landmarks_)) {
        placed.push_back(found.segment);
      }
    }
  }

  // Items of a copy at another tempo agree only around the moment at which the clocks meet.
  void PlaceItems(const MatchSegment& segment, std::size_t votes, std::uint32_t number,
                  const media::Fingerprint& reference) {
    LandmarkCandidate candidate;
    candidate.reference = number;
    candidate.shift =
        static_cast<int>(std::lround(HopAt(segment.reference_start) - HopAt(segment.upload_start)));
    for (Millis begin = segment.upload_start; begin < segment.upload_end; begin += kPlacedAtOnce) {
      const Millis end = std::min(segment.upload_end, begin + kPlacedAtOnce);
      const Millis shift = segment.reference_start - segment.upload_start;
      const MatchSegment part{begin, end, begin + shift, end + shift, segment.score};
      candidate.begin = static_cast<float>(HopAt(std::max(Millis(0), begin - kLeastHidden)));
      candidate.end = static_cast<float>(HopAt(end + kLeastHidden));
      Place(part, candidate, votes, reference);
    }
  }

  bool Take(const MatchSegment& segment, double significance, std::uint32_t reference,
            Segments& segments) {
    if (significance < least_significance_) return false;
    double& highest = significances_.try_emplace(reference, significance).first->second;
    highest = std::max(highest, significance);
    segments[reference].push_back(segment);
    if (significance >= kCertain) certain_.push_back({segment.upload_start, segment.upload_end});
    return true;
  }

  const media::Fingerprint& query_;
  const Postings& postings_;
  const double least_significance_;
  std::map<std::uint32_t, std::shared_ptr<const media::Fingerprint>> references_;
  std::map<std::uint32_t, double> significances_;
  Segments by_items_;
  Segments by_landmarks_;
  Segments placed_;  // of by_landmarks_, at any tempo
  std::vector<Part> certain_;
};

}  // namespace

std::vector<Token> AudioTokens(const media::Fingerprint& reference) {
  std::vector<Token> tokens;
  const std::span<const std::uint32_t> items = reference.audio;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i] == kSilentItem || Repeats(items, i)) continue;
    tokens.push_back({Feature::kChromaprint, ItemToken(items[i]), static_cast<std::uint32_t>(i)});
  }
  for (const LandmarkToken& token : ReferenceTokens(reference.landmarks)) {
    tokens.push_back({Feature::kLandmark, token.token, token.position});
  }
  return tokens;
}

std::vector<AudioMatch> MatchAudio(const media::Fingerprint& query, const Postings& postings,
                                   double least_significance, Effort effort) {
  Matcher matcher(query, postings, least_significance);
  matcher.AddItems(false, matcher.Whole());
  matcher.AddLandmarks(kOriginalSearch, matcher.Whole());
  if (effort == Effort::kPlainCopies) return matcher.Finish();
  matcher.AddItems(true, matcher.Unexplained());
  matcher.AddLandmarks(kDeepSearch, matcher.Unexplained());
  matcher.AddLandmarks(RateSearch(), matcher.Unexplained());
  matcher.AddReratedItems(matcher.Unexplained());
  return matcher.Finish();
}

}  // namespace penstock::fingerprint
