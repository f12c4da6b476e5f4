#include "catalog/workers.h"

#include "tests/catalog/catalog_fixture.h"

namespace penstock::catalog {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

using WorkersTest = CatalogTest;

TEST_F(WorkersTest, AWorkerIsAliveForThirtySecondsAfterItsWord) {
  WorkerRow worker{"host:7:abc", "host", 7, 2, "", clock_.Now(), {}};
  ASSERT_TRUE(workers_.Announce(worker).has_value());
  clock_.Advance(seconds(20));
  worker.current = "transcode x";
  worker.state = "paused";
  ASSERT_TRUE(workers_.Announce(worker).has_value());
  clock_.Advance(seconds(30));
  const auto alive = *workers_.Alive();
  ASSERT_THAT(alive, SizeIs(1));
  EXPECT_EQ(alive[0].id, "host:7:abc");
  EXPECT_EQ(alive[0].host, "host");
  EXPECT_EQ(alive[0].pid, 7);
  EXPECT_EQ(alive[0].slots, 2);
  EXPECT_EQ(alive[0].state, "paused");
  EXPECT_EQ(alive[0].current, "transcode x");
  EXPECT_EQ(alive[0].started, clock_.Now() - seconds(50));
  EXPECT_EQ(alive[0].seen, clock_.Now() - seconds(30));
  clock_.Advance(milliseconds(1));
  EXPECT_THAT(*workers_.Alive(), IsEmpty());
}

TEST_F(WorkersTest, ARemovedWorkerIsGone) {
  ASSERT_TRUE(workers_.Announce({"a", "host", 1, 1, "", clock_.Now(), {}}).has_value());
  ASSERT_TRUE(workers_.Announce({"b", "host", 2, 1, "", clock_.Now(), {}}).has_value());
  ASSERT_TRUE(workers_.Remove("a").has_value());
  ASSERT_THAT(*workers_.Alive(), SizeIs(1));
  EXPECT_EQ(workers_.Alive()->front().id, "b");
  EXPECT_EQ(workers_.Alive()->front().state, "running");
}

}  // namespace
}  // namespace penstock::catalog
