// Finds stretches of sound that two fingerprints share.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fingerprint/diagonal_votes.h"
#include "fingerprint/posting_table.h"
#include "media/fingerprint.h"
#include "media/rights.h"

namespace penstock::fingerprint {

// Chromaprint's value for silence.
inline constexpr std::uint32_t kSilentItem = 627964279;

void IndexAudio(std::uint32_t reference, std::span<const std::uint32_t> items, PostingTable& table);

// In order, each once; a shift is a number of items.
std::vector<Diagonal> FindAudioCandidates(std::span<const std::uint32_t> query,
                                          const PostingTable& table);

// The shared stretches along the shifts, in order of upload_start. Empty when they are no better
// than chance.
std::vector<media::MatchSegment> AlignAudio(const media::Fingerprint& query,
                                            const media::Fingerprint& reference,
                                            std::span<const std::int32_t> shifts);

}  // namespace penstock::fingerprint
