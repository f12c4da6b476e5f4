// The durable index of references: token to places, id to fingerprint.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "fingerprint/index/index_files.h"
#include "fingerprint/index/index_snapshot.h"
#include "fingerprint/index/log_frame.h"
#include "fingerprint/index/manifest.h"
#include "fingerprint/index/segment_writer.h"

namespace penstock::fingerprint {

struct IndexBatch {
  std::vector<media::ReferenceId> remove;  // before the additions; ids that are not there are fine
  std::vector<IndexedReference> add;       // replaces references of the same id
  // The batch holds all that the catalog changed after `after`, up to `cursor`. The index's cursor
  // moves there if it had reached `after`. If not, something in between is missing, and it stays
  // until the owner has given that. The default claims nothing.
  std::uint64_t after = UINT64_MAX;
  std::uint64_t cursor = 0;
};

struct IndexOptions {
  std::uint32_t tokens = 0;          // version; an index of other tokens is begun anew
  std::size_t log_bytes = 16 << 20;  // past this, or past log_batches, the log becomes a segment
  std::size_t log_batches = 32;
  std::size_t merge_at = 6;  // so many neighbours of a size become one
  std::shared_ptr<IndexFiles> files = SystemIndexFiles();
};

// Snapshots are taken and read from any number of threads, and wait for nobody. Apply from any
// thread, one at a time. Maintain from one thread at a time, while Apply goes on.
class Index {
 public:
  // Makes the directory when it is not there. The first process to open it owns it; others read
  // what they find and keep what is applied to them in memory. Damaged files are left out, said in
  // problems(), and the cursor falls back for good: to 0 when a segment or the manifest is lost.
  // Whenever it is less than the catalog's, all that changed after it has to be given again.
  static Result<std::unique_ptr<Index>> Open(const std::filesystem::path& directory,
                                             IndexOptions options = {});
  // Without files: for tests and for the comparison of a few works.
  static std::unique_ptr<Index> InMemory(IndexOptions options = {});

  // When it returns, the batch is durable and visible as a whole; after an error it is neither (a
  // crash right then may still leave the whole of it). Errors: kInvalidArgument and kTooLarge,
  // which change nothing; those of the file system, after which the next call starts a new log.
  Status Apply(const IndexBatch& batch);
  // Forgets everything, also the cursor.
  Status Clear();
  // Merges segments as far as there is something to merge and drops damaged ones (see Open).
  Status Maintain();

  std::shared_ptr<const IndexSnapshot> Snapshot() const { return state_.load(); }
  std::uint64_t cursor() const;               // of the catalog: the index holds all up to it
  std::vector<std::string> problems() const;  // one sentence a file that was found damaged

 private:
  Index(std::filesystem::path directory, UniqueFd lock, IndexOptions options);
  using State = std::shared_ptr<const IndexSnapshot>;
  struct Run;

  bool durable() const { return lock_.valid(); }

  std::filesystem::path SegmentPath(std::uint64_t number) const;
  std::filesystem::path LogPath(std::uint64_t number) const;
  Status Load();
  Status Replay();
  void RemoveStrays(const Manifest& manifest);
  // The state with the ids removed and the segment, if any, added.
  static std::shared_ptr<IndexSnapshot> Changed(const IndexSnapshot& state,
                                                const std::vector<std::string_view>& removed,
                                                const std::shared_ptr<const Segment>& added,
                                                std::uint64_t file);
  Result<std::shared_ptr<const Segment>> Install(std::uint64_t number, std::string_view bytes);
  Status Fold();
  // Makes state the durable one, with an empty log.
  Status Commit(std::shared_ptr<IndexSnapshot> state, std::uint64_t cursor);
  Status AppendToLog(const LogFrame& frame);
  Status DropDamaged();
  // The oldest run of merge_at neighbours of which none is larger than the others together, or a
  // segment of which most is removed. Its count is 0 when there is none.
  Run ChooseRun(const IndexSnapshot& state) const;
  // False when there was nothing to merge. The merge itself goes on beside Apply.
  Result<bool> MergeOnce();
  // Puts the merged segment in the place of its inputs.
  Result<bool> Replace(const std::vector<MergeInput>& inputs,
                       const std::vector<std::vector<std::uint32_t>>& numbers,
                       std::shared_ptr<const Segment> merged, std::uint64_t file);

  const std::filesystem::path directory_;
  const UniqueFd lock_;  // of the owner
  const IndexOptions options_;
  std::atomic<State> state_;

  mutable std::mutex mutex_;  // of what follows, and of who may change state_
  std::uint64_t cursor_ = 0;
  std::uint64_t next_number_ = 1;
  std::uint64_t log_number_ = 0;
  std::unique_ptr<IndexFile> log_;  // null: the next batch starts a new one
  std::size_t log_bytes_ = 0;
  std::size_t log_batches_ = 0;
  std::uint64_t merging_ = 0;  // the segment that a merge is writing
  std::vector<std::string> problems_;
};

}  // namespace penstock::fingerprint
