#include "media/rights.h"

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

}  // namespace penstock::media
