#include "cluster/local_queue.h"

#include "tests/cluster/job_queue_contract.h"

namespace penstock::cluster {
namespace {

struct MakeLocalQueue {
  std::unique_ptr<JobQueue> operator()() { return std::make_unique<LocalQueue>(); }
};
INSTANTIATE_TYPED_TEST_SUITE_P(Local, JobQueueContract, MakeLocalQueue);

}  // namespace
}  // namespace penstock::cluster
