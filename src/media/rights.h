// The nouns of rights: references and lists that holders submit, matches found, the decision taken.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "media/fingerprint.h"
#include "media/ids.h"

namespace penstock::media {

// What shall happen to an upload that matches, from the mildest to the most restrictive: a later
// one wins.
enum class Policy { kAllow, kTrack, kReview, kBlock };
std::string_view PolicyName(Policy policy);  // "allow", "track", "review", "block"
Result<Policy> ParsePolicy(std::string_view name);

// A stretch of time, without its end.
struct Interval {
  Millis start{0}, end{0};
  friend bool operator==(const Interval&, const Interval&) = default;
};

// One work of a rights holder, as a list row carries it.
struct Reference {
  ReferenceId id;
  ListId list;
  std::string holder_key;  // the holder's own id of the work; unique within a list and kind
  std::string title;
  std::string artist;
  std::string isrc;
  // Of the reference's time; never match (a jingle, a part in the public domain). In order, apart.
  std::vector<Interval> excluded;
  Fingerprint fingerprint;
};

struct ReferenceList {
  ListId id;
  std::string holder;  // name of the rights holder
  std::string name;
  Policy policy = Policy::kBlock;
  std::int64_t version = 1;  // the one that matches; an import takes the next free number
  Time created{};
  std::int64_t reference_count = 0;  // active references
};

// What became of one row of an import.
struct ReceiptRow {
  std::int64_t line = 0;  // 1-based line of the file
  bool accepted = false;
  std::string title;
  std::string reference;  // id when accepted
  std::string
      code;  // stable code when rejected: malformed_row, fingerprint_too_short, duplicate, ...
  std::string reason;  // a sentence when rejected
};

// A version of a list, as its receipt remembers it.
struct ListVersion {
  std::int64_t version = 0;
  Time created{};
  std::int64_t accepted = 0;
  std::int64_t rejected = 0;
  std::int64_t references = 0;  // in the whole list at this version
  bool active = false;
  bool available = false;  // its references are still there: the list can go back to it
  std::string signed_by;   // id of the holder's key that signed it; empty: it came unsigned
};

struct Receipt {
  ListId list;
  std::int64_t version = 0;
  std::int64_t accepted = 0;
  std::int64_t rejected = 0;
  std::int64_t references = 0;  // in the whole list at this version
  std::vector<ReceiptRow> rows;
};

// A stretch of the upload that is the same as a stretch of the reference.
struct MatchSegment {
  Millis upload_start{0}, upload_end{0};
  Millis reference_start{0}, reference_end{0};
  double score = 0;  // 0..1, share of agreeing bits above chance
  friend bool operator==(const MatchSegment&, const MatchSegment&) = default;
};

struct Match {
  ReferenceId reference;
  FingerprintKind kind = FingerprintKind::kAudio;
  Millis reference_duration{0};
  double score = 0;                    // of the best segment
  std::vector<MatchSegment> segments;  // in order of upload_start

  Millis Matched() const {
    Millis total{0};
    for (const MatchSegment& segment : segments) total += segment.upload_end - segment.upload_start;
    return total;
  }
};

// What remains of the match when stretches of the reference do not count. Pieces shorter than 3 s,
// which prove nothing, are dropped; without any left, segments is empty and score 0.
Match WithoutIntervals(Match match, const std::vector<Interval>& excluded);

// A match with what the decision and its explanation need to know of the reference at that moment.
struct MatchEvidence {
  Match match;
  std::string reference_title;
  std::string holder_key;
  ListId list;
  std::string list_name;
  std::string holder;
  std::int64_t list_version = 0;
  Policy policy = Policy::kAllow;
};

// The state of an asset's rights.
enum class RightsState { kPending, kClear, kClaimed, kReview, kBlocked };
std::string_view RightsStateName(
    RightsState state);  // "pending", "clear", "claimed", "review", "blocked"
Result<RightsState> ParseRightsState(std::string_view name);
// True for the states in which the asset may be public.
inline bool MayPublish(RightsState state) {
  return state == RightsState::kClear || state == RightsState::kClaimed;
}

// What was decided and why; enough to come to the same verdict again from the stored matches.
struct Decision {
  RightsState state = RightsState::kPending;
  std::string rule;        // "no_match", "list_policy", "manual"
  std::string reason;      // one sentence for the uploader
  std::string decided_by;  // "policy" or the account that settled a review
  Time decided{};
  std::string matcher;  // algorithm and threshold version, e.g. "penstock-matcher-1"
  std::vector<MatchEvidence> evidence;  // every match, each with its list's policy
};

}  // namespace penstock::media
