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

struct ReferenceIndex::State {
  mutable std::shared_mutex mutex;
  // Guarded by mutex.
  std::vector<Slot> slots;
  std::unordered_map<media::ReferenceId, std::uint32_t> numbers;
  PostingTable sounds;
  FrameTable frames;

  void AddTokens(std::uint32_t number) {
    const media::Fingerprint& fingerprint = *slots[number].fingerprint;
    if (fingerprint.kind == FingerprintKind::kAudio) {
      IndexAudio(number, fingerprint.audio, sounds);
    } else {
      frames.Add(number, fingerprint.frames);
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
    frames.Clear();
    numbers.clear();
    std::erase_if(slots, [](const Slot& slot) { return slot.fingerprint == nullptr; });
    for (std::uint32_t number = 0; number < slots.size(); ++number) {
      numbers.emplace(slots[number].id, number);
      AddTokens(number);
    }
  }

  // What alignment needs, taken out so that it runs without the lock.
  std::vector<Candidate> FindCandidates(const media::Fingerprint& query) const {
    const std::shared_lock lock(mutex);
    const std::vector<Diagonal> diagonals = query.kind == FingerprintKind::kAudio
                                                ? FindAudioCandidates(query.audio, sounds)
                                                : frames.FindCandidates(query.frames);
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
  std::vector<media::Match> matches;
  for (const Candidate& candidate : state_->FindCandidates(query)) {
    media::Match match;
    match.reference = candidate.slot.id;
    match.kind = query.kind;
    match.reference_duration = candidate.slot.fingerprint->duration;
    match.segments = query.kind == FingerprintKind::kAudio
                         ? AlignAudio(query, *candidate.slot.fingerprint, candidate.shifts)
                         : AlignVideo(query, *candidate.slot.fingerprint, candidate.shifts);
    for (const media::MatchSegment& segment : match.segments) {
      match.score = std::max(match.score, segment.score);
    }
    if (!match.segments.empty()) matches.push_back(std::move(match));
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
