#include "transcoder/copy_check.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace penstock::transcoder {
namespace {

using namespace std::string_literals;

constexpr std::int64_t kFrame = kTicksPerSecond / 25;
const std::string kParameters = "\0\0\1\x67\x4D\x40\x1F\xAA\0\0\1\x68\xEE\x3C\x80"s;

class CopyCheckTest : public ::testing::Test {
 protected:
  CopyCheckTest() {
    stream_.codec_id = AV_CODEC_ID_H264;
    stream_.extradata = extradata_.data();
    stream_.extradata_size = static_cast<int>(kParameters.size());
  }

  // A picture of so many bytes; key ones are IDR pictures.
  PacketPtr Picture(std::int64_t ticks, bool key, int size = 1000) {
    PacketPtr packet(av_packet_alloc());
    EXPECT_EQ(av_new_packet(packet.get(), size), 0);
    std::memset(packet->data, 0x55, static_cast<std::size_t>(size));
    const std::string head = key ? "\0\0\1\x65\x88"s : "\0\0\1\x41\x9A"s;
    std::memcpy(packet->data, head.data(), head.size());
    packet->pts = packet->dts = ticks;
    packet->flags = key ? AV_PKT_FLAG_KEY : 0;
    return packet;
  }

  // So many seconds with a key frame a second, and something done to the picture of a number.
  template <typename Change>
  std::int64_t BitRateOf(int seconds, int number, const Change& change) {
    CopyCheck check(stream_);
    for (int i = 0; i < seconds * 25; ++i) {
      const PacketPtr packet = Picture(i * kFrame, i % 25 == 0);
      if (i == number) change(*packet);
      check.Take(*packet);
    }
    return check.BitRate(seconds * 25 * kFrame);
  }

  std::vector<std::uint8_t> extradata_{kParameters.begin(), kParameters.end()};
  AVCodecParameters stream_{};
};

TEST_F(CopyCheckTest, WeighsTheHeaviestStretch) {
  // Units of 997 bytes behind a length of 4, 25 a second.
  EXPECT_EQ(BitRateOf(8, -1, [](AVPacket&) {}), 1001 * 8 * 25);
  CopyCheck check(stream_);
  for (int i = 0; i < 200; ++i) {
    check.Take(*Picture(i * kFrame, i % 50 == 0, i >= 100 && i < 150 ? 2999 : 999));
  }
  EXPECT_EQ(check.BitRate(200 * kFrame), 3000 * 8 * 25);
  CopyCheck brief(stream_);
  brief.Take(*Picture(0, true, 999));
  EXPECT_EQ(brief.BitRate(kFrame), 1000 * 8 * 25);
}

TEST_F(CopyCheckTest, RefusesWhatTheContainerChangesOrHides) {
  EXPECT_EQ(BitRateOf(8, 100,
                      [](AVPacket& packet) {
                        std::uint8_t* data =
                            av_packet_new_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, 4);
                        ASSERT_NE(data, nullptr);
                      }),
            0);
  const auto refuses = [&](auto change) { return BitRateOf(8, 110, change) == 0; };
  EXPECT_TRUE(refuses([](AVPacket& packet) { packet.flags |= AV_PKT_FLAG_DISCARD; }));
  EXPECT_TRUE(refuses([](AVPacket& packet) { packet.flags |= AV_PKT_FLAG_CORRUPT; }));
  EXPECT_TRUE(refuses([](AVPacket& packet) { packet.flags |= AV_PKT_FLAG_KEY; }));
  EXPECT_TRUE(refuses([](AVPacket& packet) { packet.pts = AV_NOPTS_VALUE; }));
  EXPECT_TRUE(refuses([](AVPacket& packet) { packet.pts -= kFrame; })) << "twice at one time";
  EXPECT_TRUE(refuses([](AVPacket& packet) { packet.pts = 90 * kFrame; })) << "in another group";
}

TEST_F(CopyCheckTest, RefusesGroupsThatAreLongOrBeginLate) {
  const auto rate = [&](std::int64_t first, int group) {
    CopyCheck check(stream_);
    for (int i = 0; i < 400; ++i) check.Take(*Picture(first + i * kFrame, i % group == 0));
    return check.BitRate(first + 400 * kFrame);
  };
  EXPECT_GT(rate(0, 150), 0) << "6 s";
  EXPECT_EQ(rate(0, 151), 0);
  EXPECT_GT(rate(kTicksPerSecond / 20, 50), 0);
  EXPECT_EQ(rate(kTicksPerSecond / 5, 50), 0) << "a wait that is filled with the first picture";
}

}  // namespace
}  // namespace penstock::transcoder
