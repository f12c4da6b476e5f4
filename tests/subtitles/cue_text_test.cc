#include "subtitles/cue_text.h"

#include <gtest/gtest.h>

namespace penstock::subtitles {
namespace {

constexpr std::size_t kEnough = 1000;

std::string Markup(std::string_view text) { return FromMarkup(text, kEnough); }
std::string Ass(std::string_view text) { return FromAss(text, kEnough); }

TEST(CueText, KeepsBoldItalicAndUnderlineAlone) {
  EXPECT_EQ(Markup("<b>a</b> <I>b</I> <u>c</u>"), "<b>a</b> <i>b</i> <u>c</u>");
  EXPECT_EQ(Markup("<font color=\"red\">a</font><script>b</script><img src=x onerror=y>"), "ab");
  EXPECT_EQ(Markup("<v Roger>Hi <c.loud>there</c> <00:01.000>now"), "Hi there now");
  EXPECT_EQ(Markup("one<br>two<br/>three"), "one\ntwo\nthree");
}

TEST(CueText, BalancesTags) {
  EXPECT_EQ(Markup("<b>a<i>b</b>c</i>d"), "<b>a<i>b</i></b><i>c</i>d");
  EXPECT_EQ(Markup("a</b></i>b<u>c"), "ab<u>c</u>");
  EXPECT_EQ(Markup("<b><i></i></b>"), "");
}

TEST(CueText, EscapesWhatIsNoTag) {
  EXPECT_EQ(Markup("I <3 you & 1 < 2 > 0"), "I &lt;3 you &amp; 1 &lt; 2 &gt; 0");
  EXPECT_EQ(Markup("a --> b"), "a --&gt; b");
  EXPECT_EQ(Markup("<b"), "&lt;b");
  EXPECT_EQ(Markup("&lt;b&gt; &amp;amp; &#65;&#x42; &nosuch; &#0;"),
            "&lt;b&gt; &amp;amp; AB &amp;nosuch;");
}

TEST(CueText, LeavesOutWhatTurnsOrHides) {
  EXPECT_EQ(Markup("a\xE2\x80\xAE"
                   "b\xE2\x81\xA7"
                   "c\x01\x7F\xC2\x85"
                   "d\xEF\xBB\xBF"),
            "abcd");
  EXPECT_EQ(Markup("&#x202E;a"), "a");
  EXPECT_EQ(Markup(std::string_view("a\0b", 3)), "ab");
}

TEST(CueText, ReplacesIllFormedUtf8) {
  EXPECT_EQ(Markup("a\xFF"
                   "b\xC3"),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(Markup("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(Markup("na\xC3\xAFve \xF0\x9F\x8E\xAC"), "na\xC3\xAFve \xF0\x9F\x8E\xAC");
}

// A blank line ends a cue (W3C WebVTT 4.1).
TEST(CueText, HoldsNoBlankLine) {
  EXPECT_EQ(Markup("\n\na\n \t\n\nb  \n"), "a\nb");
  EXPECT_EQ(Markup("a\xE2\x80\xA8\xE2\x80\xA9"
                   "b"),
            "a\nb");
}

TEST(CueText, IsCutAtItsLimitWithItsTagsClosed) {
  EXPECT_EQ(FromMarkup("<i>abcdef</i>", 6), "<i>abc</i>");
}

TEST(CueText, OfAnAssEventFollowsItsOverrides) {
  EXPECT_EQ(Ass("{\\i1}a{\\i0}\\Nb\\hc{\\b700\\pos(1,2)}d{\\r}e"),
            "<i>a</i>\nb\xC2\xA0"
            "c<b>d</b>e");
  EXPECT_EQ(Ass("{a comment}x{\\bord2\\be1\\iclip(1)}y"), "xy");
  EXPECT_EQ(Ass("{\\p1}m 0 0 l 10 10{\\p0}text"), "text");
  EXPECT_EQ(Ass("{open \\q <b>"), "{open \\q &lt;b&gt;");
}

TEST(CueText, OfSubRipFollowsItsOverridesToo) {
  EXPECT_EQ(Markup("{\\an8}{\\i1}up{\\i0} {here}"), "<i>up</i> {here}");
}

}  // namespace
}  // namespace penstock::subtitles
