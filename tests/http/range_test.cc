#include "http/range.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace penstock::http {
namespace {

using Kind = RangeDecision::Kind;

void ExpectPartial(std::string_view header, std::uint64_t size, ByteRange range) {
  const RangeDecision decision = ParseRange(header, size);
  EXPECT_EQ(decision.kind, Kind::kPartial) << header;
  EXPECT_EQ(decision.range, range) << header;
}

TEST(Range, FirstAndLastByteAreInclusive) {
  ExpectPartial("bytes=0-0", 100, {0, 1});
  ExpectPartial("bytes=10-19", 100, {10, 10});
}

TEST(Range, OpenEndAndSuffixReachTheEnd) {
  ExpectPartial("bytes=90-", 100, {90, 10});
  ExpectPartial("bytes=-30", 100, {70, 30});
}

TEST(Range, PastTheEndIsCut) {
  ExpectPartial("bytes=90-1000", 100, {90, 10});
  ExpectPartial("bytes=-1000", 100, {0, 100});
}

TEST(Range, UnitComparesWithoutCase) { ExpectPartial("Bytes=1-2", 100, {1, 2}); }

TEST(Range, WhatStartsPastTheEndIsUnsatisfiable) {
  EXPECT_EQ(ParseRange("bytes=100-", 100).kind, Kind::kUnsatisfiable);
  EXPECT_EQ(ParseRange("bytes=-0", 100).kind, Kind::kUnsatisfiable);
  EXPECT_EQ(ParseRange("bytes=0-", 0).kind, Kind::kUnsatisfiable);
}

TEST(Range, MalformedOtherUnitsAndListsAreIgnored) {
  for (const std::string_view header :
       {"", "bytes", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=1-2,4-5", "items=0-1",
        "bytes=0x1-2", "bytes=+1-2", "bytes=99999999999999999999-", "bytes=1 - 2"}) {
    EXPECT_EQ(ParseRange(header, 100).kind, Kind::kWhole) << header;
  }
}

class FileResponseTest : public ::testing::Test {
 protected:
  Response Ask() {
    return FileResponse(request_, std::make_shared<UniqueFd>(), {1000, 500}, "video/mp4", "\"v1\"",
                        "max-age=60");
  }
  Request request_;
};

TEST_F(FileResponseTest, WholeFileIs200) {
  const Response response = Ask();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(std::get<FileBody>(response.body).range, (ByteRange{1000, 500}));
  EXPECT_EQ(response.headers.Get("accept-ranges"), "bytes");
  EXPECT_EQ(response.headers.Get("etag"), "\"v1\"");
}

TEST_F(FileResponseTest, RangeIsRelativeToTheRepresentation) {
  request_.headers.Set("Range", "bytes=100-199");
  const Response response = Ask();
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(response.headers.Get("Content-Range"), "bytes 100-199/500");
  EXPECT_EQ(std::get<FileBody>(response.body).range, (ByteRange{1100, 100}));
}

TEST_F(FileResponseTest, UnsatisfiableIs416WithTheSize) {
  request_.headers.Set("Range", "bytes=500-");
  const Response response = Ask();
  EXPECT_EQ(response.status, 416);
  EXPECT_EQ(response.headers.Get("Content-Range"), "bytes */500");
}

TEST_F(FileResponseTest, IfRangeOfAnotherVersionSendsTheWhole) {
  request_.headers.Set("Range", "bytes=0-1");
  request_.headers.Set("If-Range", "\"v0\"");
  EXPECT_EQ(Ask().status, 200);
  request_.headers.Set("If-Range", "\"v1\"");
  EXPECT_EQ(Ask().status, 206);
}

TEST_F(FileResponseTest, RangeOfHeadIsIgnored) {
  request_.method = Method::kHead;
  request_.headers.Set("Range", "bytes=0-1");
  EXPECT_EQ(Ask().status, 200);
}

TEST_F(FileResponseTest, KnownVersionIs304AndWinsOverRange) {
  request_.headers.Set("Range", "bytes=0-1");
  for (const char* header : {"\"v1\"", "W/\"v1\"", "\"v0\", \"v1\"", "*"}) {
    request_.headers.Set("If-None-Match", header);
    const Response response = Ask();
    EXPECT_EQ(response.status, 304) << header;
    EXPECT_EQ(response.headers.Get("ETag"), "\"v1\"");
    EXPECT_EQ(response.headers.Get("Cache-Control"), "max-age=60");
  }
  request_.headers.Set("If-None-Match", "\"v2\"");
  EXPECT_EQ(Ask().status, 206);
}

TEST(TextResponse, AnswersConditionalRequests) {
  Request request;
  Response response = TextResponse(request, "hello", "text/plain", "\"a\"", "no-cache");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(std::get<std::string>(response.body), "hello");
  request.headers.Set("If-None-Match", "\"a\"");
  response = TextResponse(request, "hello", "text/plain", "\"a\"", "no-cache");
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(std::get<std::string>(response.body), "");
}

}  // namespace
}  // namespace penstock::http
