// The file that names an index's live files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fingerprint/index/bits.h"

namespace penstock::fingerprint {

struct ManifestSegment {
  std::uint64_t number = 0;  // of the file
  std::uint32_t references = 0;
  Bits removed;
};

struct Manifest {
  std::uint32_t tokens = 0;  // the version of the tokens in it
  std::uint64_t cursor = 0;  // of the catalog, without the log's batches
  std::uint64_t next_number = 1;
  std::uint64_t log = 0;
  std::vector<ManifestSegment> segments;  // the oldest first
};

std::string FormatManifest(const Manifest& manifest);
// Errors: kMalformed "damaged_manifest", "other_index_format".
Result<Manifest> ParseManifest(std::string_view bytes);

}  // namespace penstock::fingerprint
