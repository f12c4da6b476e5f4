#include "fingerprint/reference_index.h"

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

#include "fingerprint/audio_matcher.h"
#include "fingerprint/memory_postings.h"
#include "fingerprint/video_matcher.h"

namespace penstock::fingerprint {

struct ReferenceIndex::State final : Postings {
  mutable std::shared_mutex mutex;
  // Guarded by mutex. Numbers grow and are not used twice, so that a query outlives a rebuild.
  std::uint32_t next = 0;
  std::unordered_map<std::uint32_t, media::ReferenceId> ids;
  std::unordered_map<media::ReferenceId, std::uint32_t> numbers;
  MemoryPostings postings;

  void Remove(const media::ReferenceId& id) {
    const auto found = numbers.find(id);
    if (found == numbers.end()) return;
    postings.Remove(found->second);
    ids.erase(found->second);
    numbers.erase(found);
  }

  // Lookups take the lock one by one, so that an addition need not wait for a whole query.
  void Find(Feature feature, std::uint32_t token, std::size_t most,
            std::vector<Posting>& places) const override {
    const std::shared_lock lock(mutex);
    postings.Find(feature, token, most, places);
  }

  std::shared_ptr<const media::Fingerprint> Fingerprint(std::uint32_t number) const override {
    const std::shared_lock lock(mutex);
    return postings.Fingerprint(number);
  }

  // Nothing when the reference was removed meanwhile.
  std::optional<media::Match> MatchOf(std::uint32_t number, media::FingerprintKind kind,
                                      std::vector<media::MatchSegment> segments) const {
    const std::shared_lock lock(mutex);
    const auto id = ids.find(number);
    if (id == ids.end() || segments.empty()) return std::nullopt;
    media::Match match;
    match.reference = id->second;
    match.kind = kind;
    match.reference_duration = postings.Fingerprint(number)->duration;
    match.segments = std::move(segments);
    for (const media::MatchSegment& segment : match.segments) {
      match.score = std::max(match.score, segment.score);
    }
    return match;
  }
};

ReferenceIndex::ReferenceIndex() : state_(std::make_unique<State>()) {}
ReferenceIndex::~ReferenceIndex() = default;

void ReferenceIndex::Add(const media::ReferenceId& id, media::Fingerprint fingerprint) {
  const std::unique_lock lock(state_->mutex);
  state_->Remove(id);
  const std::uint32_t number = state_->next++;
  state_->ids.emplace(number, id);
  state_->numbers.emplace(id, number);
  state_->postings.Add(number, std::move(fingerprint));
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
  const auto take = [&](auto found) {
    for (auto& one : found) {
      auto match = state_->MatchOf(one.reference, query.kind, std::move(one.segments));
      if (match) matches.push_back(*std::move(match));
    }
  };
  if (query.kind == media::FingerprintKind::kAudio) {
    take(MatchAudio(query, *state_));
  } else {
    take(MatchVideo(query, *state_));
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
