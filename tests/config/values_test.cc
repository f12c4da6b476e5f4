#include "config/values.h"

#include <gtest/gtest.h>

namespace penstock::config {
namespace {

TEST(Duration, ParsesAWholeNumberAndAUnit) {
  EXPECT_EQ(Duration::Parse("250ms")->millis().count(), 250);
  EXPECT_EQ(Duration::Parse("20s"), Duration::Seconds(20));
  EXPECT_EQ(Duration::Parse("5m"), Duration::Seconds(300));
  EXPECT_EQ(Duration::Parse("24h"), Duration::Hours(24));
  EXPECT_EQ(Duration::Parse("30d"), Duration::Hours(720));
  EXPECT_EQ(Duration::Parse("0s"), Duration::Seconds(0));
}

TEST(Duration, RefusesEverythingElse) {
  for (const char* text :
       {"", "s", "20", "20 s", " 20s", "20s ", "-1s", "-0s", "+1s", "1.5s", "20S", "1h30m",
        "36501d", "9223372036854775807d", "99999999999999999999s"}) {
    const auto duration = Duration::Parse(text);
    ASSERT_FALSE(duration.has_value()) << text;
    EXPECT_EQ(duration.error().kind, ErrorKind::kInvalidArgument);
    EXPECT_EQ(duration.error().code, "invalid_duration");
  }
}

TEST(Duration, FormatsInTheLargestUnitThatDividesIt) {
  for (const char* text : {"0s", "1ms", "1500ms", "90s", "90m", "25h", "1d", "36500d"}) {
    EXPECT_EQ(Duration::Parse(text)->Format(), text);
  }
  EXPECT_EQ(Duration::Parse("3600s")->Format(), "1h");
  EXPECT_EQ(Duration::Parse("24h")->Format(), "1d");
}

TEST(ByteSize, ParsesBytesAndBinaryUnits) {
  EXPECT_EQ(ByteSize::Parse("65536")->bytes(), 65'536U);
  EXPECT_EQ(ByteSize::Parse("512KiB")->bytes(), 524'288U);
  EXPECT_EQ(ByteSize::Parse("64MiB"), ByteSize::Mebibytes(64));
  EXPECT_EQ(ByteSize::Parse("5GiB"), ByteSize::Gibibytes(5));
  EXPECT_EQ(ByteSize::Parse("1TiB"), ByteSize::Gibibytes(1024));
}

TEST(ByteSize, RefusesEverythingElse) {
  for (const char* text : {"", "MiB", "1MB", "1M", "1 MiB", "-1", "1.5GiB", "1mib", "8388608TiB",
                           "9223372036854775808", "18446744073709551616"}) {
    const auto size = ByteSize::Parse(text);
    ASSERT_FALSE(size.has_value()) << text;
    EXPECT_EQ(size.error().code, "invalid_size");
  }
}

TEST(ByteSize, FormatsInTheLargestUnitThatDividesIt) {
  for (const char* text : {"0", "1", "1000", "1KiB", "1025KiB", "3MiB", "5GiB", "1TiB"}) {
    EXPECT_EQ(ByteSize::Parse(text)->Format(), text);
  }
  EXPECT_EQ(ByteSize::Parse("1024")->Format(), "1KiB");
}

}  // namespace
}  // namespace penstock::config
