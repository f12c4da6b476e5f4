#include "transcoder/h264_stream.h"

#include <gtest/gtest.h>

#include <string>

namespace penstock::transcoder {
namespace {

using namespace std::string_literals;

const std::string kSps = "\x67\x4D\x40\x1F\xAA"s;  // Main, level 3.1
const std::string kPps = "\x68\xEE\x3C\x80"s;
const std::string kStart = "\0\0\0\1"s;
const std::string kIdr = "\x65\x88\x84"s;
const std::string kMore = "\x65\x48\x84"s;  // the same picture's
const std::string kSlice = "\x41\x9A\x02"s;

std::string Unit(const std::string& unit) {
  return "\0\0\0"s + static_cast<char>(unit.size()) + unit;
}

std::string AnnexB(const std::string& sps = kSps) { return kStart + sps + kStart + kPps; }

TEST(H264Stream, MakesOneConfigurationOfBothSpellings) {
  const auto raw = H264Stream::Open(AnnexB());
  ASSERT_TRUE(raw.has_value());
  EXPECT_EQ(raw->config(), MakeAvcConfig(AnnexB()));
  EXPECT_EQ(AvcCodecString(raw->config()), "avc1.4d401f");
  const auto packed = H264Stream::Open(raw->config());
  ASSERT_TRUE(packed.has_value());
  EXPECT_EQ(packed->config(), raw->config());
}

TEST(H264Stream, KeepsTheSlicesAlone) {
  const auto stream = H264Stream::Open(AnnexB());
  const auto picture = stream->Read(kStart + "\x09\x10"s + AnnexB() + kStart + "\x06\x05\x01\x80"s +
                                    kStart + kIdr + kStart + kMore);
  ASSERT_TRUE(picture.has_value());
  EXPECT_TRUE(picture->idr);
  EXPECT_EQ(picture->data, Unit(kIdr) + Unit(kMore));
  const auto other = H264Stream::Open(stream->config())->Read(Unit(kSlice));
  ASSERT_TRUE(other.has_value());
  EXPECT_FALSE(other->idr);
  EXPECT_EQ(other->data, Unit(kSlice));
}

TEST(H264Stream, RefusesProfilesThatNotEveryPlayerKnows) {
  EXPECT_FALSE(H264Stream::Open(AnnexB("\x67\x6E\x00\x1F\xAA"s))) << "High 10";
  EXPECT_FALSE(H264Stream::Open(AnnexB("\x67\x42\x00\x1F\xAA"s))) << "Baseline with slice groups";
  EXPECT_FALSE(H264Stream::Open(AnnexB("\x67\x64\x00\x3E\xAA"s))) << "level 6.2";
  EXPECT_TRUE(H264Stream::Open(AnnexB("\x67\x42\xC0\x1F\xAA"s))) << "Constrained Baseline";
  EXPECT_FALSE(H264Stream::Open(AnnexB() + kStart + "\x67\x64\x00\x1F\xAA"s)) << "two sets";
  EXPECT_FALSE(H264Stream::Open(kStart + kSps)) << "no picture parameters";
}

TEST(H264Stream, RefusesPicturesThatAreNotWholeOrBringSomethingElse) {
  const auto stream = H264Stream::Open(MakeAvcConfig(AnnexB()));
  ASSERT_TRUE(stream.has_value());
  EXPECT_FALSE(stream->Read(""));
  EXPECT_FALSE(stream->Read("\0\0\0"s));
  EXPECT_FALSE(stream->Read(Unit(kIdr).substr(0, 6))) << "cut";
  EXPECT_FALSE(stream->Read(Unit(kSps))) << "no slice";
  EXPECT_FALSE(stream->Read(Unit("\x68\x11\x22"s) + Unit(kIdr))) << "other parameters";
  EXPECT_FALSE(stream->Read(Unit(kIdr) + Unit(kSlice))) << "two kinds of slices";
  EXPECT_FALSE(stream->Read(Unit("\x62\x11"s))) << "data partition";
  EXPECT_FALSE(stream->Read(Unit("\xE5\x88"s))) << "forbidden bit";
  EXPECT_TRUE(stream->Read(Unit("") + Unit(kIdr)));
}

TEST(H264Stream, RefusesWhatPlayersCouldReadInDifferentWays) {
  const auto stream = H264Stream::Open(MakeAvcConfig(AnnexB()));
  ASSERT_TRUE(stream.has_value());
  EXPECT_FALSE(stream->Read(Unit("\x06\x05\0\0\1\x68\x11"s) + Unit(kIdr))) << "a unit in a unit";
  EXPECT_FALSE(stream->Read(Unit(kIdr + "\0\0\0\1\x41\x9A"s)));
  EXPECT_FALSE(stream->Read(Unit(kIdr) + Unit(kIdr))) << "two pictures";
  EXPECT_FALSE(stream->Read(Unit(kMore))) << "the rest of a picture";
  EXPECT_FALSE(H264Stream::Open(AnnexB() + kStart + "\x68\xAA\x3C\x80"s)) << "two picture sets";
  EXPECT_FALSE(H264Stream::Open(MakeAvcConfig(AnnexB() + kStart + "\x68\xAA\x3C\x80"s)));
}

TEST(H264Stream, RefusesBrokenConfigurations) {
  const std::string config = MakeAvcConfig(AnnexB());
  for (std::size_t size = 0; size < config.size(); ++size) {
    EXPECT_FALSE(H264Stream::Open(config.substr(0, size))) << size;
  }
  EXPECT_TRUE(H264Stream::Open(config + "\xFD\xF8\xF8\x00"s));
}

}  // namespace
}  // namespace penstock::transcoder
