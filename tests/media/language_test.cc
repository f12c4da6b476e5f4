#include "media/language.h"

#include <gtest/gtest.h>

namespace penstock::media {
namespace {

TEST(LanguageTag, IsTheShortestCodeOfTheLanguage) {
  EXPECT_EQ(LanguageTag("ger"), "de");
  EXPECT_EQ(LanguageTag("deu"), "de");
  EXPECT_EQ(LanguageTag("ENG"), "en");
  EXPECT_EQ(LanguageTag("fr"), "fr");
  EXPECT_EQ(LanguageTag("aar"), "aa");
  EXPECT_EQ(LanguageTag("zul"), "zu");
  EXPECT_EQ(LanguageTag("yue"), "yue");  // which has no shorter one
}

TEST(LanguageTag, KeepsTheRestOfATagInItsUsualCase) {
  EXPECT_EQ(LanguageTag("por-br"), "pt-BR");
  EXPECT_EQ(LanguageTag("ZH-HANT-tw"), "zh-Hant-TW");
  EXPECT_EQ(LanguageTag("es_419"), "es-419");
  EXPECT_EQ(LanguageTag("de-x-ab"), "de-x-ab");
}

TEST(LanguageTag, IsEmptyForWhatNamesNoLanguage) {
  for (const char* text : {"", "und", "mul", "zxx", "x", "english", "e1", "en-", "en--US", "en-\"",
                           "en-toolongsubtag", "en-US\n"}) {
    EXPECT_EQ(LanguageTag(text), "") << text;
  }
  EXPECT_EQ(LanguageTag("en-" + std::string(40, 'a')), "");
}

}  // namespace
}  // namespace penstock::media
