#include "fingerprint/reference_index.h"

#include <algorithm>
#include <utility>

#include "fingerprint/audio_matcher.h"
#include "fingerprint/index/index.h"
#include "fingerprint/video_matcher.h"

namespace penstock::fingerprint {
namespace {

// Raised whenever the tokens of a fingerprint change: indexes of others are built anew.
constexpr std::uint32_t kTokensVersion = 1;

std::vector<Token> Tokens(const media::Fingerprint& fingerprint) {
  return fingerprint.kind == media::FingerprintKind::kAudio ? AudioTokens(fingerprint)
                                                            : VideoTokens(fingerprint);
}

}  // namespace

ReferenceIndex::ReferenceIndex(std::unique_ptr<Index> index) : index_(std::move(index)) {}
ReferenceIndex::ReferenceIndex() : ReferenceIndex(Index::InMemory()) {}
ReferenceIndex::~ReferenceIndex() = default;

Result<std::unique_ptr<ReferenceIndex>> ReferenceIndex::Open(
    const std::filesystem::path& directory) {
  PENSTOCK_TRY(auto index, Index::Open(directory, {.tokens = kTokensVersion}));
  return std::unique_ptr<ReferenceIndex>(new ReferenceIndex(std::move(index)));
}

Status ReferenceIndex::Add(std::vector<IndexedWork> works, std::uint64_t after,
                           std::uint64_t cursor) {
  IndexBatch batch{.remove = {}, .add = {}, .after = after, .cursor = cursor};
  for (IndexedWork& work : works) {
    std::vector<Token> tokens = Tokens(work.fingerprint);
    batch.add.push_back({std::move(work.id), std::move(work.fingerprint), std::move(tokens)});
  }
  return index_->Apply(batch);
}

Status ReferenceIndex::Add(media::ReferenceId id, media::Fingerprint fingerprint) {
  std::vector<IndexedWork> works;
  works.push_back({std::move(id), std::move(fingerprint)});
  return Add(std::move(works), UINT64_MAX, 0);
}

Status ReferenceIndex::Remove(std::vector<media::ReferenceId> ids) {
  return index_->Apply({.remove = std::move(ids), .add = {}});
}

Status ReferenceIndex::Clear() { return index_->Clear(); }

Status ReferenceIndex::Maintain() { return index_->Maintain(); }

ReferenceIndex::Extent ReferenceIndex::Measure() const {
  const auto snapshot = index_->Snapshot();
  return {.works = snapshot->size(), .segments = snapshot->segments(), .bytes = snapshot->bytes()};
}

std::uint64_t ReferenceIndex::cursor() const { return index_->cursor(); }

std::vector<std::string> ReferenceIndex::problems() const { return index_->problems(); }

bool ReferenceIndex::Contains(const media::ReferenceId& id) const {
  return index_->Snapshot()->Number(id).has_value();
}

Status ReferenceIndex::Visit(
    std::size_t slice, const std::function<Status(std::vector<media::ReferenceId>)>& visit) const {
  const auto snapshot = index_->Snapshot();
  std::vector<media::ReferenceId> ids;
  for (std::uint32_t number = 0; number < snapshot->numbers(); ++number) {
    media::ReferenceId id = snapshot->Id(number);
    if (!id.empty()) ids.push_back(std::move(id));
    if (ids.size() == slice) PENSTOCK_CHECK(visit(std::exchange(ids, {})));
  }
  return ids.empty() ? Status() : visit(std::move(ids));
}

std::vector<media::Match> ReferenceIndex::Match(const media::Fingerprint& query,
                                                Effort effort) const {
  const auto snapshot = index_->Snapshot();
  std::vector<media::Match> matches;
  const auto take = [&](auto found) {
    for (auto& one : found) {
      const auto reference = snapshot->Fingerprint(one.reference);
      if (reference == nullptr || one.segments.empty()) continue;
      media::Match& match = matches.emplace_back();
      match.reference = snapshot->Id(one.reference);
      match.kind = query.kind;
      match.reference_duration = reference->duration;
      match.segments = std::move(one.segments);
      for (const media::MatchSegment& segment : match.segments) {
        match.score = std::max(match.score, segment.score);
      }
    }
  };
  if (query.kind == media::FingerprintKind::kAudio) {
    take(MatchAudio(query, *snapshot, kLeastSignificance, effort));
  } else {
    take(MatchVideo(query, *snapshot));
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
