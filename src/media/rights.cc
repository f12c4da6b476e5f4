#include "media/rights.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace penstock::media {

std::string_view PolicyName(Policy policy) {
  switch (policy) {
    case Policy::kAllow:
      return "allow";
    case Policy::kTrack:
      return "track";
    case Policy::kReview:
      return "review";
    case Policy::kBlock:
      return "block";
  }
  return "block";
}

Result<Policy> ParsePolicy(std::string_view name) {
  for (const Policy policy : {Policy::kAllow, Policy::kTrack, Policy::kReview, Policy::kBlock}) {
    if (PolicyName(policy) == name) return policy;
  }
  return Error(ErrorKind::kInvalidArgument, "invalid_policy", "the policy is not known")
      .At("policy", "one of allow, track, review, block");
}

std::string_view RightsStateName(RightsState state) {
  switch (state) {
    case RightsState::kPending:
      return "pending";
    case RightsState::kClear:
      return "clear";
    case RightsState::kClaimed:
      return "claimed";
    case RightsState::kReview:
      return "review";
    case RightsState::kBlocked:
      return "blocked";
  }
  return "pending";
}

Result<RightsState> ParseRightsState(std::string_view name) {
  for (const RightsState state : {RightsState::kPending, RightsState::kClear, RightsState::kClaimed,
                                  RightsState::kReview, RightsState::kBlocked}) {
    if (RightsStateName(state) == name) return state;
  }
  return Error(ErrorKind::kMalformed, "the rights state is not known");
}

Match WithoutIntervals(Match match, const std::vector<Interval>& excluded) {
  constexpr Millis kLeastPiece{3000};
  if (excluded.empty()) return match;
  std::vector<MatchSegment> pieces;
  for (const MatchSegment& segment : match.segments) {
    // Both sides run at nearly the same speed; a place on one is the same share of the other.
    const auto upload_at = [&segment](Millis place) {
      const double share =
          static_cast<double>((place - segment.reference_start).count()) /
          static_cast<double>((segment.reference_end - segment.reference_start).count());
      const auto length = static_cast<double>((segment.upload_end - segment.upload_start).count());
      return segment.upload_start + Millis(std::llround(share * length));
    };
    const auto keep = [&](Millis start, Millis end) {
      if (start == segment.reference_start && end == segment.reference_end) {
        pieces.push_back(segment);
      } else if (end - start >= kLeastPiece) {
        pieces.push_back({upload_at(start), upload_at(end), start, end, segment.score});
      }
    };
    Millis start = segment.reference_start;
    for (const Interval& interval : excluded) {
      if (interval.end <= start || interval.start >= segment.reference_end) continue;
      keep(start, interval.start);
      start = interval.end;
    }
    keep(start, segment.reference_end);
  }
  match.segments = std::move(pieces);
  match.score = 0;
  for (const MatchSegment& piece : match.segments) match.score = std::max(match.score, piece.score);
  return match;
}

}  // namespace penstock::media
