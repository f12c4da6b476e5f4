// Works of sound in an index of their own.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fingerprint/audio_matcher.h"
#include "fingerprint/index/index.h"

namespace penstock::fingerprint {

// Numbered in their order.
inline std::shared_ptr<const Postings> IndexOf(const std::vector<media::Fingerprint>& works) {
  IndexBatch batch;
  for (std::size_t i = works.size(); i-- > 0;) {  // The newest has the lowest number.
    batch.add.push_back({media::ReferenceId::FromTrusted("work" + std::to_string(i)), works[i],
                         AudioTokens(works[i])});
  }
  const auto index = Index::InMemory();
  EXPECT_TRUE(index->Apply(batch).has_value());
  return index->Snapshot();
}

}  // namespace penstock::fingerprint
