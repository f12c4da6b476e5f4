#include "catalog/holder_keys.h"

#include "tests/catalog/catalog_fixture.h"

namespace penstock::catalog {
namespace {

class HolderKeysTest : public CatalogTest {
 protected:
  HolderKeys keys_{*database_, clock_};
  const std::string bytes_ = std::string("\0key", 4) + std::string(28, 'x');
};

TEST_F(HolderKeysTest, AKeyIsItsHoldersAndKeepsItsBytes) {
  ASSERT_TRUE(keys_.Add("One", "k1", bytes_).has_value());
  ASSERT_TRUE(keys_.Add("Two", "k1", bytes_).has_value());
  const auto of_one = *keys_.Of("One");
  ASSERT_EQ(of_one.size(), 1U);
  EXPECT_EQ(of_one[0].id, "k1");
  EXPECT_EQ(of_one[0].public_key, bytes_);
  EXPECT_EQ(of_one[0].created, clock_.Now());
  EXPECT_EQ(keys_.All()->size(), 2U);
  EXPECT_EQ(keys_.Of("Three")->size(), 0U);
}

TEST_F(HolderKeysTest, AKeyIsAddedOnceAndRemovedOnce) {
  ASSERT_TRUE(keys_.Add("One", "k1", bytes_).has_value());
  EXPECT_EQ(CodeOf(keys_.Add("One", "k1", bytes_)), "key_exists");
  ASSERT_TRUE(keys_.Remove("One", "k1").has_value());
  EXPECT_EQ(CodeOf(keys_.Remove("One", "k1")), "key_not_found");
  EXPECT_EQ(keys_.All()->size(), 0U);
}

TEST_F(HolderKeysTest, BothAreEvents) {
  ASSERT_TRUE(keys_.Add("One", "k1", bytes_).has_value());
  ASSERT_TRUE(keys_.Remove("One", "k1").has_value());
  const auto events = *events_.After(0, "", 10);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].name, "holder_key.added");
  EXPECT_EQ(events[0].subject, "k1");
  EXPECT_EQ(events[0].data, R"({"holder":"One"})");
  EXPECT_EQ(events[1].name, "holder_key.removed");
}

}  // namespace
}  // namespace penstock::catalog
