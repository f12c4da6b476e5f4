// What an index does when it is opened.
#include <fcntl.h>
#include <sys/file.h>

#include <bit>

#include "base/file.h"
#include "fingerprint/index/index.h"

namespace penstock::fingerprint {
namespace {

constexpr std::uint64_t kMostManifestBytes = std::uint64_t{1} << 32;
constexpr std::uint64_t kMostLogBytes = std::uint64_t{1} << 32;
constexpr int kMostAttempts = 5;

std::uint32_t Count(const Bits& bits) {
  int count = 0;
  for (const std::uint64_t word : bits) count += std::popcount(word);
  return static_cast<std::uint32_t>(count);
}

}  // namespace

std::unique_ptr<Index> Index::InMemory(IndexOptions options) {
  return std::unique_ptr<Index>(new Index({}, {}, std::move(options)));
}

Result<std::unique_ptr<Index>> Index::Open(const std::filesystem::path& directory,
                                           IndexOptions options) {
  PENSTOCK_CHECK(MakeDirectories(directory));
  PENSTOCK_TRY(UniqueFd lock, OpenFile(directory / "lock", O_RDWR | O_CREAT));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) {
    std::unique_ptr<Index> index(new Index(directory, std::move(lock), std::move(options)));
    PENSTOCK_CHECK(index->Load());
    return index;
  }
  for (int attempt = 1;; ++attempt) {
    std::unique_ptr<Index> index(new Index(directory, {}, options));
    PENSTOCK_CHECK(index->Load());
    // The owner may have replaced the files that the manifest named.
    if (index->problems_.empty() || attempt == kMostAttempts) return index;
  }
}

Status Index::Load() {
  Manifest manifest;
  auto bytes = ReadFile(directory_ / "manifest", kMostManifestBytes);
  if (!bytes && bytes.error().kind != ErrorKind::kNotFound) return std::move(bytes.error());
  if (bytes) {
    auto parsed = ParseManifest(*bytes);
    if (!parsed && parsed.error().code == "other_index_format") {
      // Begun anew, like an index of other tokens.
    } else if (!parsed) {
      problems_.push_back(parsed.error().message);
    } else if (parsed->tokens == options_.tokens) {
      manifest = std::move(*parsed);
    }
  }
  auto state = std::make_shared<IndexSnapshot>();
  cursor_ = manifest.cursor;
  next_number_ = manifest.next_number;
  log_number_ = manifest.log;
  bool lost = false;
  for (ManifestSegment& entry : manifest.segments) {
    auto segment = Segment::Open(SegmentPath(entry.number));
    if (!segment || (*segment)->size() != entry.references) {
      problems_.push_back(segment ? "the index segment is not the manifest's"
                                  : segment.error().message);
      lost = true;
      continue;
    }
    const std::uint32_t removed = Count(entry.removed);
    state->parts_.push_back({.file = entry.number,
                             .segment = std::move(*segment),
                             .removed = std::make_shared<const Bits>(std::move(entry.removed)),
                             .live = removed >= entry.references ? 0 : entry.references - removed});
  }
  state->Renumber();
  state_.store(State(std::move(state)));
  if (bytes) {
    RemoveStrays(manifest);
    PENSTOCK_CHECK(Replay());
  }
  if (!lost) return {};
  cursor_ = 0;
  return Fold();
}

Status Index::Replay() {
  if (log_number_ == 0) return {};
  auto bytes = ReadFile(LogPath(log_number_), kMostLogBytes);
  if (!bytes && bytes.error().kind != ErrorKind::kNotFound) return std::move(bytes.error());
  if (!bytes) {
    problems_.push_back(bytes.error().message);
    return {};
  }
  std::string_view rest = *bytes;
  while (auto frame = TakeFrame(rest)) {
    std::shared_ptr<const Segment> segment;
    if (!frame->segment.empty()) {
      auto read = Segment::Read(std::string(frame->segment));
      if (!read) break;
      segment = std::move(*read);
    }
    state_.store(Changed(*state_.load(), frame->removed, segment, 0));
    cursor_ = frame->cursor;
    ++log_batches_;
  }
  // What does not hold was never acknowledged, or was damaged since: the cursor stands before it
  // either way. The log is not appended to any more.
  if (!rest.empty()) {
    problems_.push_back("the last " + std::to_string(rest.size()) + " bytes of " +
                        LogPath(log_number_).string() + " do not hold");
  }
  return {};
}

}  // namespace penstock::fingerprint
