// The rights decision: a pure function of the matches and the policies of their lists.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "media/rights.h"

namespace penstock::rights {

// Thresholds below which a match is evidence, but no claim.
struct DecisionRules {
  media::Millis minimum_matched{3000};  // total matched time of a reference
};

// The most restrictive policy of all matches wins: block -> blocked, review -> review, track ->
// claimed, allow or no match -> clear. The decision carries every match as evidence and says in one
// sentence what was found and whose it is.
media::Decision Decide(const std::vector<media::MatchEvidence>& matches, const DecisionRules& rules,
                       const std::string& matcher, Time now);

// True when both are matches of the same works of the same lists, under the same policies: then one
// decision is as good for the one as for the other.
bool SameClaims(const std::vector<media::MatchEvidence>& a,
                const std::vector<media::MatchEvidence>& b);

// True for a decision that a person took: it stays, whatever the lists become.
bool IsManual(const std::optional<media::Decision>& decision);

}  // namespace penstock::rights
