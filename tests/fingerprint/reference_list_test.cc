#include "fingerprint/reference_list.h"

#include <chromaprint.h>
#include <gtest/gtest.h>
#include <zlib.h>

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
  song.fingerprint.chroma.clear();  // which only queries need
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
  EXPECT_EQ(static_cast<unsigned char>(bytes[37]), 250);
  EXPECT_EQ(static_cast<unsigned char>(bytes[38]), 0);
  EXPECT_EQ(static_cast<unsigned char>(bytes[36]), film.fingerprint.frames[0].quality);
}

TEST(ReferenceList, FpcalcsRawJsonIsReadSignedOrUnsigned) {
  media::Fingerprint fingerprint = FingerprintOf(MakeMusic(1, 10));
  fingerprint.landmarks.clear();  // fpcalc knows neither
  fingerprint.chroma.clear();
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
  EXPECT_EQ(refusal(film(0.5, true)), "fingerprint_too_short");
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

// What zlib makes of the text, as gzip does.
std::string Gzip(const std::string& text) {
  z_stream z{};
  EXPECT_EQ(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&z, text.size()) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string Compressed(const media::Fingerprint& fingerprint) {
  char* text = nullptr;
  int size = 0;
  EXPECT_EQ(chromaprint_encode_fingerprint(fingerprint.audio.data(),
                                           static_cast<int>(fingerprint.audio.size()),
                                           CHROMAPRINT_ALGORITHM_TEST2, &text, &size, 1),
            1);
  std::string copy(text, static_cast<std::size_t>(size));
  chromaprint_dealloc(text);
  return copy;
}

TEST(ReferenceList, APieceAtATimeIsReadLikeTheWhole) {
  const std::string text = FormatListHeader({"H", "l", {}, true}) + FormatListRow(Film()) +
                           "{}\r\n" + FormatListRow(Song());
  for (const std::string& bytes :
       {text, Gzip(text), Gzip(text.substr(0, 99)) + Gzip(text.substr(99))}) {
    ListParser parser;
    std::vector<ListRow> rows;
    for (const char byte : bytes) {
      ASSERT_TRUE(parser.Feed(std::string_view(&byte, 1), rows).has_value());
    }
    ASSERT_TRUE(parser.Finish(rows).has_value());
    EXPECT_EQ(parser.header()->holder, "H");
    ASSERT_EQ(rows.size(), 3U);
    ExpectSame(rows[0], Film());
    EXPECT_EQ(std::get<Error>(rows[1].content).code, "missing_field");
    EXPECT_EQ(rows[2].line, 4);
    ExpectSame(rows[2], Song());
  }
}

TEST(ReferenceList, DamagedOrCutOffOrBoundlessGzipIsRefused) {
  std::string bytes = Gzip(FormatListRow(Song()));
  EXPECT_EQ(ParseList(bytes.substr(0, bytes.size() - 9)).error().code, "malformed_list");
  bytes[bytes.size() / 2] ^= 0x55;
  EXPECT_EQ(ParseList(bytes).error().code, "malformed_list");
  // 64 MiB of line ends in 64 KiB.
  EXPECT_EQ(ParseList(Gzip(std::string(64 << 20, '\n'))).error().code, "list_too_large");
}

TEST(ReferenceList, ExcludedIntervalsComeInOrderAndApart) {
  json row = RowOf(Song());
  row["excluded"] = {{20, 30.5}, {1, 4}, {3, 5}};
  const ParsedList list = ParseList(Line(row)).value();
  const auto& song = std::get<Reference>(list.rows[0].content);
  const std::vector<media::Interval> expected = {{Millis(1000), Millis(5000)},
                                                 {Millis(20'000), Millis(30'500)}};
  EXPECT_EQ(song.excluded, expected);
  EXPECT_EQ(RowOf(song)["excluded"], json({{1.0, 5.0}, {20.0, 30.5}}));
  for (const json& wrong :
       {json("1-2"), json({1, 2}), json({{2, 1}}), json({{-1, 2}}), json({{1}})}) {
    row["excluded"] = wrong;
    EXPECT_EQ(RefusalOf(row).field, "excluded") << wrong;
  }
}

TEST(ReferenceList, AWithdrawalNamesAWork) {
  const ParsedList list = ParseList(
                              "{\"id\":\"a\",\"withdraw\":true,\"kind\":\"audio\"}\n"
                              "{\"id\":\"b\",\"withdraw\":true}\n{\"withdraw\":true}\n")
                              .value();
  const auto& first = std::get<ListWithdrawal>(list.rows[0].content);
  EXPECT_EQ(first.holder_key, "a");
  EXPECT_EQ(first.kind, media::FingerprintKind::kAudio);
  EXPECT_FALSE(std::get<ListWithdrawal>(list.rows[1].content).kind.has_value());
  EXPECT_EQ(std::get<Error>(list.rows[2].content).code, "missing_field");
}

TEST(ReferenceList, CsvHasTheColumnsOfARow) {
  const json song = RowOf(Song());
  const std::string print = song["fingerprint"].get<std::string>();
  const std::string text =
      "kind,id,title,algorithm,fingerprint,excluded,duration,withdraw\r\n"
      "audio,catalogue/17,\"Ein \"\"Lied\"\", für Ægir\",chromaprint-test2," +
      print + ",1-2;3.5-4,,\n" + "audio,x,,chromaprint-test2," + print + ",1-,,\n" +
      ",gone,,,,,,true\n" + "audio,\"x\n" + "audio,x\n";
  const ParsedList list = ParseList(text).value();
  ASSERT_EQ(list.rows.size(), 5U);
  const auto& read = std::get<Reference>(list.rows[0].content);
  EXPECT_EQ(list.rows[0].line, 2);
  EXPECT_EQ(read.title, "Ein \"Lied\", für Ægir");
  EXPECT_EQ(read.fingerprint.audio, Song().fingerprint.audio);
  EXPECT_EQ(read.excluded.size(), 2U);
  EXPECT_EQ(std::get<Error>(list.rows[1].content).field, "excluded");
  EXPECT_EQ(std::get<ListWithdrawal>(list.rows[2].content).holder_key, "gone");
  EXPECT_EQ(std::get<Error>(list.rows[3].content).code, "malformed_row");
  EXPECT_EQ(std::get<Error>(list.rows[4].content).code, "malformed_row");
}

TEST(ReferenceList, WhatFpcalcPrintsIsReadInEveryForm) {
  const std::vector<std::uint32_t> items = Song().fingerprint.audio;
  std::string raw;
  for (const std::uint32_t item : items) raw += (raw.empty() ? "" : ",") + std::to_string(item);
  const std::string packed = Compressed(Song().fingerprint);
  const std::string texts[] = {
      "DURATION=10\nFINGERPRINT=" + raw + "\n",
      "FILE=a.mp3\nDURATION=10\nFINGERPRINT=" + packed + "\n",
      "{\"duration\": 10.0, \"fingerprint\": \"" + packed + "\"}\n",
      "{\"duration\": 10.0, \"fingerprint\": [" + raw + "]}\n",
  };
  std::string key;
  for (const std::string& text : texts) {
    const ParsedList list = ParseList(text).value();
    ASSERT_EQ(list.rows.size(), 1U);
    const auto* song = std::get_if<Reference>(&list.rows[0].content);
    ASSERT_NE(song, nullptr) << std::get<Error>(list.rows[0].content).message;
    EXPECT_EQ(song->fingerprint.audio, items);
    EXPECT_EQ(song->fingerprint.duration, Millis(10'000));
    EXPECT_TRUE(key.empty() || song->holder_key == key);
    key = song->holder_key;
  }
  const ParsedList broken =
      ParseList("DURATION=1\nDURATION=2\nFINGERPRINT=AQAA\nERROR: x\nDURATION=3\n").value();
  ASSERT_EQ(broken.rows.size(), 4U);
  EXPECT_EQ(std::get<Error>(broken.rows[0].content).code, "missing_field");
  EXPECT_EQ(std::get<Error>(broken.rows[1].content).code, "malformed_row");
  EXPECT_EQ(broken.rows[2].line, 4);
  EXPECT_EQ(broken.rows[3].line, 5);
}

TEST(ReferenceList, PdqHashesAreFilms) {
  const auto hex = [](std::uint8_t shade) {
    std::string digits;
    for (int i = 0; i < 32; ++i) digits += static_cast<char>(shade + i * shade);
    return HexEncode(digits);
  };
  const std::string text = "# First\n" + hex(1) + ",90,0\n" + hex(77) + ",80,1.5\n" + hex(201) +
                           ",70,2\n" + hex(9) + "\n" + hex(1) + ",50,0\nnonsense\n";
  const ParsedList list = ParseList(text).value();
  ASSERT_EQ(list.rows.size(), 3U);
  const auto& film = std::get<Reference>(list.rows[0].content);
  EXPECT_EQ(list.rows[0].line, 2);
  EXPECT_EQ(film.title, "First");
  ASSERT_EQ(film.fingerprint.frames.size(), 4U);
  EXPECT_EQ(film.fingerprint.frames[0].quality, 90);
  // The last digit pair is the first byte.
  EXPECT_EQ(film.fingerprint.frames[0].bits[0] & 0xFF, 32U);
  EXPECT_EQ(film.fingerprint.frames[1].time, Millis(1500));
  EXPECT_EQ(film.fingerprint.frames[3].time, Millis(2500));
  EXPECT_EQ(film.fingerprint.frames[3].quality, 100);
  EXPECT_EQ(std::get<Error>(list.rows[1].content).code, "malformed_row");
  EXPECT_EQ(list.rows[1].line, 7);
  EXPECT_EQ(list.rows[2].line, 6);
  EXPECT_EQ(std::get<Error>(list.rows[2].content).code, "fingerprint_too_short");
}

}  // namespace
}  // namespace penstock::fingerprint
