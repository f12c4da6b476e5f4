// The pipeline of one process: scratch directory, matcher, workshop, worker and rechecker, built in
// order and torn down in reverse.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>

#include "base/result.h"
#include "cluster/job_queue.h"
#include "pipeline/admission.h"
#include "pipeline/rechecker.h"
#include "pipeline/reference_matcher.h"
#include "pipeline/scratch_directory.h"
#include "pipeline/steps.h"
#include "pipeline/worker.h"
#include "server/installation.h"

namespace penstock::server {

// Called from the pipeline's threads; each may be empty.
struct Observers {
  std::function<void(const pipeline::StepReport&)> step;
  std::function<void(std::string_view outcome)> recheck;
  std::function<void(const fingerprint::ReferenceIndex::Extent&)> index;  // every second
};

class Workbench {
 public:
  // admission outlives it.
  static Result<std::unique_ptr<Workbench>> Start(Installation& installation,
                                                  cluster::JobQueue& queue,
                                                  pipeline::Admission& admission,
                                                  Observers observers);
  ~Workbench();  // Stop

  // Hands the tasks under way back. Idempotent.
  void Stop();

 private:
  Workbench(Installation& installation, cluster::JobQueue& queue, pipeline::Admission& admission,
            std::unique_ptr<pipeline::ScratchDirectory> scratch,
            std::unique_ptr<pipeline::ReferenceMatcher> matcher, Observers observers);
  void Announce();
  // Keeps the index up to the catalog while nobody matches.
  void FollowReferences();

  Installation& installation_;
  const std::unique_ptr<pipeline::ScratchDirectory> scratch_;
  const std::unique_ptr<pipeline::ReferenceMatcher> matcher_;
  const Observers observers_;
  pipeline::Workshop shop_;
  pipeline::Worker worker_;
  pipeline::Rechecker rechecker_;
  const Time started_;
  std::atomic<bool> stopping_ = false;
  std::thread announcer_;
  std::thread follower_;
};

}  // namespace penstock::server
