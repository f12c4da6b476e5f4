#include "rights/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace penstock::rights {
namespace {

using media::MatchEvidence;

media::RightsState StateOf(media::Policy policy) {
  switch (policy) {
    case media::Policy::kAllow:
      return media::RightsState::kClear;
    case media::Policy::kTrack:
      return media::RightsState::kClaimed;
    case media::Policy::kReview:
      return media::RightsState::kReview;
    case media::Policy::kBlock:
      return media::RightsState::kBlocked;
  }
  return media::RightsState::kBlocked;
}

std::string FormatSeconds(media::Millis time) {
  const std::int64_t tenths = (time.count() + 50) / 100;
  return fmt::format("{}.{} s", tenths / 10, tenths % 10);
}

// "12.4 s of the audio match "Title" of Holder (list Name)"
std::string DescribeMatch(const MatchEvidence& evidence) {
  return fmt::format(
      "{} of the {} match \"{}\" of {} (list {})", FormatSeconds(evidence.match.Matched()),
      media::FingerprintKindName(evidence.match.kind),
      evidence.reference_title.empty() ? evidence.holder_key : evidence.reference_title,
      evidence.holder, evidence.list_name);
}

std::string ReasonOfClaims(const MatchEvidence& winner, std::size_t works) {
  std::string others;
  if (works == 2) others = "; 1 other work matches too";
  if (works > 2) others = fmt::format("; {} other works match too", works - 1);
  return fmt::format("{}, whose policy is {}{}.", DescribeMatch(winner),
                     media::PolicyName(winner.policy), others);
}

std::string ReasonOfNoClaim(const std::vector<MatchEvidence>& matches, const DecisionRules& rules) {
  const auto longest = std::max_element(matches.begin(), matches.end(),
                                        [](const MatchEvidence& a, const MatchEvidence& b) {
                                          return a.match.Matched() < b.match.Matched();
                                        });
  if (longest == matches.end()) return "No reference of any list matches.";
  return fmt::format("{}, which is less than the {} that a claim needs.", DescribeMatch(*longest),
                     FormatSeconds(rules.minimum_matched));
}

// What a decision rests on: a work of a list, and its policy.
std::set<std::tuple<media::ListId, std::string, media::FingerprintKind, media::Policy>> ClaimsOf(
    const std::vector<MatchEvidence>& matches) {
  std::set<std::tuple<media::ListId, std::string, media::FingerprintKind, media::Policy>> claims;
  for (const MatchEvidence& evidence : matches) {
    claims.emplace(evidence.list, evidence.holder_key, evidence.match.kind, evidence.policy);
  }
  return claims;
}

}  // namespace

media::Decision Decide(const std::vector<MatchEvidence>& matches, const DecisionRules& rules,
                       const std::string& matcher, Time now) {
  media::Decision decision;
  decision.decided_by = "policy";
  decision.decided = now;
  decision.matcher = matcher;
  decision.evidence = matches;

  const MatchEvidence* winner = nullptr;
  // Sound and picture of one work are two references with one key.
  std::set<std::pair<media::ListId, std::string>> works;
  for (const MatchEvidence& evidence : matches) {
    if (evidence.match.Matched() < rules.minimum_matched) continue;
    works.emplace(evidence.list, evidence.holder_key);
    // Of equal policies the one that matches most explains the verdict.
    const auto weight = [](const MatchEvidence& e) {
      return std::tuple(e.policy, e.match.Matched());
    };
    if (winner == nullptr || weight(evidence) > weight(*winner)) winner = &evidence;
  }
  decision.rule = winner == nullptr ? "no_match" : "list_policy";
  decision.state = winner == nullptr ? media::RightsState::kClear : StateOf(winner->policy);
  decision.reason =
      winner == nullptr ? ReasonOfNoClaim(matches, rules) : ReasonOfClaims(*winner, works.size());
  return decision;
}

bool SameClaims(const std::vector<MatchEvidence>& a, const std::vector<MatchEvidence>& b) {
  return ClaimsOf(a) == ClaimsOf(b);
}

bool IsManual(const std::optional<media::Decision>& decision) {
  return decision && decision->rule == "manual";
}

}  // namespace penstock::rights
