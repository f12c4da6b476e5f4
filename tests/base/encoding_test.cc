#include "base/encoding.h"

#include <gtest/gtest.h>

namespace penstock {
namespace {

TEST(Encoding, Base64RoundTripsTheVectorsOfRfc4648) {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(Base64Encode(bytes), text);
    EXPECT_EQ(Base64Decode(text).value(), bytes);
  }
}

TEST(Encoding, Base64RefusesBrokenText) {
  for (const char* text : {"Zg", "Zg=", "Z===", "Zm9v!mFy", "Zg==Zg==", "====", "Zm 9v"}) {
    EXPECT_FALSE(Base64Decode(text).has_value()) << text;
  }
}

TEST(Encoding, HexRoundTripsEveryByte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  EXPECT_EQ(HexDecode(HexEncode(bytes)).value(), bytes);
  EXPECT_FALSE(HexDecode("abc").has_value());
  EXPECT_FALSE(HexDecode("zz").has_value());
}

TEST(Encoding, PercentDecodingRefusesBrokenEscapesAndNul) {
  EXPECT_EQ(PercentDecode("a%20b%C3%A9").value(), "a b\xC3\xA9");
  for (const char* text : {"%", "%2", "%zz", "a%00b"}) {
    EXPECT_FALSE(PercentDecode(text).has_value()) << text;
  }
  EXPECT_EQ(PercentEncode("a b/\xC3\xA9~"), "a%20b%2F%C3%A9~");
}

TEST(Encoding, Utf8RefusesOverlongFormsSurrogatesAndNul) {
  EXPECT_TRUE(IsUtf8Text("caf\xC3\xA9 \xF0\x9F\x98\x80"));
  EXPECT_FALSE(IsUtf8Text("\xC0\xAF"));
  EXPECT_FALSE(IsUtf8Text("\xED\xA0\x80"));
  EXPECT_FALSE(IsUtf8Text("\xF5\x80\x80\x80"));
  EXPECT_FALSE(IsUtf8Text("\xE2\x82"));
  EXPECT_FALSE(IsUtf8Text(std::string_view("a\0b", 3)));
}

TEST(Encoding, PlainTextShowsAsItIsStored) {
  for (const char* text : {"", "caf\u00E9 \u05E9\u05DC\u05D5\u05DD \u200F!", "\u2027\u202F\u00A0",
                           "\U0001F468\u200D\U0001F469", "\u2065\u206A", "\xE2\x80\xA7"}) {
    EXPECT_TRUE(IsPlainText(text)) << text;
  }
  for (const char* text :
       {"a\tb", "a\nb", "\x1b[31m", "\x7f", "\u0080", "a\u0085b", "\u009F", "a\u2028b", "\u2029",
        "\u202A", "film\u202E4pm.exe", "\u2066a", "\u2069", "\xFF"}) {
    EXPECT_FALSE(IsPlainText(text)) << text;
  }
}

}  // namespace
}  // namespace penstock
