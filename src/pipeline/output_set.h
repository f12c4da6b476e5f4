// The files that one transcode writes, from open descriptors in the scratch directory to durable
// objects.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "media/ids.h"
#include "media/presentation.h"
#include "pipeline/scratch_directory.h"
#include "storage/object_store.h"
#include "transcoder/ladder.h"
#include "transcoder/transcode.h"

namespace penstock::pipeline {

class OutputSet {
 public:
  // One empty file for each rendition, text track, the poster, the storyboard and the waveform of
  // the plan.
  static Result<OutputSet> Make(const ScratchDirectory& scratch,
                                const transcoder::TranscodePlan& plan);

  const transcoder::OutputFiles& files() const { return files_; }

  // Puts what the presentation names into the store, below assets/<asset>/<recipe>/, and writes the
  // object keys into it.
  Status Store(storage::ObjectStore& store, const media::AssetId& asset, const std::string& recipe,
               media::Presentation& presentation);

 private:
  explicit OutputSet(TaskDirectory directory) : directory_(std::move(directory)) {}
  Result<int> Create(const std::string& name);

  TaskDirectory directory_;
  std::vector<UniqueFd> descriptors_;
  transcoder::OutputFiles files_;
};

}  // namespace penstock::pipeline
