#include "fingerprint/reference_list.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "tests/fingerprint/made_media.h"

namespace penstock::fingerprint {
namespace {

using media::Millis;
using media::Reference;
using nlohmann::json;

Reference Song() {
  Reference song;
  song.holder_key = "catalogue/17";
  song.title = "Ein \"Lied\" für Ægir";
  song.artist = "Les Synthétiques";
  song.isrc = "DEA120000001";
  static const media::Fingerprint made = FingerprintOf(MakeMusic(1, 10));
  song.fingerprint = made;
  return song;
}

Reference Film() {
  Reference film;
  film.holder_key = "film-3";
  static const media::Fingerprint made =
      FingerprintOfFilm(0, 6, [](double t) { return MakePicture(1, t); });
  film.fingerprint = made;
  film.fingerprint.views.clear();  // rows carry whole frames, which others can read
  return film;
}

json RowOf(const Reference& reference) { return json::parse(FormatListRow(reference)); }
std::string Line(const json& row) { return row.dump() + "\n"; }

void ExpectSame(const ListRow& row, const Reference& reference) {
  const Reference* read = std::get_if<Reference>(&row.content);
  ASSERT_NE(read, nullptr) << std::get<Error>(row.content).message;
  EXPECT_EQ(read->holder_key, reference.holder_key);
  EXPECT_EQ(read->title, reference.title);
  EXPECT_EQ(read->artist, reference.artist);
  EXPECT_EQ(read->isrc, reference.isrc);
  EXPECT_EQ(read->fingerprint, reference.fingerprint);
}

// The refusal of a row, given together with a good one.
Error RefusalOf(const std::string& line, const ListLimits& limits = {}) {
  const ParsedList list = ParseList(FormatListRow(Film()) + line, limits).value();
  EXPECT_EQ(list.rows.size(), 2U);
  EXPECT_EQ(list.rows.at(1).line, 2);
  const Error* error = std::get_if<Error>(&list.rows.at(1).content);
  return error == nullptr ? Error(ErrorKind::kInternal, "accepted", "the row was accepted")
                          : *error;
}

Error RefusalOf(const json& row) { return RefusalOf(Line(row)); }

TEST(ReferenceList, WhatIsWrittenIsReadAgain) {
  const ListFileHeader header{"Holder & Söhne", "spring", media::Policy::kTrack, false};
  const ParsedList list =
      ParseList(FormatListHeader(header) + FormatListRow(Song()) + "\r\n\n" + FormatListRow(Film()))
          .value();
  ASSERT_TRUE(list.header.has_value());
  EXPECT_EQ(list.header->holder, header.holder);
  EXPECT_EQ(list.header->list, header.list);
  EXPECT_EQ(list.header->policy, header.policy);
  EXPECT_FALSE(list.header->full);
  ASSERT_EQ(list.rows.size(), 2U);
  EXPECT_EQ(list.rows[0].line, 2);
  EXPECT_EQ(list.rows[1].line, 5);
  ExpectSame(list.rows[0], Song());
  ExpectSame(list.rows[1], Film());
}

TEST(ReferenceList, TheHeaderStandsAsDocumented) {
  EXPECT_EQ(
      FormatListHeader({"Holder", "spring", media::Policy::kBlock, true}),
      R"({"penstock_list":1,"holder":"Holder","list":"spring","mode":"full","policy":"block"})"
      "\n");
}

TEST(ReferenceList, AListWithoutHeaderOrWithAHeaderAloneIsRead) {
  EXPECT_FALSE(ParseList(FormatListRow(Song()))->header.has_value());
  const ParsedList empty = ParseList(R"({"penstock_list":1,"holder":"H","list":"L"})").value();
  EXPECT_TRUE(empty.header->full);
  EXPECT_FALSE(empty.header->policy.has_value());
  EXPECT_TRUE(empty.rows.empty());
}

TEST(ReferenceList, AHeaderThatIsNotUnderstoodRefusesTheList) {
  for (const char* header :
       {R"({"penstock_list":2})", R"({"penstock_list":1,"mode":"append"})",
        R"({"penstock_list":1,"policy":"destroy"})", R"({"penstock_list":1,"holder":5})"}) {
    const auto list = ParseList(std::string(header) + "\n" + FormatListRow(Song()));
    ASSERT_FALSE(list.has_value()) << header;
    EXPECT_EQ(list.error().code, "malformed_list") << header;
  }
}

TEST(ReferenceList, AVideoRowIsThirtySevenBytesAFrame) {
  const Reference film = Film();
  const std::string bytes = Base64Decode(RowOf(film)["fingerprint"].get<std::string>()).value();
  ASSERT_EQ(bytes.size(), film.fingerprint.frames.size() * 37);
  EXPECT_EQ(static_cast<unsigned char>(bytes[37]), 500 & 255);
  EXPECT_EQ(static_cast<unsigned char>(bytes[38]), 500 >> 8);
  EXPECT_EQ(static_cast<unsigned char>(bytes[36]), film.fingerprint.frames[0].quality);
}

TEST(ReferenceList, FpcalcsRawJsonIsReadSignedOrUnsigned) {
  media::Fingerprint fingerprint = FingerprintOf(MakeMusic(1, 10));
  fingerprint.landmarks.clear();  // fpcalc knows none
  json numbers = json::array();
  json signed_numbers = json::array();
  for (const std::uint32_t item : fingerprint.audio) {
    numbers.push_back(item);
    signed_numbers.push_back(static_cast<std::int32_t>(item));
  }
  const ParsedList list = ParseList(Line({{"duration", 10.0}, {"fingerprint", numbers}}) +
                                    Line({{"duration", 10.0}, {"fingerprint", signed_numbers}}))
                              .value();
  ASSERT_EQ(list.rows.size(), 2U);
  const auto& first = std::get<Reference>(list.rows[0].content);
  const auto& second = std::get<Reference>(list.rows[1].content);
  EXPECT_EQ(first.fingerprint, fingerprint);
  EXPECT_EQ(second.fingerprint, fingerprint);
  EXPECT_EQ(first.holder_key.size(), 16U);
  EXPECT_EQ(first.holder_key, second.holder_key);
  EXPECT_EQ(first.title, "fpcalc line 1");
  EXPECT_EQ(RefusalOf(json{{"duration", 1}, {"fingerprint", {1, 5'000'000'000}}}).code,
            "malformed_row");
  EXPECT_EQ(RefusalOf(json{{"duration", 1}, {"fingerprint", "AQAAA"}}).field, "fingerprint");
}

TEST(ReferenceList, ReadsTheCompressedFormThatFpcalcPrints) {
  // 26 items of no content: read as the compressed form, then refused for what they are.
  const Error error = RefusalOf(json{{"duration", 10}, {"fingerprint", "AQAAGgAAAAAAAAAAAAA"}});
  EXPECT_EQ(error.code, "fingerprint_without_content");
}

TEST(ReferenceList, AFieldThatIsMissingIsNamed) {
  for (const char* field : {"kind", "id", "algorithm", "fingerprint"}) {
    json row = RowOf(Song());
    row.erase(field);
    const Error error = RefusalOf(row);
    EXPECT_EQ(error.code, "missing_field");
    EXPECT_EQ(error.field, field);
  }
}

TEST(ReferenceList, AFieldThatBreaksItsRuleIsNamed) {
  const std::vector<std::pair<const char*, json>> bad = {
      {"title", std::string(301, 'x')},
      {"title", 5},
      {"title", "a\nb"},
      {"id", ""},
      {"id", std::string(201, 'x')},
      {"isrc", "not one"},
      {"duration", -1},
      {"duration", "long"},
      {"duration", 1e12},
      {"fingerprint", "%%%"},
      {"fingerprint", "AAAAAAA="},
  };
  for (const auto& [field, value] : bad) {
    json row = RowOf(Song());
    row[field] = value;
    const Error error = RefusalOf(row);
    EXPECT_EQ(error.code, "malformed_row") << field << value;
    EXPECT_EQ(error.field, field);
    EXPECT_FALSE(error.rule.empty());
  }
  json row = RowOf(Song());
  row["isrc"] = "de-a12-00-00001";
  row["title"] = std::string("ü") + std::string(299, 'x');
  EXPECT_EQ(RefusalOf(row).code, "accepted");
}

TEST(ReferenceList, KindAndAlgorithmMustBeKnownAndFit) {
  json row = RowOf(Song());
  row["kind"] = "smell";
  EXPECT_EQ(RefusalOf(row).code, "unknown_kind");
  row["kind"] = "video";
  EXPECT_EQ(RefusalOf(row).code, "unknown_algorithm");
  row["kind"] = "audio";
  row["algorithm"] = "chromaprint-test4";
  EXPECT_EQ(RefusalOf(row).code, "unknown_algorithm");
}

TEST(ReferenceList, ShortAndEmptyWorksAreRefused) {
  const auto refusal = [](const media::Fingerprint& fingerprint) {
    Reference reference = Song();
    reference.fingerprint = fingerprint;
    return RefusalOf(FormatListRow(reference)).code;
  };
  EXPECT_EQ(refusal(FingerprintOf(MakeMusic(1, 4))), "fingerprint_too_short");
  EXPECT_EQ(refusal(FingerprintOf(Samples(20 * 11025, 0))), "fingerprint_without_content");
  EXPECT_EQ(refusal(FingerprintOf(MakeTone(440, 20))), "fingerprint_without_content");
  const auto film = [](double seconds, bool moving) {
    return FingerprintOfFilm(0, seconds, [&](double t) { return MakePicture(1, moving ? t : 0); });
  };
  EXPECT_EQ(refusal(film(1, true)), "fingerprint_too_short");
  EXPECT_EQ(refusal(film(20, false)), "fingerprint_without_content");
  EXPECT_EQ(refusal(film(8, true)), "accepted");
}

TEST(ReferenceList, FramesMustStandInOrderOfTime) {
  Reference film = Film();
  std::swap(film.fingerprint.frames[1], film.fingerprint.frames[2]);
  EXPECT_EQ(RefusalOf(FormatListRow(film)).code, "malformed_row");
}

TEST(ReferenceList, ALineOfAnotherKindIsRefusedAndTheOthersGoIn) {
  for (const char* line : {"{", "[]", "7", "null", "\"\xff\"", "{\"penstock_list\":1}"}) {
    EXPECT_EQ(RefusalOf(std::string(line) + "\n").code, "malformed_row") << line;
  }
  EXPECT_EQ(RefusalOf(std::string(200'000, '[')).code, "malformed_row");
  EXPECT_EQ(RefusalOf(std::string(5000, 'x'), {.max_line_bytes = 4000}).code, "line_too_long");
}

TEST(ReferenceList, ATextThatIsNoListAtAllIsRefused) {
  for (const char* text : {"", "\n\n", "hello\nworld\n", "{}", "%PDF-1.7"}) {
    const auto list = ParseList(text);
    ASSERT_FALSE(list.has_value()) << text;
    EXPECT_EQ(list.error().code, "malformed_list");
    EXPECT_EQ(list.error().kind, ErrorKind::kMalformed);
  }
}

TEST(ReferenceList, TooManyRowsAreRefused) {
  std::string text;
  for (int i = 0; i < 4; ++i) text += FormatListRow(Film());
  EXPECT_TRUE(ParseList(text, {.max_rows = 4}).has_value());
  const auto list = ParseList(text, {.max_rows = 3});
  ASSERT_FALSE(list.has_value());
  EXPECT_EQ(list.error().kind, ErrorKind::kTooLarge);
  EXPECT_EQ(list.error().field, "line 4");
}

}  // namespace
}  // namespace penstock::fingerprint
