#include <string>

#include "fingerprint/index/log_frame.h"
#include "fingerprint/index/manifest.h"
#include "fingerprint/index/segment.h"

using namespace penstock::fingerprint;

namespace {

void ReadSegment(const std::string& bytes) {
  const auto segment = Segment::Read(bytes);
  if (!segment) return;
  for (std::uint32_t i = 0; i < (*segment)->size() && i < 64; ++i) {
    (*segment)->Fingerprint(i);
    (*segment)->Find((*segment)->Id(i));
  }
  std::vector<TokenPlace> block;
  for (const Feature feature : {Feature::kChromaprint, Feature::kLandmark, Feature::kFrameBand}) {
    for (std::uint64_t i = 0; i < (*segment)->Blocks(feature) && i < 64; ++i) {
      (*segment)->ReadBlock(feature, i, block);
    }
    const std::vector<std::uint64_t> removed(std::size_t{(*segment)->size()} / 64 + 1);
    std::vector<Sought> sought = {{0, 0, 500}, {1, 1, 500}, {7, 2, 500}, {0xFFFFFFFF, 3, 500}};
    (*segment)->Find(feature, sought, removed, [](std::size_t, std::span<const Posting>) {});
  }
}

}  // namespace

// A manifest, log or segment of foreign bytes is refused or reads within its bounds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(ParseManifest(bytes));
  ReadSegment(bytes);
  std::string_view log = bytes;
  while (const auto frame = TakeFrame(log)) ReadSegment(std::string(frame->segment));
  return 0;
}
