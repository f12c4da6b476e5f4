#include "fingerprint/reference_index.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

#include "fingerprint/audio_matcher.h"
#include "fingerprint/memory_postings.h"
#include "fingerprint/video_matcher.h"

namespace penstock::fingerprint {
using media::FingerprintKind;

struct ReferenceIndex::State final : Postings {
  mutable std::shared_mutex mutex;
  // Guarded by mutex. Numbers grow and are not used twice, so that a query outlives a rebuild.
  std::uint32_t next = 0;
  std::unordered_map<std::uint32_t, media::ReferenceId> ids;
  std::unordered_map<media::ReferenceId, std::uint32_t> numbers;
  MemoryPostings sounds;
  std::unordered_map<std::uint32_t, std::shared_ptr<const media::Fingerprint>> films;
  FrameTable frames;
  std::size_t framed = 0;  // films in frames, removed ones too

  void Add(const media::ReferenceId& id, media::Fingerprint fingerprint) {
    const std::uint32_t number = next++;
    ids.emplace(number, id);
    numbers.emplace(id, number);
    if (fingerprint.kind == FingerprintKind::kAudio) {
      sounds.Add(number, std::move(fingerprint));
      return;
    }
    frames.Add(number, fingerprint.frames);
    films.emplace(number, std::make_shared<const media::Fingerprint>(std::move(fingerprint)));
    ++framed;
  }

  void Remove(const media::ReferenceId& id) {
    const auto found = numbers.find(id);
    if (found == numbers.end()) return;
    const std::uint32_t number = found->second;
    numbers.erase(found);
    ids.erase(number);
    if (films.erase(number) == 0) {
      sounds.Remove(number);
    } else if (framed > 2 * films.size() + 16) {
      RebuildFrames();
    }
  }

  // Costs as much as the additions since the last one did.
  void RebuildFrames() {
    frames.Clear();
    framed = films.size();
    for (const auto& [number, film] : films) frames.Add(number, film->frames);
  }

  // Lookups take the lock one by one, so that an addition need not wait for a whole query.
  void Find(Feature feature, std::uint32_t token, std::size_t most,
            std::vector<Posting>& places) const override {
    const std::shared_lock lock(mutex);
    sounds.Find(feature, token, most, places);
  }

  std::shared_ptr<const media::Fingerprint> Fingerprint(std::uint32_t number) const override {
    const std::shared_lock lock(mutex);
    const auto film = films.find(number);
    return film != films.end() ? film->second : sounds.Fingerprint(number);
  }

  std::optional<media::ReferenceId> IdOf(std::uint32_t number) const {
    const std::shared_lock lock(mutex);
    const auto found = ids.find(number);
    if (found == ids.end()) return std::nullopt;
    return found->second;
  }

  // By reference; alignment runs without the lock.
  std::vector<AudioMatch> MatchVideo(const media::Fingerprint& query) const {
    std::map<std::uint32_t, std::vector<std::int32_t>> shifts;
    {
      const std::shared_lock lock(mutex);
      for (const Diagonal& diagonal : frames.FindCandidates(query.frames)) {
        shifts[diagonal.reference].push_back(diagonal.shift);
      }
    }
    std::vector<AudioMatch> matches;
    for (const auto& [number, of_number] : shifts) {
      const auto film = Fingerprint(number);
      if (film != nullptr) matches.push_back({number, AlignVideo(query, *film, of_number), 0});
    }
    return matches;
  }
};

ReferenceIndex::ReferenceIndex() : state_(std::make_unique<State>()) {}
ReferenceIndex::~ReferenceIndex() = default;

void ReferenceIndex::Add(const media::ReferenceId& id, media::Fingerprint fingerprint) {
  const std::unique_lock lock(state_->mutex);
  state_->Remove(id);
  state_->Add(id, std::move(fingerprint));
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
  const bool audio = query.kind == FingerprintKind::kAudio;
  for (AudioMatch& found : audio ? MatchAudio(query, *state_) : state_->MatchVideo(query)) {
    const std::optional<media::ReferenceId> id = state_->IdOf(found.reference);
    const auto reference = state_->Fingerprint(found.reference);
    if (!id || reference == nullptr || found.segments.empty()) continue;
    media::Match match;
    match.reference = *id;
    match.kind = query.kind;
    match.reference_duration = reference->duration;
    match.segments = std::move(found.segments);
    for (const media::MatchSegment& segment : match.segments) {
      match.score = std::max(match.score, segment.score);
    }
    matches.push_back(std::move(match));
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
