#include "base/log.h"

#include <gtest/gtest.h>

namespace penstock {
namespace {

TEST(Log, JsonQuoteEscapesControlsAndReplacesBrokenUtf8) {
  EXPECT_EQ(JsonQuote("a\"b\\c\n\x01"), R"("a\"b\\c\n\u0001")");
  EXPECT_EQ(JsonQuote("caf\xC3\xA9"), "\"caf\xC3\xA9\"");
  EXPECT_EQ(JsonQuote("x\xFFy\xC3"), "\"x\xEF\xBF\xBDy\xEF\xBF\xBD\"");
}

TEST(Log, AnEventIsOneLineOfJson) {
  ::testing::internal::CaptureStderr();
  LogInfo("upload.completed", {{"bytes", 12}, {"name", "a\"b"}, {"whole", true}});
  const std::string line = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(
      line.find(
          R"("level":"info","event":"upload.completed","bytes":12,"name":"a\"b","whole":true})"),
      std::string::npos)
      << line;
}

}  // namespace
}  // namespace penstock
