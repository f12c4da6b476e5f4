#include "fingerprint/index/manifest.h"

#include "fingerprint/index/crc32c.h"
#include "fingerprint/index/little_endian.h"

namespace penstock::fingerprint {
namespace {

constexpr std::string_view kFamily = "PSIDX";
constexpr std::string_view kMagic = "PSIDX002";
constexpr std::size_t kHeader = 8 + 4 + 8 + 8 + 8 + 4;
constexpr std::size_t kEntry = 8 + 4;

}  // namespace

std::string FormatManifest(const Manifest& manifest) {
  std::string out(kMagic);
  AppendNumber(out, manifest.tokens);
  AppendNumber(out, manifest.cursor);
  AppendNumber(out, manifest.next_number);
  AppendNumber(out, manifest.log);
  AppendNumber(out, static_cast<std::uint32_t>(manifest.segments.size()));
  for (const ManifestSegment& segment : manifest.segments) {
    AppendNumber(out, segment.number);
    AppendNumber(out, segment.references);
    for (const std::uint64_t word : segment.removed) AppendNumber(out, word);
  }
  AppendNumber(out, Crc32c(out));
  return out;
}

Result<Manifest> ParseManifest(std::string_view bytes) {
  const Error malformed(ErrorKind::kMalformed, "damaged_manifest",
                        "the index manifest does not hold");
  if (bytes.size() < kHeader + 4 || !bytes.starts_with(kFamily)) return malformed;
  if (!bytes.starts_with(kMagic)) {
    return Error(ErrorKind::kMalformed, "other_index_format",
                 "the index manifest is of another version of the format");
  }
  const std::size_t end = bytes.size() - 4;
  if (LoadNumber<std::uint32_t>(bytes.data() + end) != Crc32c(bytes.substr(0, end))) {
    return malformed;
  }
  Manifest manifest{.tokens = LoadNumber<std::uint32_t>(bytes.data() + 8),
                    .cursor = LoadNumber<std::uint64_t>(bytes.data() + 12),
                    .next_number = LoadNumber<std::uint64_t>(bytes.data() + 20),
                    .log = LoadNumber<std::uint64_t>(bytes.data() + 28),
                    .segments = {}};
  if (manifest.log >= manifest.next_number) return malformed;
  std::size_t at = kHeader;
  for (auto left = LoadNumber<std::uint32_t>(bytes.data() + 36); left > 0; --left) {
    if (end - at < kEntry) return malformed;
    ManifestSegment segment{.number = LoadNumber<std::uint64_t>(bytes.data() + at),
                            .references = LoadNumber<std::uint32_t>(bytes.data() + at + 8),
                            .removed = {}};
    if (segment.number == 0 || segment.number >= manifest.next_number) return malformed;
    at += kEntry;
    const std::size_t words = (std::size_t{segment.references} + 63) / 64;
    if ((end - at) / 8 < words) return malformed;
    for (std::size_t i = 0; i < words; ++i, at += 8) {
      segment.removed.push_back(LoadNumber<std::uint64_t>(bytes.data() + at));
    }
    manifest.segments.push_back(std::move(segment));
  }
  if (at != end) return malformed;
  return manifest;
}

}  // namespace penstock::fingerprint
