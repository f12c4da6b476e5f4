#include "storage/object_key.h"

#include <gtest/gtest.h>

#include "storage/object_layout.h"

namespace penstock::storage {
namespace {

TEST(ObjectKeyTest, TakesPartsOfPlainCharactersBetweenSingleSlashes) {
  for (const std::string& text :
       {std::string("a"), std::string("a/b"), std::string("assets/Xy_-9/r1/720p.mp4"),
        std::string("a.b..c"), std::string("-"), std::string(512, 'k')}) {
    const auto key = ObjectKey::Parse(text);
    ASSERT_TRUE(key.has_value()) << text;
    EXPECT_EQ(key->text(), text);
  }
}

TEST(ObjectKeyTest, RefusesWhatCouldLeaveTheStoreOrHideInIt) {
  for (const std::string& text :
       {std::string(""), std::string("/"), std::string("/a"), std::string("a/"),
        std::string("a//b"), std::string("."), std::string(".."), std::string("../a"),
        std::string("a/../b"), std::string("a/.b"), std::string(".tmp/a"), std::string("a b"),
        std::string("a\\b"), std::string("a\0b", 3), std::string("a\n"), std::string("ä"),
        std::string("a%2e"), std::string(513, 'k')}) {
    const auto key = ObjectKey::Parse(text);
    ASSERT_FALSE(key.has_value()) << text;
    EXPECT_EQ(key.error().kind, ErrorKind::kInvalidArgument);
    EXPECT_EQ(key.error().code, "invalid_object_key");
    EXPECT_FALSE(key.error().rule.empty());
  }
}

TEST(ObjectLayoutTest, NamesTheSourceAndTheOutputsOfAnAsset) {
  EXPECT_EQ(SourceKey("Xy").text(), "sources/Xy/original");
  EXPECT_EQ(OutputKey("Xy", "r1", "720p.mp4")->text(), "assets/Xy/r1/720p.mp4");
  EXPECT_EQ(OutputPrefix("Xy"), "assets/Xy/");
}

TEST(ObjectLayoutTest, RefusesAnOutputOutsideItsAsset) {
  EXPECT_FALSE(OutputKey("Xy", "r1", "../other").has_value());
  EXPECT_FALSE(OutputKey("Xy", "r1", "deep/name").has_value());
  EXPECT_FALSE(OutputKey("Xy/Z", "r1", "name").has_value());
  EXPECT_FALSE(OutputKey("", "r1", "name").has_value());
}

}  // namespace
}  // namespace penstock::storage
