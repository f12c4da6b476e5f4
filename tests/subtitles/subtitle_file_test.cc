#include "subtitles/subtitle_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "subtitles/webvtt.h"

namespace penstock::subtitles {

void PrintTo(const Cue& cue, std::ostream* out) {
  *out << cue.start.count() << " to " << cue.end.count() << " \"" << cue.text << '"';
}

namespace {

using media::Millis;
using ::testing::ElementsAre;

std::vector<Cue> Parse(std::string_view bytes) {
  auto cues = ParseSubtitleFile(bytes, {});
  EXPECT_TRUE(cues.has_value()) << cues.error().message;
  return std::move(cues).value_or(std::vector<Cue>());
}

std::string CodeOf(std::string_view bytes, const CueLimits& limits = {}) {
  const auto cues = ParseSubtitleFile(bytes, limits);
  return cues.has_value() ? "" : cues.error().code;
}

Cue MakeCue(int start, int end, std::string text) {
  return {Millis(start), Millis(end), std::move(text)};
}

TEST(SubtitleFile, OfSubRipHasItsCues) {
  EXPECT_THAT(Parse("1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Hello</i>\r\nthere\r\n\r\n"
                    "2\r\n01:00:00,000 --> 01:00:01,5 X1:1 X2:2\r\n2024\r\n"),
              ElementsAre(MakeCue(1000, 2500, "<i>Hello</i>\nthere"),
                          MakeCue(3'600'000, 3'601'500, "2024")));
}

TEST(SubtitleFile, OfSubRipMayLeaveBlankLinesAndCountersOut) {
  EXPECT_THAT(
      Parse("00:01.000 --> 00:02.000\nfirst\n\nstill the first\n\n7\n"
            "00:00:03,000 --> 00:00:04,000\nsecond\n1999\n00:00:05,000 --> 00:00:06,000\nthird"),
      ElementsAre(MakeCue(1000, 2000, "first\nstill the first"),
                  MakeCue(3000, 4000, "second\n1999"), MakeCue(5000, 6000, "third")));
}

TEST(SubtitleFile, OfWebVttLeavesNotesAndStylesOut) {
  EXPECT_THAT(Parse("WEBVTT - a title\n\nSTYLE\n::cue { color: red }\n\nNOTE\nnothing\n\n"
                    "intro\n00:01.000 --> 00:02.000 line:0 position:20%\n<v Ann>Hi &amp; bye\n\n"
                    "NOTE the end\n\n3\n00:00:02.500 --> 100:00:00.000\nlong\n"),
              ElementsAre(MakeCue(1000, 2000, "Hi &amp; bye"), MakeCue(2500, 360'000'000, "long")));
}

TEST(SubtitleFile, OfAssHasItsDialogue) {
  EXPECT_THAT(
      Parse("[Script Info]\nTitle: x\n\n[V4+ Styles]\nFormat: Name, Start\n\n[Events]\n"
            "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
            "Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,no\n"
            "Dialogue: 0,0:00:01.50,0:00:03.00,Default,,0,0,0,,{\\i1}Well, yes{\\i0}\\Nindeed\n"
            "Dialogue: 0,0:00:bad,0:00:03.00,Default,,0,0,0,,damaged\n"
            "Dialogue: 0,0:00:04.00\n"),
      ElementsAre(MakeCue(1500, 3000, "<i>Well, yes</i>\nindeed")));
}

TEST(SubtitleFile, OfAssFollowsItsFormatLine) {
  EXPECT_THAT(Parse("; made by hand\n[Events]\nFormat: Start, End, Text\n"
                    "Dialogue: 0:00:01.00,0:00:02.00,a, b\n"),
              ElementsAre(MakeCue(1000, 2000, "a, b")));
}

TEST(SubtitleFile, MayBeginWithAByteOrderMark) {
  EXPECT_THAT(Parse("\xEF\xBB\xBFWEBVTT\n\n00:01.000 --> 00:02.000\nx\n"),
              ElementsAre(MakeCue(1000, 2000, "x")));
}

std::string Utf16(std::u16string_view text, bool big_endian) {
  std::string bytes = big_endian ? "\xFE\xFF" : "\xFF\xFE";
  for (const char16_t unit : text) {
    const char high = static_cast<char>(unit >> 8);
    const char low = static_cast<char>(unit & 0xFF);
    bytes += big_endian ? high : low;
    bytes += big_endian ? low : high;
  }
  return bytes;
}

TEST(SubtitleFile, MayBeUtf16WithItsMark) {
  const std::u16string_view text = u"1\n00:00:01,000 --> 00:00:02,000\nna\u00EFve \U0001F3AC\n";
  for (const bool big_endian : {false, true}) {
    EXPECT_THAT(Parse(Utf16(text, big_endian)),
                ElementsAre(MakeCue(1000, 2000, "na\xC3\xAFve \xF0\x9F\x8E\xAC")));
  }
}

TEST(SubtitleFile, InAnotherEncodingIsRefused) {
  EXPECT_EQ(CodeOf("1\n00:00:01,000 --> 00:00:02,000\nna\xEFve\n"), "unsupported_encoding");
  EXPECT_EQ(CodeOf(std::string_view("\xFF\xFE\x00\xD8", 4)), "unsupported_encoding");
  EXPECT_EQ(CodeOf(std::string_view("\xFF\xFE"
                                    "a",
                                    3)),
            "unsupported_encoding");
  EXPECT_EQ(CodeOf(std::string_view("\0\0\0\x18"
                                    "ftypmp42",
                                    12)),
            "unsupported_encoding");
}

TEST(SubtitleFile, WithoutACueIsRefused) {
  for (const char* text : {"", "WEBVTT\n\n", "Hello", "00:00:02,000 --> 00:00:01,000\nbackwards\n",
                           "00:00:01,000 --> 00:00:02,000\n<b></b>\n", "[Script Info]\n",
                           "-1:00:01,000 --> 00:00:02,000\nx\n", "1 --> 2\nx\n",
                           "999:00:01,000 --> 999:00:02,000\nx\n"}) {
    EXPECT_EQ(CodeOf(text), "malformed_subtitles") << text;
  }
}

TEST(SubtitleFile, WithMoreThanItsLimitsIsRefused) {
  const std::string text =
      "00:00:01,000 --> 00:00:02,000\none\n\n00:00:01,000 --> 00:00:02,000\ntwo\n";
  EXPECT_EQ(CodeOf(text, {.max_cues = 2}), "");
  EXPECT_EQ(CodeOf(text, {.max_cues = 1}), "too_many_cues");
  EXPECT_EQ(CodeOf(text, {.max_bytes = 5}), "too_many_cues");
}

TEST(SubtitleFile, MeansTheSameWhenItsWebVttIsReadAgain) {
  const auto cues = Parse(
      "1\n00:00:01,000 --> 00:00:02,000\n<b>a<i>b</b> --> &lt;c</i>\n\n\n2\n"
      "00:00:01,500 --> 00:00:04,000\n[Events]\n");
  EXPECT_EQ(Parse(RenderWebVtt(cues)), cues);
}

}  // namespace
}  // namespace penstock::subtitles
