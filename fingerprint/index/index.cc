#include "fingerprint/index/index.h"

#include <algorithm>
#include <set>

namespace penstock::fingerprint {
namespace {

// A frame of the log, whose length is a u32, holds a batch within these.
constexpr std::uint64_t kMostBatchBytes = std::uint64_t{1} << 31;
constexpr std::size_t kMostBatchIds = 10'000'000;

Error InvalidBatch(std::string field, std::string rule) {
  return Error(ErrorKind::kInvalidArgument, "invalid_index_batch",
               "the batch for the index breaks a rule")
      .At(std::move(field), std::move(rule));
}

Status CheckBatch(const IndexBatch& batch) {
  const auto is_id = [](const media::ReferenceId& id) { return IsIdText(id.text()); };
  for (const auto& id : batch.remove) {
    if (!is_id(id)) return InvalidBatch("remove", "ids of 1 to 64 characters of [0-9A-Za-z_-]");
  }
  std::uint64_t bytes = 0;
  for (const IndexedReference& reference : batch.add) {
    if (!is_id(reference.id)) {
      return InvalidBatch("add", "ids of 1 to 64 characters of [0-9A-Za-z_-]");
    }
    for (const Token& token : reference.tokens) {
      const int feature = static_cast<int>(token.feature);
      if (feature < 1 || feature > kFeatures)
        return InvalidBatch("add", "tokens of known features");
    }
    const media::Fingerprint& fingerprint = reference.fingerprint;
    bytes += 4 * fingerprint.audio.size() + 4 * fingerprint.landmarks.size() +
             sizeof(media::FrameHash) * fingerprint.frames.size() +
             sizeof(media::FrameView) * fingerprint.views.size() +
             sizeof(TokenPlace) * reference.tokens.size();
  }
  if (bytes > kMostBatchBytes || batch.remove.size() + batch.add.size() > kMostBatchIds) {
    return Error(ErrorKind::kTooLarge, "index_batch_too_large",
                 "the batch for the index is over 2 GiB or ten million ids");
  }
  return {};
}

}  // namespace

Index::Index(std::filesystem::path directory, UniqueFd lock, IndexOptions options)
    : directory_(std::move(directory)),
      lock_(std::move(lock)),
      options_(std::move(options)),
      state_(std::make_shared<const IndexSnapshot>()) {}

std::filesystem::path Index::SegmentPath(std::uint64_t number) const {
  return directory_ / ("segment-" + std::to_string(number));
}

std::filesystem::path Index::LogPath(std::uint64_t number) const {
  return directory_ / ("log-" + std::to_string(number));
}

std::uint64_t Index::cursor() const {
  const std::lock_guard lock(mutex_);
  return cursor_;
}

std::vector<std::string> Index::problems() const {
  const std::lock_guard lock(mutex_);
  return problems_;
}

void Index::RemoveStrays(const Manifest& manifest) {
  if (!durable()) return;
  std::set<std::filesystem::path> live{directory_ / "manifest", LogPath(manifest.log),
                                       SegmentPath(merging_)};
  for (const ManifestSegment& segment : manifest.segments) live.insert(SegmentPath(segment.number));
  std::error_code error;
  std::vector<std::filesystem::path> strays;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
    const std::string name = entry.path().filename().string();
    const bool ours =
        name.starts_with("segment-") || name.starts_with("log-") || name == "manifest.new";
    if (ours && !live.contains(entry.path())) strays.push_back(entry.path());
  }
  // One that cannot be removed now is met again at the next start.
  for (const auto& path : strays) static_cast<void>(options_.files->Remove(path));
}

std::shared_ptr<IndexSnapshot> Index::Changed(const IndexSnapshot& state,
                                              const std::vector<std::string_view>& removed,
                                              const std::shared_ptr<const Segment>& added,
                                              std::uint64_t file) {
  auto next = std::make_shared<IndexSnapshot>(state);
  for (IndexSnapshot::Part& part : next->parts_) {
    std::shared_ptr<Bits> bits;
    for (const std::string_view id : removed) {
      for (const std::uint32_t local : part.segment->Find(id)) {
        if (HasBit(bits ? *bits : *part.removed, local)) continue;
        if (!bits) bits = std::make_shared<Bits>(*part.removed);
        SetBit(*bits, local);
        --part.live;
      }
    }
    if (bits) part.removed = std::move(bits);
  }
  if (added) {
    next->parts_.push_back({.file = file,
                            .segment = added,
                            .removed = std::make_shared<Bits>(NoBits(added->size())),
                            .live = added->size()});
  }
  next->Renumber();
  return next;
}

Status Index::Apply(const IndexBatch& batch) {
  PENSTOCK_CHECK(CheckBatch(batch));
  // The last of several additions of one id counts.
  std::set<std::string_view> seen;
  std::vector<IndexedReference> kept;
  const std::vector<IndexedReference>* add = &batch.add;
  std::vector<std::string_view> removed;
  for (const auto& id : batch.remove) removed.push_back(id.text());
  for (auto reference = batch.add.rbegin(); reference != batch.add.rend(); ++reference) {
    if (seen.insert(reference->id.text()).second) removed.push_back(reference->id.text());
  }
  if (seen.size() != batch.add.size()) {
    for (auto reference = batch.add.rbegin(); reference != batch.add.rend(); ++reference) {
      if (seen.erase(reference->id.text()) == 1) kept.push_back(*reference);
    }
    std::reverse(kept.begin(), kept.end());
    add = &kept;
  }
  std::string bytes;
  if (!add->empty()) {
    StringSink sink;
    PENSTOCK_CHECK(WriteSegment(*add, sink));
    bytes = sink.Take();
  }
  const std::lock_guard lock(mutex_);
  const std::uint64_t cursor = batch.after <= cursor_ ? std::max(cursor_, batch.cursor) : cursor_;
  if (durable() && (log_ == nullptr || log_bytes_ + bytes.size() > options_.log_bytes ||
                    log_batches_ >= options_.log_batches)) {
    PENSTOCK_CHECK(Fold());
  }
  if (durable() &&
      bytes.size() > options_.log_bytes) {  // Too large for the log: a segment at once.
    const std::uint64_t number = next_number_++;
    PENSTOCK_TRY(auto segment, Install(number, bytes));
    return Commit(Changed(*state_.load(), removed, segment, number), cursor);
  }
  if (durable()) {
    const LogFrame frame{.removed = removed, .cursor = cursor, .segment = bytes};
    if (auto status = AppendToLog(frame); !status) {
      log_ = nullptr;
      return status;
    }
  }
  std::shared_ptr<const Segment> segment;
  if (!bytes.empty()) {
    PENSTOCK_TRY(segment, Segment::Read(std::move(bytes)));
  }
  state_.store(Changed(*state_.load(), removed, segment, 0));
  cursor_ = cursor;
  return {};
}

Status Index::AppendToLog(const LogFrame& frame) {
  const std::string bytes = FormatFrame(frame);
  PENSTOCK_CHECK(log_->Append(bytes));
  PENSTOCK_CHECK(log_->Sync());
  log_bytes_ += bytes.size();
  ++log_batches_;
  return {};
}

Result<std::shared_ptr<const Segment>> Index::Install(std::uint64_t number,
                                                      std::string_view bytes) {
  PENSTOCK_TRY(const auto file, options_.files->Create(SegmentPath(number)));
  PENSTOCK_CHECK(file->Append(bytes));
  PENSTOCK_CHECK(file->Sync());
  return Segment::Open(SegmentPath(number));
}

// What stands in the log becomes a segment, and the log starts anew.
Status Index::Fold() {
  auto next = std::make_shared<IndexSnapshot>(*state_.load());
  std::vector<MergeInput> inputs;
  while (durable() && !next->parts_.empty() && next->parts_.back().file == 0) {
    inputs.push_back({next->parts_.back().segment, next->parts_.back().removed});
    next->parts_.pop_back();
  }
  if (!inputs.empty()) {
    StringSink sink;
    PENSTOCK_CHECK(MergeSegments(inputs, sink));
    const std::uint64_t number = next_number_++;
    PENSTOCK_TRY(auto segment, Install(number, sink.Take()));
    next->parts_.push_back({.file = number,
                            .segment = segment,
                            .removed = std::make_shared<Bits>(NoBits(segment->size())),
                            .live = segment->size()});
  }
  next->Renumber();
  return Commit(std::move(next), cursor_);
}

Status Index::Clear() {
  const std::lock_guard lock(mutex_);
  return Commit(std::make_shared<IndexSnapshot>(), 0);
}

Status Index::Commit(std::shared_ptr<IndexSnapshot> state, std::uint64_t cursor) {
  const State before = state_.load();
  if (durable()) {
    log_ = nullptr;
    Manifest manifest{.tokens = options_.tokens,
                      .cursor = cursor,
                      .next_number = next_number_ + 1,
                      .log = next_number_,
                      .segments = {}};
    ++next_number_;
    for (const IndexSnapshot::Part& part : state->parts_) {
      manifest.segments.push_back({part.file, part.segment->size(), *part.removed});
    }
    IndexFiles& files = *options_.files;
    PENSTOCK_TRY(auto log, files.Create(LogPath(manifest.log)));
    PENSTOCK_CHECK(log->Sync());
    const auto temporary = directory_ / "manifest.new";
    PENSTOCK_TRY(const auto file, files.Create(temporary));
    PENSTOCK_CHECK(file->Append(FormatManifest(manifest)));
    PENSTOCK_CHECK(file->Sync());
    // The names of the new files are durable before a manifest that needs them is.
    PENSTOCK_CHECK(files.SyncDirectory(directory_));
    PENSTOCK_CHECK(files.Rename(temporary, directory_ / "manifest"));
    PENSTOCK_CHECK(files.SyncDirectory(directory_));
    log_ = std::move(log);
    log_number_ = manifest.log;
    log_bytes_ = 0;
    log_batches_ = 0;
    RemoveStrays(manifest);
  }
  state_.store(State(std::move(state)));
  cursor_ = cursor;
  return {};
}

}  // namespace penstock::fingerprint
