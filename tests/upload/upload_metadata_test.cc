#include "upload/upload_metadata.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/encoding.h"

namespace penstock::upload {
namespace {

std::string Pair(const std::string& key, const std::string& value) {
  return key + " " + Base64Encode(value);
}

TEST(UploadMetadataTest, ReadsWhatTheSenderTells) {
  const std::string header = Pair("filename", "Été 2026.mp4") + "," +
                             Pair("filetype", "video/mp4") + "," + Pair("title", " My film ") +
                             "," + Pair("visibility", "private") + ",is_draft";
  const auto description = ParseUploadMetadata(header);
  ASSERT_TRUE(description.has_value());
  EXPECT_EQ(description->file_name, "Été 2026.mp4");
  EXPECT_EQ(description->title, "My film");
  EXPECT_EQ(description->visibility, media::Visibility::kPrivate);
  EXPECT_EQ(description->metadata, header);
}

TEST(UploadMetadataTest, TakesNothingAndSpacesAroundPairs) {
  EXPECT_TRUE(ParseUploadMetadata("").has_value());
  EXPECT_TRUE(ParseUploadMetadata("  ").has_value());
  EXPECT_EQ(ParseUploadMetadata(" title  QQ== , x ")->title, "A");
  EXPECT_EQ(ParseUploadMetadata("title")->title, "");
}

TEST(UploadMetadataTest, NamesTheKeyOfWhatItRefuses) {
  struct Case {
    std::string header;
    std::string field;
  };
  const std::vector<Case> cases = {
      {"title !!!", "title"},
      {"filename QQ", "filename"},
      {"title QQ== QQ==", "title"},
      {"title QQ==,title QQ==", "title"},
      {"a QQ==,,b QQ==", "Upload-Metadata"},
      {",", "Upload-Metadata"},
      {"a QQ==,", "Upload-Metadata"},
      {"t\xC3\xA9t QQ==", "Upload-Metadata"},
      {"a\tb QQ==", "Upload-Metadata"},
      {Pair("visibility", "secret"), "visibility"},
      {Pair("title", "\xFF\xFE"), "title"},
      {Pair("title", std::string("a\0b", 3)), "title"},
      {Pair("title", std::string(201, 'x')), "title"},
      {Pair("filename", std::string(1025, 'x')), "filename"},
      {std::string(16385, 'x'), "Upload-Metadata"},
  };
  for (const auto& [header, field] : cases) {
    const auto description = ParseUploadMetadata(header);
    ASSERT_FALSE(description.has_value()) << header;
    EXPECT_EQ(description.error().kind, ErrorKind::kInvalidArgument) << header;
    EXPECT_EQ(description.error().code, "invalid_upload_metadata") << header;
    EXPECT_EQ(description.error().field, field) << header;
    EXPECT_FALSE(description.error().rule.empty()) << header;
  }
}

}  // namespace
}  // namespace penstock::upload
