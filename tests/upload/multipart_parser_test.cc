#include "upload/multipart_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace penstock::upload {
namespace {

// What was parsed, in text: "name|file name|bytes;" a part.
class Transcript final : public PartConsumer {
 public:
  Status BeginPart(const PartHeader& header) override {
    text += header.name + "|" + header.file_name + "|";
    return {};
  }
  Status PartBytes(std::string_view bytes) override {
    EXPECT_FALSE(bytes.empty());
    text.append(bytes);
    return {};
  }
  Status EndPart() override {
    text += ";";
    return {};
  }
  std::string text;
};

// The transcript, or the code of the error.
std::string Parse(const std::vector<std::string_view>& pieces) {
  Transcript transcript;
  MultipartParser parser("XX", transcript);
  for (const std::string_view piece : pieces) {
    if (const Status fed = parser.Feed(piece); !fed) return fed.error().code;
  }
  if (const Status finished = parser.Finish(); !finished) return finished.error().code;
  return transcript.text;
}

const std::string kForm =
    "preamble\r\n"
    "--XX\r\n"
    "Content-Disposition: form-data; name=\"title\"\r\n"
    "\r\n"
    "A film\r\n"
    "--XX  \r\n"
    "Content-Type: video/mp4\r\n"
    "content-disposition: form-data; name=file; filename=\"f \\\"1\\\".mp4\"\r\n"
    "\r\n"
    "a\r\n--X\r\n--\r\r\n-b\n--XX\r\r\n\r\n"
    "--XX\r\n"
    "Content-Disposition: form-data; name=\"empty\"\r\n"
    "\r\n"
    "\r\n"
    "--XX--\r\n"
    "epilogue --XX\r\n";
const std::string kParts =
    "title||A film;"
    "file|f \"1\".mp4|a\r\n--X\r\n--\r\r\n-b\n--XX\r\r\n;"
    "empty||;";

TEST(MultipartParserTest, FindsThePartsOfAForm) { EXPECT_EQ(Parse({kForm}), kParts); }

TEST(MultipartParserTest, FindsTheSamePartsWhereverTheBodyIsSplit) {
  const std::string_view form = kForm;
  for (std::size_t i = 0; i <= form.size(); ++i) {
    EXPECT_EQ(Parse({form.substr(0, i), form.substr(i)}), kParts) << "split at " << i;
  }
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < form.size(); ++i) bytes.push_back(form.substr(i, 1));
  EXPECT_EQ(Parse(bytes), kParts);
}

TEST(MultipartParserTest, RefusesEveryBodyThatEndsBeforeItsClosingBoundary) {
  const std::string_view form = kForm;
  const std::size_t closing = form.find("--XX--") + 6;
  for (std::size_t i = 0; i < closing; ++i) {
    EXPECT_EQ(Parse({form.substr(0, i)}), "malformed_multipart") << "ends at " << i;
  }
  EXPECT_EQ(Parse({form.substr(0, closing)}), kParts);
}

TEST(MultipartParserTest, RefusesWhatIsNoForm) {
  const std::string part = "--XX\r\nContent-Disposition: ";
  std::string many;
  for (int i = 0; i < 65; ++i) many += part + "form-data; name=a\r\n\r\n\r\n";
  for (const std::string& body : {
           std::string("--XXY\r\n"),
           std::string("--XX\r\n\r\nno header\r\n--XX--"),
           std::string("--XX\r\nContent-Type: a/b\r\n\r\n\r\n--XX--"),
           std::string("--XX\r\nno colon\r\n\r\n\r\n--XX--"),
           part + "attachment; name=a\r\n\r\n\r\n--XX--",
           part + "form-data\r\n\r\n\r\n--XX--",
           part + "form-data; name\r\n\r\n\r\n--XX--",
           part + "form-data; name=\"a\r\n\r\n\r\n--XX--",
           part + "form-data; name=\"a\"b\r\n\r\n\r\n--XX--",
           part + std::string(9000, 'x'),
           "--XX" + std::string(300, ' '),
           many,
       }) {
    EXPECT_EQ(Parse({body}), "malformed_multipart") << body.substr(0, 80);
  }
}

TEST(MultipartParserTest, DecodesTheThreeEscapesOfBrowsersAndNoOthers) {
  const auto header =
      ParseContentDisposition(" form-data; filename=\"%22a%0D%0Ab%41%.mp4\"; name=\"x;y\"");
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->file_name, "\"a\r\nb%41%.mp4");
  EXPECT_EQ(header->name, "x;y");
  EXPECT_EQ(ParseContentDisposition("form-data;name=f;filename=\"C:\\new\\x.mp4\"")->file_name,
            "C:\\new\\x.mp4");
}

TEST(MultipartParserTest, FindsTheBoundaryOfAContentType) {
  EXPECT_EQ(MultipartParser::BoundaryOf("multipart/form-data; boundary=----abc").value(),
            "----abc");
  EXPECT_EQ(MultipartParser::BoundaryOf("multipart/form-data; charset=x; Boundary=\"a b\"").value(),
            "a b");
  for (const std::string& wrong :
       {std::string("multipart/form-data"), std::string("multipart/form-data; boundary="),
        std::string("multipart/form-data; boundary=\"a"),
        "multipart/form-data; boundary=" + std::string(71, 'x')}) {
    EXPECT_FALSE(MultipartParser::BoundaryOf(wrong).has_value()) << wrong;
  }
}

TEST(MultipartParserTest, PassesOnTheConsumersError) {
  class Refuses final : public PartConsumer {
   public:
    Status BeginPart(const PartHeader&) override { return {}; }
    Status PartBytes(std::string_view) override {
      return Error(ErrorKind::kOutOfSpace, "the disk is full");
    }
    Status EndPart() override { return {}; }
  };
  Refuses refuses;
  MultipartParser parser("XX", refuses);
  const auto fed =
      parser.Feed("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nbytes\r\n--XX--");
  ASSERT_FALSE(fed.has_value());
  EXPECT_EQ(fed.error().kind, ErrorKind::kOutOfSpace);
}

}  // namespace
}  // namespace penstock::upload
