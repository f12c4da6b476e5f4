#include "upload/tus_protocol.h"

#include <gtest/gtest.h>

namespace penstock::upload {
namespace {

http::Request With(std::initializer_list<std::pair<std::string, std::string>> fields) {
  http::Request request;
  request.headers = http::Headers(fields);
  return request;
}

template <typename T>
std::string CodeOf(const Result<T>& result) {
  return result ? "" : result.error().code;
}

TEST(TusProtocolTest, SpeaksOneVersion) {
  EXPECT_TRUE(CheckTusVersion(With({{"Tus-Resumable", "1.0.0"}})));
  for (const char* version : {"", "0.2.2", "1.0", "1.0.0 ", "2.0.0"}) {
    EXPECT_EQ(CodeOf(CheckTusVersion(With({{"Tus-Resumable", version}}))),
              "unsupported_tus_version");
  }
}

TEST(TusProtocolTest, ReadsACreation) {
  const auto creation = ParseCreation(With(
      {{"Tus-Resumable", "1.0.0"}, {"Upload-Length", "7"}, {"Upload-Metadata", "title QQ=="}}));
  ASSERT_TRUE(creation.has_value());
  EXPECT_EQ(creation->length, 7U);
  EXPECT_EQ(creation->description.title, "A");
  EXPECT_FALSE(creation->with_bytes);
}

TEST(TusProtocolTest, RefusesACreationWithoutAWholeNumberOfBytes) {
  for (const char* length : {"", "-1", "+1", "1.5", "0x10", " 7", "7 ", "9223372036854775808",
                             "99999999999999999999999"}) {
    const auto creation =
        ParseCreation(With({{"Tus-Resumable", "1.0.0"}, {"Upload-Length", length}}));
    EXPECT_EQ(CodeOf(creation), "invalid_upload_length") << length;
  }
  EXPECT_EQ(CodeOf(ParseCreation(With({{"Tus-Resumable", "1.0.0"}, {"Upload-Length", "0"}}))),
            "empty_upload");
}

TEST(TusProtocolTest, RefusesExtensionsThatAreNotServed) {
  EXPECT_EQ(CodeOf(ParseCreation(With({{"Tus-Resumable", "1.0.0"}, {"Upload-Defer-Length", "1"}}))),
            "deferred_length_not_supported");
  EXPECT_EQ(
      CodeOf(ParseCreation(With(
          {{"Tus-Resumable", "1.0.0"}, {"Upload-Length", "7"}, {"Upload-Concat", "partial"}}))),
      "concatenation_not_supported");
}

TEST(TusProtocolTest, WantsTheContentTypeOfTusForBytes) {
  http::Request request = With({{"Tus-Resumable", "1.0.0"},
                                {"Upload-Length", "7"},
                                {"Content-Type", "Application/Offset+Octet-Stream ; q=1"}});
  request.content_length = 7;
  EXPECT_TRUE(ParseCreation(request)->with_bytes);
  request.content_length = 8;
  EXPECT_EQ(CodeOf(ParseCreation(request)), "beyond_upload_length");
  request.headers.Set("Content-Type", "video/mp4");
  EXPECT_EQ(CodeOf(ParseCreation(request)), "unsupported_content_type");
  request.headers.Set("Upload-Offset", "0");
  EXPECT_EQ(CodeOf(ParsePatch(request)), "unsupported_content_type");
  request.headers.Set("Content-Type", "application/offset+octet-stream");
  EXPECT_EQ(ParsePatch(request).value(), 0U);
  request.headers.Set("Upload-Offset", "x");
  EXPECT_EQ(CodeOf(ParsePatch(request)), "invalid_upload_offset");
}

TEST(TusProtocolTest, ReadsTheMethodThatPostStandsFor) {
  EXPECT_EQ(OverriddenMethod(With({{"X-HTTP-Method-Override", "PATCH"}})).value(),
            http::Method::kPatch);
  EXPECT_EQ(OverriddenMethod(With({{"X-HTTP-Method-Override", "DELETE"}})).value(),
            http::Method::kDelete);
  EXPECT_EQ(CodeOf(OverriddenMethod(With({{"X-HTTP-Method-Override", "PUT"}}))),
            "invalid_method_override");
  EXPECT_EQ(CodeOf(OverriddenMethod(With({}))), "method_not_allowed");
}

}  // namespace
}  // namespace penstock::upload
