#include "catalog/holds.h"

#include "tests/catalog/catalog_fixture.h"
#include "tests/catalog/raw_sql.h"

namespace penstock::catalog {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class HoldsTest : public CatalogTest {
 protected:
  static std::vector<ImportRow> Row(const std::string& key, std::uint32_t content,
                                    const std::string& title = "A title") {
    media::Reference reference;
    reference.holder_key = key;
    reference.title = title;
    reference.fingerprint.kind = media::FingerprintKind::kAudio;
    reference.fingerprint.audio = {content, content + 1};
    return {{2, std::move(reference)}};
  }
  media::Receipt Import(const std::string& holder, const std::vector<ImportRow>& rows,
                        bool full = true) {
    return *references_.Import({"Catalogue", holder, {}, full}, rows);
  }
  // What matches of the list.
  std::vector<media::ReferenceId> Members(const media::ListId& list) {
    return *references_.Members(list, references_.GetList(list)->version);
  }

  std::vector<media::ReferenceId> Check(const media::ReferenceId& reference,
                                        const std::optional<media::ReferenceId>& conflict) {
    const CheckedReference checked{reference, conflict};
    return *holds_.MarkChecked({&checked, 1});
  }
  // Whether an upload with the sound of the reference would be claimed for it.
  bool Counts(const std::string& reference) {
    media::Match match;
    match.reference = media::ReferenceId::FromTrusted(reference);
    return references_.Describe(match)->has_value();
  }

  const media::Receipt first_ = Import("First", Row("a", 5));
};

TEST_F(HoldsTest, ADoubleOfAnotherHoldersReferenceIsListedWithBothSides) {
  const auto receipt = Import("Second", Row("x", 5, "Mine"));
  const auto holds = *holds_.List(10);
  ASSERT_THAT(holds, SizeIs(1));
  EXPECT_EQ(holds[0].code, "duplicate_on_hold");
  EXPECT_EQ(holds[0].held.id.text(), receipt.rows[0].reference);
  EXPECT_EQ(holds[0].held.title, "Mine");
  EXPECT_EQ(holds[0].held.holder, "Second");
  EXPECT_EQ(holds[0].since, clock_.Now());
  EXPECT_EQ(holds[0].other.holder, "First");
  EXPECT_EQ(holds[0].other.id.text(), first_.rows[0].reference);
  EXPECT_EQ(*holds_.Count(), 1);
}

TEST_F(HoldsTest, AHoldKeepsItsAgeWhenTheListComesAgain) {
  const auto receipt = Import("Second", Row("x", 5));
  const Time since = clock_.Now();
  clock_.Advance(seconds(100));
  const auto again = Import("Second", Row("x", 5));
  EXPECT_EQ(again.rows[0].code, "duplicate_on_hold");
  EXPECT_EQ(again.rows[0].reference, receipt.rows[0].reference);
  EXPECT_EQ(holds_.List(10)->at(0).since, since);
}

TEST_F(HoldsTest, AReleasedReferenceMatchesInTheNextVersionAndStaysSettled) {
  const auto receipt = Import("Second", Row("x", 5));
  EXPECT_THAT(Members(receipt.list), IsEmpty());
  const auto held = media::ReferenceId::FromTrusted(receipt.rows[0].reference);
  ASSERT_TRUE(holds_.Release(held).has_value());
  EXPECT_THAT(*holds_.List(10), IsEmpty());
  EXPECT_THAT(Members(receipt.list), SizeIs(1));
  EXPECT_EQ(references_.GetList(receipt.list)->version, 2);
  EXPECT_EQ(references_.GetList(receipt.list)->reference_count, 1);
  EXPECT_THAT(EventNames(), Contains("reference.released"));
  EXPECT_TRUE(Import("Second", Row("x", 5)).rows[0].accepted);
  EXPECT_TRUE(Import("Second", Row("x", 5, "Another title")).rows[0].accepted);
  EXPECT_EQ(CodeOf(holds_.Release(held)), "hold_not_found");
}

TEST_F(HoldsTest, AReleasedReferenceComesAfterAllOthersSoThatAnIndexWhichFollowsFindsIt) {
  const auto receipt = Import("Second", Row("x", 5));
  Import("Third", Row("z", 90));
  ASSERT_TRUE(holds_.Release(media::ReferenceId::FromTrusted(receipt.rows[0].reference)));
  EXPECT_EQ(QuerySql(*database_,
                     "SELECT holder FROM lists l JOIN list_references r ON r.list = "
                     "l.id ORDER BY r.sequence DESC LIMIT 1"),
            "Second");
}

TEST_F(HoldsTest, ARollbackOfAReleaseIsAHoldAgain) {
  const auto receipt = Import("Second", Row("x", 5));
  ASSERT_TRUE(holds_.Release(media::ReferenceId::FromTrusted(receipt.rows[0].reference)));
  ASSERT_TRUE(references_.Rollback(receipt.list, 1).has_value());
  EXPECT_THAT(*holds_.List(10), SizeIs(1));
}

TEST_F(HoldsTest, ARejectedReferenceStaysRejectedWhenTheListComesAgain) {
  const auto receipt = Import("Second", Row("x", 5));
  const auto held = media::ReferenceId::FromTrusted(receipt.rows[0].reference);
  ASSERT_TRUE(holds_.Reject(held).has_value());
  EXPECT_THAT(*holds_.List(10), IsEmpty());
  EXPECT_THAT(EventNames(), Contains("reference.rejected"));
  const auto again = Import("Second", Row("x", 5));
  EXPECT_EQ(again.rows[0].code, "reference_rejected");
  EXPECT_THAT(Members(receipt.list), IsEmpty());
  EXPECT_EQ(CodeOf(holds_.Reject(held)), "hold_not_found");
}

TEST_F(HoldsTest, WhatNobodySettlesIsRejected) {
  Import("Second", Row("x", 5));
  clock_.Advance(seconds(50));
  ASSERT_TRUE(holds_.RejectOlderThan(clock_.Now() - seconds(60)).has_value());
  EXPECT_EQ(*holds_.Count(), 1);
  clock_.Advance(seconds(50));
  ASSERT_TRUE(holds_.RejectOlderThan(clock_.Now() - seconds(60)).has_value());
  EXPECT_EQ(*holds_.Count(), 0);
}

TEST_F(HoldsTest, NewReferencesAreToBeComparedOnceWithThoseOfOtherHolders) {
  auto unchecked = *holds_.Unchecked(10);
  ASSERT_THAT(unchecked, SizeIs(1));
  EXPECT_EQ(unchecked[0].id.text(), first_.rows[0].reference);
  ASSERT_TRUE(holds_.MarkAlone().has_value());
  EXPECT_THAT(*holds_.Unchecked(10), IsEmpty());
  Import("Second", Row("x", 50));
  unchecked = *holds_.Unchecked(10);
  ASSERT_THAT(unchecked, SizeIs(1));
  EXPECT_EQ(unchecked[0].holder, "Second");
  ASSERT_TRUE(holds_.MarkAlone().has_value());
  ASSERT_THAT(*holds_.Unchecked(10), SizeIs(1)) << "it is not alone";
  EXPECT_THAT(Check(unchecked[0].id, std::nullopt), IsEmpty());
  Import("Second", Row("x", 50, "Another title"));
  EXPECT_THAT(*holds_.Unchecked(10), IsEmpty()) << "its content has not changed";
}

TEST_F(HoldsTest, TheNewerOfTwoThatOverlapGoesOnHoldAndStopsMatching) {
  const auto first = media::ReferenceId::FromTrusted(first_.rows[0].reference);
  const auto receipt = Import("Second", Row("x", 50));
  const auto second = media::ReferenceId::FromTrusted(receipt.rows[0].reference);
  const auto generation = *references_.Generation();
  EXPECT_THAT(Check(first, second), IsEmpty());
  EXPECT_THAT(Members(first_.list), SizeIs(1)) << "it was there before";
  EXPECT_THAT(Check(second, first), SizeIs(1));
  EXPECT_THAT(Members(receipt.list), IsEmpty());
  EXPECT_EQ(references_.GetList(receipt.list)->reference_count, 0);
  EXPECT_NE(*references_.Generation(), generation);
  EXPECT_EQ(holds_.List(10)->at(0).code, "overlap_on_hold");
  EXPECT_EQ(Import("Second", Row("x", 50)).rows[0].code, "overlap_on_hold");
  ASSERT_TRUE(holds_.Release(second).has_value());
  EXPECT_THAT(Members(receipt.list), SizeIs(1));
  EXPECT_TRUE(Import("Second", Row("x", 50)).rows[0].accepted);
}

TEST_F(HoldsTest, AHoldDoesNotWeakenWhatTheNewcomersListDemands) {
  ASSERT_TRUE(references_.SetPolicy(first_.list, media::Policy::kAllow).has_value());
  const std::string held = Import("Second", Row("x", 5)).rows[0].reference;  // block
  EXPECT_TRUE(Counts(held));
  EXPECT_THAT(*holds_.List(10), SizeIs(1)) << "it is still to be settled whose it is";
  clock_.Advance(seconds(100));
  ASSERT_TRUE(holds_.RejectOlderThan(clock_.Now()).has_value());
  EXPECT_TRUE(Counts(held)) << "time alone does not take it away";
  ASSERT_TRUE(references_.SetPolicy(first_.list, media::Policy::kBlock).has_value());
  EXPECT_FALSE(Counts(held)) << "the first protects as much";
}

TEST_F(HoldsTest, AMilderNewcomerWaits) {
  const auto receipt =
      *references_.Import({"Catalogue", "Second", media::Policy::kAllow, true}, Row("x", 5));
  EXPECT_FALSE(Counts(receipt.rows[0].reference));
}

TEST_F(HoldsTest, AHoldIsSettledWhenTheOthersListIsGone) {
  const auto receipt = Import("Second", Row("x", 5));
  ASSERT_TRUE(holds_.ReleaseUnopposed().has_value());
  EXPECT_THAT(*holds_.List(10), SizeIs(1));
  ASSERT_TRUE(references_.DeleteList(first_.list).has_value());
  EXPECT_TRUE(Counts(receipt.rows[0].reference)) << "at once";
  const auto generation = *references_.Generation();
  ASSERT_TRUE(holds_.ReleaseUnopposed().has_value());
  EXPECT_THAT(*holds_.List(10), IsEmpty());
  EXPECT_THAT(Members(receipt.list), SizeIs(1));
  EXPECT_EQ(references_.GetList(receipt.list)->reference_count, 1);
  EXPECT_NE(*references_.Generation(), generation);
  EXPECT_THAT(EventNames(), Contains("reference.released"));
  EXPECT_TRUE(Import("Second", Row("x", 5)).rows[0].accepted);
}

TEST_F(HoldsTest, AHoldGoesWithItsList) {
  const auto receipt = Import("Second", Row("x", 5));
  ASSERT_TRUE(references_.DeleteList(receipt.list).has_value());
  EXPECT_EQ(QuerySql(*database_, "SELECT COUNT(*) FROM holds"), "0");
}

}  // namespace
}  // namespace penstock::catalog
