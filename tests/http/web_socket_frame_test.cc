#include "http/web_socket_frame.h"

#include <gtest/gtest.h>

namespace penstock::http {
namespace {

// The code of the violation, 0 when more bytes are needed, -1 for a frame.
int CodeOf(std::string bytes) {
  FrameReader reader;
  const auto next = reader.Next(bytes);
  if (const auto* violation = std::get_if<Violation>(&next)) return violation->code;
  return std::holds_alternative<Frame>(next) ? -1 : 0;
}

std::string Bytes(std::initializer_list<int> values) {
  std::string bytes;
  for (const int value : values) bytes += static_cast<char>(value);
  return bytes;
}

TEST(FrameReader, UnmasksTheExampleOfTheSpecification) {
  // RFC 6455 5.7: a single-frame masked text message.
  std::string bytes =
      Bytes({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}) + "rest";
  FrameReader reader;
  const auto next = reader.Next(bytes);
  ASSERT_TRUE(std::holds_alternative<Frame>(next));
  EXPECT_EQ(std::get<Frame>(next).opcode, Opcode::kText);
  EXPECT_EQ(std::get<Frame>(next).payload, "Hello");
  EXPECT_EQ(bytes, "rest");
}

TEST(FrameReader, WaitsForTheWholeFrame) {
  const std::string whole = Bytes({0x89, 0x82, 1, 2, 3, 4, 5, 6});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(CodeOf(whole.substr(0, size)), 0) << size;
  }
  EXPECT_EQ(CodeOf(whole), -1);
}

TEST(FrameReader, RefusesWhatTheProtocolForbids) {
  EXPECT_EQ(CodeOf(Bytes({0x81, 0x05})), 1002) << "not masked";
  EXPECT_EQ(CodeOf(Bytes({0x88, 0x00})), 1002) << "not masked, a close";
  EXPECT_EQ(CodeOf(Bytes({0xC1, 0x80})), 1002) << "a reserved bit";
  EXPECT_EQ(CodeOf(Bytes({0x83, 0x80})), 1002) << "an unknown opcode";
  EXPECT_EQ(CodeOf(Bytes({0x09, 0x80})), 1002) << "a ping in parts";
  EXPECT_EQ(CodeOf(Bytes({0x89, 0xFE})), 1002) << "a long ping";
  EXPECT_EQ(CodeOf(Bytes({0x80, 0x80})), 1002) << "a continuation of nothing";
  EXPECT_EQ(CodeOf(Bytes({0x81, 0xFE, 0, 5, 0, 0, 0, 0})), 1002) << "a length of needless bytes";
  EXPECT_EQ(CodeOf(Bytes({0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})), 1009);
  EXPECT_EQ(CodeOf(Bytes({0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0})), 1009);
}

TEST(FrameReader, AMessageInPartsHasOneBeginningAndOneLimit) {
  const std::string begin = Bytes({0x01, 0x80, 0, 0, 0, 0});
  const std::string more = Bytes({0x00, 0x80, 0, 0, 0, 0});
  const std::string ping = Bytes({0x89, 0x80, 0, 0, 0, 0});
  const std::string end = Bytes({0x80, 0x80, 0, 0, 0, 0});
  FrameReader reader;
  std::string bytes = begin + ping + more + end + begin + begin;
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(std::holds_alternative<Frame>(reader.Next(bytes))) << i;
  EXPECT_TRUE(std::holds_alternative<Violation>(reader.Next(bytes)));

  FrameReader limited;
  bytes = Bytes({0x01, 0xFE, 0xFF, 0xFF, 0, 0, 0, 0}) + std::string(0xFFFF, 'x') +
          Bytes({0x00, 0x82, 0, 0, 0, 0});
  EXPECT_TRUE(std::holds_alternative<Frame>(limited.Next(bytes)));
  const auto next = limited.Next(bytes);
  ASSERT_TRUE(std::holds_alternative<Violation>(next));
  EXPECT_EQ(std::get<Violation>(next).code, 1009);
}

TEST(FrameBytes, HaveTheShortestLength) {
  EXPECT_EQ(FrameBytes(Opcode::kText, "Hello"), Bytes({0x81, 5}) + "Hello");
  EXPECT_EQ(FrameBytes(Opcode::kClose, ClosePayload(1001, "off")),
            Bytes({0x88, 5, 0x03, 0xe9}) + "off");
  EXPECT_EQ(FrameBytes(Opcode::kText, std::string(126, 'x')).substr(0, 4),
            Bytes({0x81, 126, 0, 126}));
  EXPECT_EQ(FrameBytes(Opcode::kText, std::string(65536, 'x')).substr(0, 10),
            Bytes({0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}));
}

TEST(WebSocketAccept, AnswersTheExampleOfTheSpecification) {
  EXPECT_EQ(WebSocketAccept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

}  // namespace
}  // namespace penstock::http
