#include "rights/decide.h"

#include <gmock/gmock.h>

namespace penstock::rights {
namespace {

using media::FingerprintKind;
using media::MatchEvidence;
using media::Millis;
using media::Policy;
using media::RightsState;

MatchEvidence Evidence(Policy policy, Millis matched, const std::string& title = "Blue Tide",
                       FingerprintKind kind = FingerprintKind::kAudio) {
  MatchEvidence evidence;
  evidence.match.kind = kind;
  evidence.match.segments = {{Millis(5000), Millis(5000) + matched, Millis(0), matched, 0.9}};
  evidence.reference_title = title;
  evidence.holder_key = evidence.reference_title.empty() ? "key-7" : evidence.reference_title;
  evidence.holder = "Harbour Records";
  evidence.list_name = "2026";
  evidence.policy = policy;
  return evidence;
}

struct DecideCase {
  const char* name;
  std::vector<MatchEvidence> matches;
  RightsState state;
  const char* rule;
  const char* reason;
};

class DecideTable : public ::testing::TestWithParam<DecideCase> {};

TEST_P(DecideTable, GivesTheStateTheRuleAndTheReason) {
  const DecideCase& c = GetParam();
  const media::Decision decision = Decide(c.matches, {}, "matcher-1", FromMillis(42));
  EXPECT_EQ(decision.state, c.state);
  EXPECT_EQ(decision.rule, c.rule);
  EXPECT_EQ(decision.reason, c.reason);
  EXPECT_EQ(decision.evidence.size(), c.matches.size());
}

INSTANTIATE_TEST_SUITE_P(
    Decide, DecideTable,
    ::testing::Values(
        DecideCase{
            "NoMatch", {}, RightsState::kClear, "no_match", "No reference of any list matches."},
        DecideCase{"Block",
                   {Evidence(Policy::kBlock, Millis(12'400))},
                   RightsState::kBlocked,
                   "list_policy",
                   "12.4 s of the audio match \"Blue Tide\" of Harbour Records (list 2026), whose "
                   "policy is block."},
        DecideCase{"Review",
                   {Evidence(Policy::kReview, Millis(3000), "Harbour", FingerprintKind::kVideo)},
                   RightsState::kReview,
                   "list_policy",
                   "3.0 s of the video match \"Harbour\" of Harbour Records (list 2026), whose "
                   "policy is review."},
        DecideCase{"Track",
                   {Evidence(Policy::kTrack, Millis(60'049))},
                   RightsState::kClaimed,
                   "list_policy",
                   "60.0 s of the audio match \"Blue Tide\" of Harbour Records (list 2026), whose "
                   "policy is track."},
        DecideCase{"Allow",
                   {Evidence(Policy::kAllow, Millis(9950))},
                   RightsState::kClear,
                   "list_policy",
                   "10.0 s of the audio match \"Blue Tide\" of Harbour Records (list 2026), whose "
                   "policy is allow."},
        DecideCase{"AWorkWithoutATitleGoesByTheHoldersKey",
                   {Evidence(Policy::kBlock, Millis(4000), "")},
                   RightsState::kBlocked,
                   "list_policy",
                   "4.0 s of the audio match \"key-7\" of Harbour Records (list 2026), whose "
                   "policy is block."},
        DecideCase{"TheMostRestrictiveWinsWhereverItStands",
                   {Evidence(Policy::kTrack, Millis(90'000)),
                    Evidence(Policy::kBlock, Millis(5000), "Ebb"),
                    Evidence(Policy::kReview, Millis(70'000), "Flow")},
                   RightsState::kBlocked,
                   "list_policy",
                   "5.0 s of the audio match \"Ebb\" of Harbour Records (list 2026), whose policy "
                   "is block; 2 other works match too."},
        DecideCase{"OfEqualPoliciesTheLongerMatchExplains",
                   {Evidence(Policy::kBlock, Millis(5000), "Ebb"),
                    Evidence(Policy::kBlock, Millis(9000), "Flow")},
                   RightsState::kBlocked,
                   "list_policy",
                   "9.0 s of the audio match \"Flow\" of Harbour Records (list 2026), whose policy "
                   "is block; 1 other work matches too."},
        DecideCase{"SoundAndPictureOfOneWorkAreOneWork",
                   {Evidence(Policy::kBlock, Millis(5000), "Ebb"),
                    Evidence(Policy::kBlock, Millis(9000), "Ebb", FingerprintKind::kVideo)},
                   RightsState::kBlocked,
                   "list_policy",
                   "9.0 s of the video match \"Ebb\" of Harbour Records (list 2026), whose policy "
                   "is block."},
        DecideCase{"TooShortIsEvidenceButNoClaim",
                   {Evidence(Policy::kBlock, Millis(1200)), Evidence(Policy::kBlock, Millis(2900))},
                   RightsState::kClear,
                   "no_match",
                   "2.9 s of the audio match \"Blue Tide\" of Harbour Records (list 2026), which "
                   "is less than the 3.0 s that a claim needs."},
        DecideCase{
            "TooShortABlockDoesNotRaiseAClaim",
            {Evidence(Policy::kBlock, Millis(2999)), Evidence(Policy::kTrack, Millis(8000), "Ebb")},
            RightsState::kClaimed,
            "list_policy",
            "8.0 s of the audio match \"Ebb\" of Harbour Records (list 2026), whose policy "
            "is track."}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Decide, AddsUpTheSegmentsOfAReference) {
  MatchEvidence evidence = Evidence(Policy::kBlock, Millis(1600));
  evidence.match.segments.push_back(
      {Millis(20'000), Millis(21'500), Millis(8000), Millis(9500), 0.8});
  EXPECT_EQ(Decide({evidence}, {}, "m", FromMillis(0)).state, RightsState::kBlocked);
}

TEST(Decide, TheMinimumIsARule) {
  DecisionRules rules;
  rules.minimum_matched = Millis(10'000);
  EXPECT_EQ(Decide({Evidence(Policy::kBlock, Millis(9999))}, rules, "m", FromMillis(0)).state,
            RightsState::kClear);
  EXPECT_EQ(Decide({Evidence(Policy::kBlock, Millis(10'000))}, rules, "m", FromMillis(0)).state,
            RightsState::kBlocked);
}

TEST(Decide, SaysWhenByWhatAndOnWhatItWasDecided) {
  const media::Decision decision =
      Decide({Evidence(Policy::kTrack, Millis(5000)), Evidence(Policy::kBlock, Millis(100))}, {},
             "matcher-1", FromMillis(42));
  EXPECT_EQ(decision.decided_by, "policy");
  EXPECT_EQ(decision.decided, FromMillis(42));
  EXPECT_EQ(decision.matcher, "matcher-1");
  ASSERT_EQ(decision.evidence.size(), 2U);
  EXPECT_EQ(decision.evidence[1].policy, Policy::kBlock);
}

// The same matches give the same verdict in any order.
TEST(Decide, TheOrderOfMatchesDoesNotMatter) {
  std::vector<MatchEvidence> matches = {
      Evidence(Policy::kReview, Millis(5000), "a"), Evidence(Policy::kTrack, Millis(80'000), "b"),
      Evidence(Policy::kReview, Millis(6000), "c"), Evidence(Policy::kBlock, Millis(500), "d")};
  const auto by_title = [](const MatchEvidence& x, const MatchEvidence& y) {
    return x.reference_title < y.reference_title;
  };
  const std::string reason = Decide(matches, {}, "m", FromMillis(0)).reason;
  EXPECT_THAT(reason, ::testing::HasSubstr("\"c\""));
  while (std::next_permutation(matches.begin(), matches.end(), by_title)) {
    EXPECT_EQ(Decide(matches, {}, "m", FromMillis(0)).reason, reason);
  }
}

}  // namespace
}  // namespace penstock::rights
