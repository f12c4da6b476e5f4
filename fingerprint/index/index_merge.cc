// How an index stays in few pieces.
#include <algorithm>
#include <set>

#include "fingerprint/index/index.h"

namespace penstock::fingerprint {

struct Index::Run {
  std::size_t first = 0, count = 0;
};

Status Index::Maintain() {
  for (bool more = true; more;) {
    PENSTOCK_CHECK(DropDamaged());
    auto merged = MergeOnce();
    if (!merged && merged.error().code != "damaged_segment") return std::move(merged.error());
    more = !merged || *merged;
  }
  return {};
}

Status Index::DropDamaged() {
  const std::lock_guard lock(mutex_);
  auto next = std::make_shared<IndexSnapshot>(*state_.load());
  const auto dropped = std::erase_if(next->parts_, [&](const IndexSnapshot::Part& part) {
    if (!part.segment->damaged()) return false;
    problems_.push_back("the index segment " + std::to_string(part.file) + " is damaged");
    return true;
  });
  if (dropped == 0) return {};
  next->Renumber();
  state_.store(State(std::move(next)));
  cursor_ = 0;
  return Fold();
}

Index::Run Index::ChooseRun(const IndexSnapshot& state) const {
  const auto& parts = state.parts_;
  // The log becomes a segment by Fold; a reader leaves the owner's segments to the owner.
  const auto mergeable = [&](std::size_t i) { return (parts[i].file != 0) == durable(); };
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!mergeable(i)) continue;
    if (parts[i].live < parts[i].segment->size() / 2) return {.first = i, .count = 1};
    std::uint64_t sum = 0, largest = 0;
    for (std::size_t k = i; k < parts.size() && mergeable(k); ++k) {
      const std::uint64_t bytes = parts[k].segment->bytes().size();
      sum += bytes;
      largest = std::max(largest, bytes);
      if (k + 1 < i + options_.merge_at) continue;
      if (largest <= sum - largest) return {.first = i, .count = options_.merge_at};
      break;
    }
  }
  return {};
}

Result<bool> Index::MergeOnce() {
  State start;
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    start = state_.load();
    number = next_number_++;
    merging_ = number;
  }
  const Run run = ChooseRun(*start);
  if (run.count == 0) return false;
  std::vector<MergeInput> inputs;  // the newest first
  for (std::size_t i = run.first + run.count; i-- > run.first;) {
    inputs.push_back({start->parts_[i].segment, start->parts_[i].removed});
  }
  std::vector<std::vector<std::uint32_t>> numbers;
  std::shared_ptr<const Segment> merged;
  if (durable()) {
    PENSTOCK_TRY(const auto file, options_.files->Create(SegmentPath(number)));
    PENSTOCK_TRY(numbers, MergeSegments(inputs, *file));
    PENSTOCK_CHECK(file->Sync());
    PENSTOCK_TRY(merged, Segment::Open(SegmentPath(number)));
  } else {
    StringSink sink;
    PENSTOCK_TRY(numbers, MergeSegments(inputs, sink));
    PENSTOCK_TRY(merged, Segment::Read(sink.Take()));
  }
  const std::lock_guard lock(mutex_);
  return Replace(inputs, numbers, std::move(merged), durable() ? number : 0);
}

Result<bool> Index::Replace(const std::vector<MergeInput>& inputs,
                            const std::vector<std::vector<std::uint32_t>>& numbers,
                            std::shared_ptr<const Segment> merged, std::uint64_t file) {
  auto next = std::make_shared<IndexSnapshot>(*state_.load());
  // What was removed since the merge began is removed from the merged segment too; parts that lost
  // their last reference meanwhile are gone from the state.
  auto removed = std::make_shared<Bits>(NoBits(merged->size()));
  std::uint32_t live = 0;
  std::set<const Segment*> sources;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Segment* source = inputs[i].segment.get();
    sources.insert(source);
    const auto now = std::find_if(next->parts_.begin(), next->parts_.end(),
                                  [&](const auto& part) { return part.segment.get() == source; });
    for (std::uint32_t local = 0; local < source->size(); ++local) {
      const std::uint32_t to = numbers[i][local];
      if (to == kNoReference) continue;
      if (now == next->parts_.end() || HasBit(*now->removed, local)) {
        SetBit(*removed, to);
      } else {
        ++live;
      }
    }
  }
  const auto is_source = [&](const auto& part) { return sources.contains(part.segment.get()); };
  const auto place = std::find_if(next->parts_.begin(), next->parts_.end(), is_source);
  if (place == next->parts_.end()) return true;  // all was removed meanwhile
  *place = {
      .file = file, .segment = std::move(merged), .removed = std::move(removed), .live = live};
  std::erase_if(next->parts_, is_source);
  next->Renumber();
  state_.store(State(std::move(next)));
  if (durable()) PENSTOCK_CHECK(Fold());
  return true;
}

}  // namespace penstock::fingerprint
