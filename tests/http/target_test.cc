#include "http/target.h"

#include <gtest/gtest.h>

#include "http/message.h"

namespace penstock::http {
namespace {

TEST(Target, PathIsDecodedOnceAndQueryStaysRaw) {
  const auto target = ParseTarget("/a%20b/%C3%A4%2541;v=1&x?q=%26%3D+1&r");
  ASSERT_TRUE(target.has_value());
  EXPECT_EQ(target->path, "/a b/\u00e4%41;v=1&x");
  EXPECT_EQ(target->query, "q=%26%3D+1&r");
}

TEST(Target, AbsoluteFormLosesItsAuthority) {
  EXPECT_EQ(ParseTarget("http://host:80/a?b")->path, "/a");
  EXPECT_EQ(ParseTarget("http://host")->path, "/");
}

TEST(Target, TricksAreRefused) {
  for (const std::string_view text :
       {"",       "a",           "*",     "?q",     "/..",   "/a/../b", "/a/%2e%2E/b", "/.",
        "/a/%2e", "/a%2F..%2Fb", "/a\\b", "/a%5Cb", "/%00",  "/%",      "/%1",         "/%zz",
        "/%ff",   "/%c0%af",     "/a#b",  "/a b",   "/\x7f", "/%0d%0a", "/\xc3\xa4",   "host:80"}) {
    const auto target = ParseTarget(text);
    ASSERT_FALSE(target.has_value()) << text;
    EXPECT_EQ(target.error().code, "bad_target");
  }
}

TEST(Target, NamesThatOnlyBeginWithDotsAreFine) {
  EXPECT_EQ(ParseTarget("/..a/...b/.well-known")->path, "/..a/...b/.well-known");
}

TEST(RequestQuery, ValuesKeepEncodedSeparators) {
  Request request;
  request.query = "a=1%262%3D3+4&b&=x&c=%zz&%64=5=6";
  EXPECT_EQ(request.Query("a"), "1&2=3 4");
  EXPECT_EQ(request.Query("b"), "");
  EXPECT_EQ(request.Query("c"), std::nullopt);
  EXPECT_EQ(request.Query("d"), "5=6");
  EXPECT_EQ(request.Query("e"), std::nullopt);
}

}  // namespace
}  // namespace penstock::http
