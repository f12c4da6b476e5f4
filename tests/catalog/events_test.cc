#include "catalog/events.h"

#include "tests/catalog/catalog_fixture.h"

namespace penstock::catalog {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class EventsTest : public CatalogTest {
 protected:
  void Append(const std::string& name, const std::string& owner) {
    ASSERT_TRUE(database_
                    ->Write([&](soci::session& sql) -> Status {
                      AppendEvent(sql, clock_.Now(), name, owner, "subject", "{}");
                      return {};
                    })
                    .has_value());
  }
};

TEST_F(EventsTest, AReaderGetsWhatCameAfterItsCursor) {
  EXPECT_EQ(*events_.Latest(), 0);
  Append("a.made", "one");
  Append("b.made", "two");
  Append("c.made", "one");
  EXPECT_EQ(*events_.Latest(), 3);
  const auto all = *events_.After(1, "", 10);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].name, "b.made");
  EXPECT_EQ(all[0].cursor, 2);
  EXPECT_EQ(all[0].owner, "two");
  EXPECT_EQ(all[0].subject, "subject");
  EXPECT_EQ(all[0].data, "{}");
  EXPECT_EQ(all[0].time, clock_.Now());
  EXPECT_THAT(*events_.After(0, "one", 10), SizeIs(2));
  EXPECT_THAT(*events_.After(0, "", 1), SizeIs(1));
  EXPECT_THAT(*events_.After(3, "", 10), IsEmpty());
}

TEST_F(EventsTest, TrimmingForgetsTheOldAndKeepsCounting) {
  Append("a.made", "one");
  clock_.Advance(seconds(1));
  ASSERT_TRUE(events_.Trim(clock_.Now()).has_value());
  EXPECT_THAT(*events_.After(0, "", 10), IsEmpty());
  EXPECT_EQ(*events_.Latest(), 1);
  Append("b.made", "one");
  EXPECT_EQ(events_.After(1, "", 10)->front().cursor, 2);
  ASSERT_TRUE(events_.Trim(clock_.Now()).has_value());
  EXPECT_THAT(*events_.After(0, "", 10), SizeIs(1));
}

TEST_F(EventsTest, AnEventOfATransactionThatFailedNeverHappened) {
  const Status status = database_->Write([&](soci::session& sql) -> Status {
    AppendEvent(sql, clock_.Now(), "a.made", "one", "subject", "{}");
    return Error(ErrorKind::kConflict, "no", "No.");
  });
  EXPECT_EQ(CodeOf(status), "no");
  EXPECT_THAT(AllEvents(), IsEmpty());
  EXPECT_EQ(*events_.Latest(), 0);
}

}  // namespace
}  // namespace penstock::catalog
