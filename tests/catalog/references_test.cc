#include "catalog/references.h"

#include "tests/catalog/catalog_fixture.h"

namespace penstock::catalog {
namespace {

using media::Policy;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReferencesTest : public CatalogTest {
 protected:
  static media::Reference NewReference(const std::string& key,
                                       media::FingerprintKind kind = media::FingerprintKind::kAudio,
                                       std::uint32_t content = 7) {
    media::Reference reference;
    reference.holder_key = key;
    reference.title = "Title of " + key;
    reference.artist = "Artist";
    reference.isrc = "DEABC2400001";
    reference.fingerprint.kind = kind;
    reference.fingerprint.duration = milliseconds(1000);
    if (kind == media::FingerprintKind::kAudio) {
      reference.fingerprint.audio = {content, content + 1};
    } else {
      reference.fingerprint.frames = {{milliseconds(0), {content, 0, 0, 0}, 50}};
    }
    return reference;
  }
  static std::vector<ImportRow> Rows(const std::vector<std::string>& keys) {
    std::vector<ImportRow> rows;
    for (const std::string& key : keys) {
      rows.push_back({static_cast<std::int64_t>(rows.size()) + 2, NewReference(key)});
    }
    return rows;
  }
  media::Receipt Import(const ListHeader& header, const std::vector<ImportRow>& rows) {
    const auto receipt = references_.Import(header, rows);
    EXPECT_TRUE(receipt.has_value()) << receipt.error().message;
    return *receipt;
  }
  std::vector<std::string> Keys(const media::ListId& list) {
    std::vector<std::string> keys;
    const auto references = references_.ListReferences(list, 100, 0);
    for (const media::Reference& reference : *references) {
      keys.push_back(reference.holder_key);
    }
    return keys;
  }
  const ListHeader full_{"Catalogue", "Holder", {}, true};
  const ListHeader delta_{"Catalogue", "Holder", {}, false};
};

TEST_F(ReferencesTest, AnImportMakesTheListAndItsReferences) {
  const std::int64_t generation = *references_.Generation();
  const media::Receipt receipt =
      Import(full_, {{2, NewReference("k1")},
                     {3, Error(ErrorKind::kMalformed, "malformed_row", "The row is no JSON.")},
                     {4, NewReference("k1", media::FingerprintKind::kVideo)}});
  EXPECT_EQ(receipt.version, 1);
  EXPECT_EQ(receipt.accepted, 2);
  EXPECT_EQ(receipt.rejected, 1);
  ASSERT_THAT(receipt.rows, SizeIs(3));
  EXPECT_EQ(receipt.rows[1].line, 3);
  EXPECT_FALSE(receipt.rows[1].accepted);
  EXPECT_EQ(receipt.rows[1].code, "malformed_row");
  EXPECT_EQ(receipt.rows[1].reason, "The row is no JSON.");
  EXPECT_GT(*references_.Generation(), generation);

  const media::ReferenceList list = *references_.GetList(receipt.list);
  EXPECT_EQ(list.holder, "Holder");
  EXPECT_EQ(list.name, "Catalogue");
  EXPECT_EQ(list.policy, Policy::kBlock);
  EXPECT_EQ(list.version, 1);
  EXPECT_EQ(list.created, clock_.Now());
  EXPECT_EQ(list.reference_count, 2);
  ASSERT_THAT(*references_.Lists(), SizeIs(1));

  const auto listed = *references_.ListReferences(receipt.list, 10, 0);
  ASSERT_THAT(listed, SizeIs(2));
  EXPECT_EQ(listed[0].id.text(), receipt.rows[0].reference);
  EXPECT_EQ(listed[0].list, receipt.list);
  EXPECT_EQ(listed[0].title, "Title of k1");
  EXPECT_EQ(listed[0].artist, "Artist");
  EXPECT_EQ(listed[0].isrc, "DEABC2400001");
  EXPECT_EQ(listed[1].fingerprint.kind, media::FingerprintKind::kVideo);
  EXPECT_THAT(*references_.ListReferences(receipt.list, 10, 1), SizeIs(1));

  const Event event = AllEvents().back();
  EXPECT_EQ(event.name, "list.imported");
  EXPECT_EQ(event.subject, receipt.list.text());
  EXPECT_EQ(event.data,
            R"({"holder":"Holder","list":"Catalogue","version":1,"accepted":2,"rejected":1})");
}

TEST_F(ReferencesTest, AFullImportReplacesTheList) {
  const auto first = Import(full_, Rows({"a", "b"}));
  const auto second = Import(full_, Rows({"b", "c"}));
  EXPECT_EQ(second.list, first.list);
  EXPECT_EQ(second.version, 2);
  EXPECT_THAT(Keys(first.list), ElementsAre("b", "c"));
}

TEST_F(ReferencesTest, ADeltaAddsToTheListAndReplacesWhatItBringsAgain) {
  const auto first = Import(full_, Rows({"a", "b"}));
  const std::vector<media::ReferenceId> before = *references_.ActiveIds();
  std::vector<ImportRow> rows = Rows({"b", "c"});
  std::get<media::Reference>(rows[0].content).title = "New title";
  Import(delta_, rows);
  EXPECT_THAT(Keys(first.list), ElementsAre("a", "b", "c"));
  EXPECT_EQ(references_.ListReferences(first.list, 1, 1)->front().title, "New title");
  const std::vector<media::ReferenceId> after = *references_.ActiveIds();
  ASSERT_THAT(after, SizeIs(3));
  EXPECT_EQ(after[0], before[0]);
  EXPECT_NE(after[1], before[1]);
}

TEST_F(ReferencesTest, ADeltaOfAnotherKindReplacesNothing) {
  const auto receipt = Import(full_, Rows({"a"}));
  Import(delta_, {{2, NewReference("a", media::FingerprintKind::kVideo)}});
  EXPECT_THAT(Keys(receipt.list), ElementsAre("a", "a"));
}

TEST_F(ReferencesTest, TheSameWorkTwiceInOneFileIsRefusedTheSecondTime) {
  for (const ListHeader& header : {full_, delta_}) {
    const auto receipt = Import(header, Rows({"a", "b", "a"}));
    EXPECT_EQ(receipt.accepted, 2);
    ASSERT_EQ(receipt.rejected, 1);
    EXPECT_EQ(receipt.rows[2].line, 4);
    EXPECT_EQ(receipt.rows[2].code, "duplicate_in_list");
    EXPECT_EQ(receipt.rows[2].title, "Title of a");
    EXPECT_THAT(receipt.rows[2].reason, HasSubstr("audio"));
  }
}

TEST_F(ReferencesTest, WorksWithoutAKeyStandForThemselves) {
  const auto receipt = Import(full_, Rows({"", ""}));
  EXPECT_EQ(receipt.accepted, 2);
  EXPECT_THAT(Keys(receipt.list),
              ElementsAre(receipt.rows[0].reference, receipt.rows[1].reference));
}

TEST_F(ReferencesTest, ListsOfTheSameNameButAnotherHolderAreApart) {
  const auto one = Import({"Catalogue", "One", {}, true}, Rows({"a"}));
  const auto two = Import({"Catalogue", "Two", {}, true}, Rows({"a"}));
  EXPECT_NE(one.list, two.list);
  EXPECT_THAT(Keys(one.list), ElementsAre("a"));
  EXPECT_THAT(*references_.Lists(), SizeIs(2));
}

TEST_F(ReferencesTest, AnImportWithoutAGoodRowIsStillAVersion) {
  const auto receipt = Import(full_, {{1, Error(ErrorKind::kMalformed, "malformed_row", "No.")}});
  EXPECT_EQ(receipt.version, 1);
  EXPECT_EQ(references_.GetReceipt(receipt.list, 0)->rejected, 1);
  const std::int64_t generation = *references_.Generation();
  EXPECT_EQ(Import(full_, {}).version, 2);
  EXPECT_EQ(*references_.Generation(), generation);
}

TEST_F(ReferencesTest, AnExistingListKeepsThePolicyThatIsNotGiven) {
  const auto receipt = Import({"Catalogue", "Holder", Policy::kTrack, true}, {});
  EXPECT_EQ(references_.GetList(receipt.list)->policy, Policy::kTrack);
  Import(full_, {});
  EXPECT_EQ(references_.GetList(receipt.list)->policy, Policy::kTrack);
  Import({"Catalogue", "Holder", Policy::kReview, true}, {});
  EXPECT_EQ(references_.GetList(receipt.list)->policy, Policy::kReview);
  ASSERT_TRUE(references_.SetPolicy(receipt.list, Policy::kAllow).has_value());
  EXPECT_EQ(references_.GetList(receipt.list)->policy, Policy::kAllow);
  EXPECT_EQ(CodeOf(references_.SetPolicy(media::ListId::Generate(), Policy::kAllow)),
            "list_not_found");
}

TEST_F(ReferencesTest, TheNamesOfAListAreText) {
  std::string longest;
  for (int i = 0; i < 200; ++i) longest += "ß";
  EXPECT_TRUE(references_.Import({longest, "Holder", {}, true}, {}).has_value());
  EXPECT_EQ(CodeOf(references_.Import({longest + "s", "Holder", {}, true}, {})),
            "invalid_list_header");
  EXPECT_EQ(CodeOf(references_.Import({"", "Holder", {}, true}, {})), "invalid_list_header");
  const auto refused = references_.Import({"Catalogue", "\xff", {}, true}, {});
  EXPECT_EQ(CodeOf(refused), "invalid_list_header");
  EXPECT_EQ(refused.error().field, "holder");
}

TEST_F(ReferencesTest, AReceiptIsKeptForEveryVersion) {
  const auto first = Import(full_, {{2, NewReference("a")},
                                    {2, NewReference("a", media::FingerprintKind::kVideo)},
                                    {3, Error(ErrorKind::kMalformed, "malformed_row", "No.")}});
  Import(full_, Rows({"b"}));
  const media::Receipt kept = *references_.GetReceipt(first.list, 1);
  EXPECT_EQ(kept.list, first.list);
  EXPECT_EQ(kept.version, 1);
  EXPECT_EQ(kept.accepted, 2);
  EXPECT_EQ(kept.rejected, 1);
  ASSERT_THAT(kept.rows, SizeIs(3));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(kept.rows[i].line, first.rows[i].line);
    EXPECT_EQ(kept.rows[i].accepted, first.rows[i].accepted);
    EXPECT_EQ(kept.rows[i].title, first.rows[i].title);
    EXPECT_EQ(kept.rows[i].reference, first.rows[i].reference);
    EXPECT_EQ(kept.rows[i].code, first.rows[i].code);
    EXPECT_EQ(kept.rows[i].reason, first.rows[i].reason);
  }
  EXPECT_EQ(references_.GetReceipt(first.list, 0)->version, 2);
  EXPECT_EQ(CodeOf(references_.GetReceipt(first.list, 3)), "receipt_not_found");
  EXPECT_EQ(CodeOf(references_.GetReceipt(media::ListId::Generate(), 0)), "receipt_not_found");
}

TEST_F(ReferencesTest, TheIndexFollowsBySequence) {
  Import(full_, {{2, NewReference("a", media::FingerprintKind::kAudio, 1)},
                 {3, NewReference("b", media::FingerprintKind::kVideo, 2)}});
  const auto first = *references_.ActiveAfter(0, 10);
  ASSERT_THAT(first, SizeIs(2));
  EXPECT_LT(first[0].sequence, first[1].sequence);
  EXPECT_EQ(first[0].fingerprint, NewReference("a", media::FingerprintKind::kAudio, 1).fingerprint);
  EXPECT_EQ(first[1].fingerprint, NewReference("b", media::FingerprintKind::kVideo, 2).fingerprint);
  EXPECT_THAT(*references_.ActiveAfter(0, 1), SizeIs(1));
  EXPECT_THAT(*references_.ActiveAfter(first[1].sequence, 10), IsEmpty());

  const auto list = Import(delta_, {{2, NewReference("a", media::FingerprintKind::kAudio, 9)}});
  const auto added = *references_.ActiveAfter(first[1].sequence, 10);
  ASSERT_THAT(added, SizeIs(1));
  EXPECT_EQ(added[0].id.text(), list.rows[0].reference);
  EXPECT_THAT(*references_.ActiveIds(), ElementsAre(first[1].id, added[0].id));
}

TEST_F(ReferencesTest, AMatchIsDescribedAsItsListIsNow) {
  const auto receipt = Import(full_, Rows({"a"}));
  media::Match match;
  match.reference = references_.ActiveIds()->front();
  match.score = 0.5;
  ASSERT_TRUE(references_.SetPolicy(receipt.list, Policy::kTrack).has_value());
  const auto evidence = *references_.Describe(match);
  ASSERT_TRUE(evidence.has_value());
  EXPECT_EQ(evidence->match.reference, match.reference);
  EXPECT_EQ(evidence->match.score, 0.5);
  EXPECT_EQ(evidence->reference_title, "Title of a");
  EXPECT_EQ(evidence->holder_key, "a");
  EXPECT_EQ(evidence->list, receipt.list);
  EXPECT_EQ(evidence->list_name, "Catalogue");
  EXPECT_EQ(evidence->holder, "Holder");
  EXPECT_EQ(evidence->list_version, 1);
  EXPECT_EQ(evidence->policy, Policy::kTrack);
  Import(full_, Rows({"a"}));
  EXPECT_FALSE(references_.Describe(match)->has_value());
}

TEST_F(ReferencesTest, ADeletedListStopsMatching) {
  const auto receipt = Import(full_, Rows({"a"}));
  media::Match match;
  match.reference = references_.ActiveIds()->front();
  const std::int64_t generation = *references_.Generation();
  ASSERT_TRUE(references_.DeleteList(receipt.list).has_value());
  EXPECT_GT(*references_.Generation(), generation);
  EXPECT_THAT(*references_.ActiveIds(), IsEmpty());
  EXPECT_FALSE(references_.Describe(match)->has_value());
  EXPECT_EQ(CodeOf(references_.GetList(receipt.list)), "list_not_found");
  EXPECT_EQ(CodeOf(references_.ListReferences(receipt.list, 10, 0)), "list_not_found");
  EXPECT_EQ(CodeOf(references_.DeleteList(receipt.list)), "list_not_found");
  EXPECT_EQ(CodeOf(references_.GetReceipt(receipt.list, 0)), "receipt_not_found");
  EXPECT_EQ(AllEvents().back().name, "list.deleted");

  // Sequences are never given twice, also not after the newest references are gone.
  Import(full_, Rows({"a"}));
  EXPECT_EQ(references_.ActiveAfter(0, 10)->front().sequence, 2);
}

TEST_F(ReferencesTest, TenThousandRowsAreOneQuickTransaction) {
  std::vector<std::string> keys;
  for (int i = 0; i < 10'000; ++i) keys.push_back("key-" + std::to_string(i));
  const std::vector<ImportRow> rows = Rows(keys);
  const auto start = std::chrono::steady_clock::now();
  const auto receipt = Import(full_, rows);
  // Generous for a busy machine under sanitizers; row by row with a commit each it takes minutes.
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(30));
  EXPECT_EQ(references_.GetList(receipt.list)->reference_count, 10'000);
  EXPECT_THAT(references_.GetReceipt(receipt.list, 1)->rows, SizeIs(10'000));
}

}  // namespace
}  // namespace penstock::catalog
