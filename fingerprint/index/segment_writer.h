// Writes a segment front to back.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "fingerprint/index/bits.h"
#include "fingerprint/index/index_files.h"
#include "fingerprint/index/segment.h"
#include "fingerprint/token.h"
#include "media/ids.h"

namespace penstock::fingerprint {

// A reference as the index takes it: it knows of no music, only of tokens.
struct IndexedReference {
  media::ReferenceId id;
  media::Fingerprint fingerprint;
  std::vector<Token> tokens;
};

// First every reference (numbered from 0), then every place in order of feature, token, reference
// and position, then Finish.
class SegmentWriter {
 public:
  explicit SegmentWriter(ByteSink& sink);
  Status AddReference(std::string_view id, std::string_view fingerprint);
  Status AddPlaces(Feature feature, std::span<const TokenPlace> places);
  Status Finish();

 private:
  Status Write(std::string_view bytes);
  Status EndBlock();
  void SealBlock(std::uint32_t next_first);
  Status EndFeature();

  ByteSink& sink_;
  std::uint64_t offset_ = 0;
  std::string buffer_;
  std::uint32_t references_ = 0;
  std::string reference_table_;
  std::string id_texts_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ids_;  // hash, reference
  int feature_ = 0;
  std::vector<TokenPlace> block_;
  std::uint32_t open_crc_ = 0;  // of the last block, without the first tokens
  std::array<std::string, kFeatures> block_tables_;
};

// The segment of a batch; the last reference is the newest.
Status WriteSegment(const std::vector<IndexedReference>& references, ByteSink& sink);

// What a merge takes of one segment: the references that removed (a bit each) does not name.
struct MergeInput {
  std::shared_ptr<const Segment> segment;
  std::shared_ptr<const Bits> removed;
};

inline constexpr std::uint32_t kNoReference = 0xFFFFFFFF;

// Merges segments, the newest first. Returns for each the new number of every reference
// (kNoReference: removed). Errors: kMalformed when one is damaged, which it then says itself.
Result<std::vector<std::vector<std::uint32_t>>> MergeSegments(const std::vector<MergeInput>& inputs,
                                                              ByteSink& sink);

}  // namespace penstock::fingerprint
