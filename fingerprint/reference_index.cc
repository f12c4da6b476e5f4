#include "fingerprint/reference_index.h"

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <unordered_map>
#include <utility>

#include "fingerprint/audio_matcher.h"
#include "fingerprint/video_matcher.h"

namespace penstock::fingerprint {
namespace {

using media::FingerprintKind;

// A removed reference keeps its slot and its tokens until a rebuild, so that numbers stay valid.
struct Slot {
  media::ReferenceId id;
  std::shared_ptr<const media::Fingerprint> fingerprint;  // null once removed
};

struct Candidate {
  Slot slot;
  std::vector<std::int32_t> shifts;
};

}  // namespace

struct ReferenceIndex::State final : Postings {
  mutable std::shared_mutex mutex;
  // Guarded by mutex.
  std::vector<Slot> slots;
  std::unordered_map<media::ReferenceId, std::uint32_t> numbers;
  PostingTable sounds;
  PostingTable pictures;

  void Find(Feature feature, std::uint32_t token, std::size_t most,
            std::vector<Posting>& places) const override {
    if (feature != Feature::kFrameBand) return;
    pictures.ForEach(token, [&](std::uint32_t reference, std::uint32_t position) {
      if (most == 0 || slots[reference].fingerprint == nullptr) return;
      places.push_back({reference, position});
      --most;
    });
  }
  std::shared_ptr<const media::Fingerprint> Fingerprint(std::uint32_t reference) const override {
    return slots[reference].fingerprint;
  }

  void AddTokens(std::uint32_t number) {
    const media::Fingerprint& fingerprint = *slots[number].fingerprint;
    if (fingerprint.kind == FingerprintKind::kAudio) {
      IndexAudio(number, fingerprint.audio, sounds);
    } else {
      for (const Token& token : VideoTokens(fingerprint)) {
        pictures.Add(token.token, number, token.position);
      }
    }
  }

  void Remove(const media::ReferenceId& id) {
    const auto found = numbers.find(id);
    if (found == numbers.end()) return;
    slots[found->second].fingerprint.reset();
    numbers.erase(found);
    if (slots.size() > 2 * numbers.size() + 16) Rebuild();
  }

  // Costs as much as the additions since the last one did.
  void Rebuild() {
    sounds.Clear();
    pictures.Clear();
    numbers.clear();
    std::erase_if(slots, [](const Slot& slot) { return slot.fingerprint == nullptr; });
    for (std::uint32_t number = 0; number < slots.size(); ++number) {
      numbers.emplace(slots[number].id, number);
      AddTokens(number);
    }
  }

  // What alignment needs, taken out so that it runs without the lock.
  std::vector<Candidate> FindSounds(const media::Fingerprint& query) const {
    const std::shared_lock lock(mutex);
    const std::vector<Diagonal> diagonals = FindAudioCandidates(query.audio, sounds);
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < diagonals.size(); ++i) {
      const Slot& slot = slots[diagonals[i].reference];
      if (slot.fingerprint == nullptr) continue;
      if (i == 0 || diagonals[i].reference != diagonals[i - 1].reference) {
        candidates.push_back({slot, {}});
      }
      candidates.back().shifts.push_back(diagonals[i].shift);
    }
    return candidates;
  }

  std::vector<media::Match> MatchSound(const media::Fingerprint& query) const {
    std::vector<media::Match> matches;
    for (const Candidate& candidate : FindSounds(query)) {
      media::Match match;
      match.reference = candidate.slot.id;
      match.segments = AlignAudio(query, *candidate.slot.fingerprint, candidate.shifts);
      if (!match.segments.empty()) matches.push_back(std::move(match));
    }
    return matches;
  }

  std::vector<media::Match> MatchFilm(const media::Fingerprint& query) const {
    const std::shared_lock lock(mutex);
    std::vector<media::Match> matches;
    for (VideoMatch& found : MatchVideo(query, *this)) {
      media::Match match;
      match.reference = slots[found.reference].id;
      match.segments = std::move(found.segments);
      matches.push_back(std::move(match));
    }
    return matches;
  }
};

ReferenceIndex::ReferenceIndex() : state_(std::make_unique<State>()) {}
ReferenceIndex::~ReferenceIndex() = default;

void ReferenceIndex::Add(const media::ReferenceId& id, media::Fingerprint fingerprint) {
  Slot slot{id, std::make_shared<const media::Fingerprint>(std::move(fingerprint))};
  const std::unique_lock lock(state_->mutex);
  state_->Remove(id);
  const auto number = static_cast<std::uint32_t>(state_->slots.size());
  state_->slots.push_back(std::move(slot));
  state_->numbers.emplace(id, number);
  state_->AddTokens(number);
}

void ReferenceIndex::Remove(const media::ReferenceId& id) {
  const std::unique_lock lock(state_->mutex);
  state_->Remove(id);
}

std::size_t ReferenceIndex::size() const {
  const std::shared_lock lock(state_->mutex);
  return state_->numbers.size();
}

std::vector<media::Match> ReferenceIndex::Match(const media::Fingerprint& query) const {
  std::vector<media::Match> matches =
      query.kind == FingerprintKind::kAudio ? state_->MatchSound(query) : state_->MatchFilm(query);
  for (media::Match& match : matches) {
    match.kind = query.kind;
    for (const media::MatchSegment& segment : match.segments) {
      match.score = std::max(match.score, segment.score);
    }
  }
  const auto weight = [](const media::Match& match) {
    return match.score * media::ToSeconds(match.Matched());
  };
  std::sort(matches.begin(), matches.end(), [&](const auto& a, const auto& b) {
    return std::pair(weight(b), a.reference) < std::pair(weight(a), b.reference);
  });
  return matches;
}

}  // namespace penstock::fingerprint
