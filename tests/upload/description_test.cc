#include "upload/description.h"

#include <gtest/gtest.h>

namespace penstock::upload {
namespace {

std::string TitleOfFile(const std::string& file_name) {
  Description description;
  EXPECT_TRUE(SetField(description, "filename", file_name));
  return TitleOf(description);
}

TEST(DescriptionTest, MakesATitleOfTheFileName) {
  EXPECT_EQ(TitleOfFile("holiday.mp4"), "holiday");
  EXPECT_EQ(TitleOfFile("a.tar.gz"), "a.tar");
  EXPECT_EQ(TitleOfFile(".hidden"), ".hidden");
  EXPECT_EQ(TitleOfFile("no extension"), "no extension");
  EXPECT_EQ(TitleOfFile("C:\\films\\x.mov"), "x");
  EXPECT_EQ(TitleOfFile("/home/me/y.mov"), "y");
  EXPECT_EQ(TitleOfFile(""), "Untitled");
  EXPECT_EQ(TitleOfFile("folder/"), "Untitled");
}

TEST(DescriptionTest, CutsALongNameBetweenCharacters) {
  std::string name;
  std::string expected;
  for (int i = 0; i < 250; ++i) name += "é";
  for (int i = 0; i < 200; ++i) expected += "é";
  EXPECT_EQ(TitleOfFile(name + ".mp4"), expected);
}

TEST(DescriptionTest, PrefersTheGivenTitle) {
  Description description;
  ASSERT_TRUE(SetField(description, "filename", "x.mp4"));
  ASSERT_TRUE(SetField(description, "title", "The film"));
  EXPECT_EQ(TitleOf(description), "The film");
  ASSERT_TRUE(SetField(description, "title", "  \n"));
  EXPECT_EQ(TitleOf(description), "x");
}

TEST(DescriptionTest, CountsCharactersOfATitleAndNotBytes) {
  Description description;
  std::string title;
  for (int i = 0; i < 200; ++i) title += "語";
  EXPECT_TRUE(SetField(description, "title", title));
  const auto refused = SetField(description, "title", title + "語");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "invalid_field");
  EXPECT_EQ(refused.error().field, "title");
}

}  // namespace
}  // namespace penstock::upload
