#include "catalog/references.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

#include "base/process.h"
#include "tests/catalog/catalog_fixture.h"
#include "tests/catalog/raw_sql.h"

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
                                       std::uint32_t content = 0) {
    // Every work has content of its own.
    if (content == 0) content = static_cast<std::uint32_t>(std::hash<std::string>()(key));
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
  std::vector<media::ReferenceId> Members(const media::ListId& list) {
    const auto found = references_.GetList(list);
    if (!found) return {};
    return *references_.Members(list, found->version);
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
  const std::vector<media::ReferenceId> before = Members(first.list);
  std::vector<ImportRow> rows = Rows({"b", "c"});
  std::get<media::Reference>(rows[0].content).title = "New title";
  Import(delta_, rows);
  EXPECT_THAT(Keys(first.list), ElementsAre("a", "b", "c"));
  EXPECT_EQ(references_.ListReferences(first.list, 1, 1)->front().title, "New title");
  const std::vector<media::ReferenceId> after = Members(first.list);
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
  const auto receipt = Import(full_, {{1, NewReference("", media::FingerprintKind::kAudio, 1)},
                                      {2, NewReference("", media::FingerprintKind::kAudio, 2)}});
  EXPECT_EQ(receipt.accepted, 2);
  EXPECT_THAT(Keys(receipt.list),
              ElementsAre(receipt.rows[0].reference, receipt.rows[1].reference));
}

TEST_F(ReferencesTest, ListsOfTheSameNameButAnotherHolderAreApart) {
  const auto one = Import({"Catalogue", "One", {}, true}, Rows({"a"}));
  const auto two = Import({"Catalogue", "Two", {}, true}, Rows({"b"}));
  EXPECT_NE(one.list, two.list);
  EXPECT_THAT(Keys(one.list), ElementsAre("a"));
  EXPECT_THAT(*references_.Lists(), SizeIs(2));
}

TEST_F(ReferencesTest, AnImportWithoutAGoodRowIsStillAVersionOfAListWithoutWorks) {
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

TEST_F(ReferencesTest, AVersionsMembersAreLoadedById) {
  const auto first = Import(full_, {{2, NewReference("a", media::FingerprintKind::kAudio, 1)},
                                    {3, NewReference("b", media::FingerprintKind::kVideo, 2)}});
  const auto ids = Members(first.list);
  const auto loaded = *references_.Load(ids);
  ASSERT_THAT(loaded, SizeIs(2));
  EXPECT_EQ(loaded[0].id, ids[0]);
  EXPECT_EQ(loaded[0].fingerprint,
            NewReference("a", media::FingerprintKind::kAudio, 1).fingerprint);
  EXPECT_EQ(loaded[1].fingerprint,
            NewReference("b", media::FingerprintKind::kVideo, 2).fingerprint);
  EXPECT_THAT(*references_.Load(std::vector{media::ReferenceId::Generate()}), IsEmpty());

  const auto list = Import(delta_, {{2, NewReference("a", media::FingerprintKind::kAudio, 9)}});
  const auto now = Members(first.list);
  EXPECT_THAT(now, ElementsAre(ids[1], media::ReferenceId::FromTrusted(list.rows[0].reference)));
}

TEST_F(ReferencesTest, ARowThatCannotBeReadKeepsItsWorkInAFullList) {
  const auto first = Import(full_, Rows({"a", "b"}));
  ImportRow refused{3, Error(ErrorKind::kMalformed, "malformed_row", "the row is not well formed")};
  refused.refused_key = "b";
  const auto second = Import(full_, {{2, NewReference("c")}, refused});
  EXPECT_EQ(second.accepted, 1);
  EXPECT_EQ(second.rejected, 1);
  EXPECT_THAT(Keys(first.list), ElementsAre("b", "c"));
}

TEST_F(ReferencesTest, AFullListOfWhichNoRowIsAcceptedChangesNothing) {
  const auto first = Import(full_, Rows({"a", "b"}));
  const auto refused = references_.Import(
      full_, {{2, Error(ErrorKind::kMalformed, "malformed_row", "the row is not well formed")}});
  EXPECT_EQ(CodeOf(refused), "no_row_accepted");
  EXPECT_THAT(refused.error().message, HasSubstr("line 2"));
  EXPECT_THAT(Keys(first.list), ElementsAre("a", "b"));
  EXPECT_EQ(references_.GetList(first.list)->version, 1);
  Import(full_, {});
  EXPECT_THAT(Keys(first.list), IsEmpty());
}

TEST_F(ReferencesTest, AFollowerSeesEveryReferenceInOrderAndMissesWhatIsGone) {
  const auto first = Import(full_, Rows({"a", "b"}));
  const std::int64_t sequence = references_.Revision()->sequence;
  const auto all = *references_.After(0, 10);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(*references_.Count(), 2);
  EXPECT_LT(all[0].sequence, all[1].sequence);
  EXPECT_EQ(all[1].sequence, sequence);
  EXPECT_EQ(all[1].id, Members(first.list)[1]);
  EXPECT_FALSE(all[1].fingerprint.empty());
  EXPECT_THAT(*references_.After(0, 1), SizeIs(1));
  EXPECT_THAT(*references_.After(sequence, 10), IsEmpty());

  // A version under way is seen before it matches.
  auto staging = *references_.Stage(delta_);
  ASSERT_TRUE(staging->Add(Rows({"c"})).has_value());
  EXPECT_THAT(*references_.After(sequence, 10), SizeIs(1));
  ASSERT_TRUE(staging->Commit().has_value());

  const std::vector ids{all[0].id, media::ReferenceId::Generate()};
  EXPECT_THAT(*references_.Missing(ids), ElementsAre(ids[1]));
  const std::int64_t removals = references_.Revision()->removals;
  ASSERT_TRUE(references_.DeleteList(first.list).has_value());
  EXPECT_THAT(*references_.Missing(ids), SizeIs(2));
  EXPECT_EQ(*references_.Count(), 0);
  EXPECT_GT(references_.Revision()->removals, removals);
}

TEST_F(ReferencesTest, AMatchIsDescribedAsItsListIsNow) {
  const auto receipt = Import(full_, Rows({"a"}));
  media::Match match;
  match.reference = Members(receipt.list).front();
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
  Import(full_, Rows({"b"}));
  EXPECT_FALSE(references_.Describe(match)->has_value());
}

TEST_F(ReferencesTest, ADeletedListStopsMatching) {
  const auto receipt = Import(full_, Rows({"a"}));
  media::Match match;
  match.reference = Members(receipt.list).front();
  const std::int64_t generation = *references_.Generation();
  ASSERT_TRUE(references_.DeleteList(receipt.list).has_value());
  EXPECT_GT(*references_.Generation(), generation);
  EXPECT_FALSE(references_.Describe(match)->has_value());
  EXPECT_EQ(CodeOf(references_.GetList(receipt.list)), "list_not_found");
  EXPECT_EQ(CodeOf(references_.ListReferences(receipt.list, 10, 0)), "list_not_found");
  EXPECT_EQ(CodeOf(references_.DeleteList(receipt.list)), "list_not_found");
  EXPECT_EQ(CodeOf(references_.GetReceipt(receipt.list, 0)), "receipt_not_found");
  EXPECT_EQ(AllEvents().back().name, "list.deleted");

  // Its name is free at once.
  EXPECT_NE(Import(full_, Rows({"a"})).list, receipt.list);
}

TEST_F(ReferencesTest, AnUnchangedRowKeepsItsReference) {
  const auto first = Import(full_, Rows({"a", "b"}));
  const std::int64_t generation = *references_.Generation();
  const auto second = Import(full_, Rows({"a", "b"}));
  EXPECT_EQ(second.rows[0].reference, first.rows[0].reference);
  EXPECT_EQ(*references_.Generation(), generation);
  EXPECT_EQ(references_.GetList(first.list)->reference_count, 2);
}

TEST_F(ReferencesTest, NothingOfAStagedVersionMatchesBeforeItIsCommitted) {
  const auto first = Import(full_, Rows({"a", "b"}));
  {
    auto staging = *references_.Stage(full_);
    ASSERT_TRUE(staging->Add(Rows({"b", "c"})).has_value());
    EXPECT_THAT(Keys(first.list), ElementsAre("a", "b"));
    EXPECT_EQ(CodeOf(references_.Stage(full_)), "list_busy");
    EXPECT_EQ(CodeOf(references_.Rollback(first.list, 1)), "list_busy");
  }
  EXPECT_THAT(Keys(first.list), ElementsAre("a", "b"));
  const auto next = Import(delta_, Rows({"c"}));
  EXPECT_EQ(next.version, 3);
  EXPECT_THAT(Keys(first.list), ElementsAre("a", "b", "c"));
  EXPECT_EQ(CodeOf(references_.GetReceipt(first.list, 2)), "receipt_not_found");
}

TEST_F(ReferencesTest, NothingIsLeftOfAVersionThatIsNotCommitted) {
  const auto first = Import(full_, Rows({"a", "b"}));
  {
    auto staging = *references_.Stage(delta_);
    ASSERT_TRUE(staging->Add({{{2, Withdrawal{"a", {}}}, {3, NewReference("c")}}}).has_value());
  }
  EXPECT_EQ(QuerySql(*database_, "SELECT COUNT(*) FROM list_references"), "2");
  EXPECT_EQ(QuerySql(*database_, "SELECT COUNT(*) FROM receipt_rows WHERE version = 2"), "0");
  EXPECT_EQ(QuerySql(*database_, "SELECT COUNT(*) FROM list_references WHERE removed = 2"), "0");
  EXPECT_THAT(Keys(first.list), ElementsAre("a", "b"));
}

TEST_F(ReferencesTest, NothingIsLeftOfAListWhoseFirstVersionIsNotCommitted) {
  {
    auto staging = *references_.Stage(full_);
    ASSERT_TRUE(staging->Add(Rows({"a"})).has_value());
  }
  EXPECT_EQ(QuerySql(*database_, "SELECT COUNT(*) FROM lists"), "0");
  EXPECT_EQ(QuerySql(*database_, "SELECT COUNT(*) FROM list_references"), "0");
}

TEST_F(ReferencesTest, APreviewIsTheReceiptThatCommitWouldGive) {
  const auto first = Import(full_, Rows({"a", "b"}));
  const auto generation = *references_.Generation();
  {
    auto staging = *references_.Stage(full_);
    ASSERT_TRUE(staging->Add(Rows({"b", "b", "c", "d"})).has_value());
    const auto preview = staging->Preview();
    EXPECT_EQ(preview->version, 2);
    EXPECT_EQ(preview->accepted, 3);
    EXPECT_EQ(preview->rejected, 1);
    EXPECT_EQ(preview->references, 3);
  }
  EXPECT_THAT(Keys(first.list), ElementsAre("a", "b"));
  EXPECT_EQ(*references_.Generation(), generation);
}

TEST_F(ReferencesTest, AVersionTellsWhoseKeySignedIt) {
  auto staging = *references_.Stage(full_);
  ASSERT_TRUE(staging->Add(Rows({"a"})).has_value());
  const auto receipt = *staging->Commit("0123456789abcdef");
  Import(full_, Rows({"a"}));
  const auto versions = *references_.Versions(receipt.list);
  EXPECT_EQ(versions[0].signed_by, "");
  EXPECT_EQ(versions[1].signed_by, "0123456789abcdef");
}

TEST_F(ReferencesTest, AnImportThatDiedIsTakenOverAfterAMinute) {
  const auto first = Import(full_, Rows({"a"}));
  auto dead = *references_.Stage(full_);
  ASSERT_TRUE(dead->Add(Rows({"b"})).has_value());
  clock_.Advance(seconds(61));
  Import(full_, Rows({"c"}));
  EXPECT_THAT(Keys(first.list), ElementsAre("c"));
  EXPECT_EQ(CodeOf(dead->Commit()), "list_busy");
  EXPECT_EQ(CodeOf(dead->Add(Rows({"d"}))), "list_busy");
  EXPECT_THAT(Keys(first.list), ElementsAre("c"));
}

TEST_F(ReferencesTest, AnImportWhoseProcessHasEndedIsTakenOverAtOnce) {
  const auto first = Import(full_, Rows({"a"}));
  auto dead = *references_.Stage(full_);
  ASSERT_TRUE(dead->Add(Rows({"b"})).has_value());
  // A process of this boot that started at another time than the one of that number.
  std::string process = ThisProcess();
  process += "9";
  RunSql(*database_, "UPDATE lists SET staging_by = '" + process + "'");
  Import(full_, Rows({"c"}));
  EXPECT_THAT(Keys(first.list), ElementsAre("c"));
  EXPECT_EQ(CodeOf(dead->Add(Rows({"d"}))), "list_busy");
}

TEST_F(ReferencesTest, ARollbackBringsAVersionBackAndCanBeTakenBack) {
  const auto first = Import(full_, Rows({"a", "b"}));
  Import(full_, Rows({"b", "c"}));
  Import(delta_, Rows({"d"}));
  const std::int64_t generation = *references_.Generation();
  ASSERT_TRUE(references_.Rollback(first.list, 1).has_value());
  EXPECT_GT(*references_.Generation(), generation);
  EXPECT_THAT(Keys(first.list), ElementsAre("a", "b"));
  EXPECT_EQ(references_.GetList(first.list)->reference_count, 2);
  EXPECT_EQ(references_.GetReceipt(first.list, 0)->version, 1);
  EXPECT_EQ(AllEvents().back().name, "list.rolled_back");
  EXPECT_EQ(AllEvents().back().data, R"({"holder":"Holder","list":"Catalogue","version":1})");
  ASSERT_TRUE(references_.Rollback(first.list, 3).has_value());
  EXPECT_THAT(Keys(first.list), ElementsAre("b", "c", "d"));
  EXPECT_EQ(CodeOf(references_.Rollback(first.list, 4)), "version_not_found");
  EXPECT_EQ(CodeOf(references_.Rollback(media::ListId::Generate(), 1)), "list_not_found");
}

TEST_F(ReferencesTest, AnImportAfterARollbackBuildsOnTheVersionThatIsActive) {
  const auto first = Import(full_, Rows({"a", "b"}));
  Import(full_, Rows({"c"}));
  ASSERT_TRUE(references_.Rollback(first.list, 1).has_value());
  EXPECT_EQ(Import(delta_, Rows({"d"})).version, 3);
  EXPECT_THAT(Keys(first.list), ElementsAre("a", "b", "d"));
  const auto versions = *references_.Versions(first.list);
  ASSERT_THAT(versions, SizeIs(3));
  EXPECT_EQ(versions[0].version, 3);
  EXPECT_TRUE(versions[0].active);
  EXPECT_EQ(versions[0].references, 3);
  EXPECT_FALSE(versions[1].available);
  EXPECT_TRUE(versions[2].available);
  EXPECT_EQ(CodeOf(references_.Rollback(first.list, 2)), "version_not_found");
  EXPECT_EQ(references_.GetReceipt(first.list, 2)->accepted, 1);
}

TEST_F(ReferencesTest, TheLastTenVersionsAreKept) {
  const media::ListId list = Import(full_, Rows({"k1"})).list;
  for (int i = 2; i <= 12; ++i) Import(full_, Rows({"k" + std::to_string(i)}));
  EXPECT_EQ(CodeOf(references_.Rollback(list, 1)), "version_not_found");
  ASSERT_TRUE(references_.Rollback(list, 2).has_value());
  EXPECT_THAT(Keys(list), ElementsAre("k2"));
  EXPECT_EQ(references_.GetReceipt(list, 1)->accepted, 1);
}

TEST_F(ReferencesTest, ADeltaWithdraws) {
  const auto first = Import(full_, {{2, NewReference("a")},
                                    {3, NewReference("a", media::FingerprintKind::kVideo)},
                                    {4, NewReference("b")}});
  const auto audio = media::FingerprintKind::kAudio;
  const auto receipt = Import(
      delta_, {{2, Withdrawal{"a", audio}}, {3, Withdrawal{"b", {}}}, {4, Withdrawal{"x", {}}}});
  EXPECT_EQ(receipt.accepted, 2);
  EXPECT_EQ(receipt.rows[2].code, "unknown_reference");
  EXPECT_THAT(Keys(first.list), ElementsAre("a"));
  EXPECT_EQ(Import(full_, {{2, Withdrawal{"a", {}}}, {3, NewReference("c")}}).rows[0].code,
            "withdrawal_in_full_list");
}

TEST_F(ReferencesTest, TheSameFingerprintTwiceIsADuplicateOfTheHolder) {
  const auto audio = media::FingerprintKind::kAudio;
  Import(full_, {{2, NewReference("a", audio, 5)}});
  const ListHeader other{"Another", "Holder", {}, true};
  const auto receipt = Import(other, {{2, NewReference("x", audio, 5)},
                                      {3, NewReference("y", audio, 6)},
                                      {4, NewReference("z", audio, 6)}});
  EXPECT_EQ(receipt.rows[0].code, "duplicate");
  EXPECT_THAT(receipt.rows[0].reason, HasSubstr("\"a\" in the list \"Catalogue\""));
  EXPECT_TRUE(receipt.rows[1].accepted);
  EXPECT_EQ(receipt.rows[2].code, "duplicate");
  // What a full list brings under another key is not a duplicate of what it thereby withdraws.
  EXPECT_EQ(Import(other, {{2, NewReference("w", audio, 6)}}).accepted, 1);
  EXPECT_EQ(Import({"Another", "Holder", {}, false}, {{2, NewReference("v", audio, 6)}}).accepted,
            0);
}

TEST_F(ReferencesTest, AnotherHoldersFingerprintIsPutOnHold) {
  const auto audio = media::FingerprintKind::kAudio;
  const auto first = Import(full_, {{2, NewReference("a", audio, 5)}});
  const ListHeader other{"Catalogue", "Another", {}, true};
  const auto receipt = Import(other, {{2, NewReference("x", audio, 5)}});
  EXPECT_FALSE(receipt.rows[0].accepted);
  EXPECT_EQ(receipt.rows[0].code, "duplicate_on_hold");
  EXPECT_NE(receipt.rows[0].reference, "");
  EXPECT_THAT(Members(receipt.list), IsEmpty());
  EXPECT_THAT(Members(first.list), SizeIs(1));
  // Once the other is gone, the next import settles it.
  ASSERT_TRUE(references_.DeleteList(first.list).has_value());
  EXPECT_TRUE(Import(other, {{2, NewReference("x", audio, 5)}}).rows[0].accepted);
  EXPECT_THAT(Members(receipt.list), SizeIs(1));
}

TEST_F(ReferencesTest, ExcludedStretchesAreNoMatch) {
  media::Reference reference = NewReference("a");
  reference.excluded = {{seconds(10), seconds(20)}};
  const auto receipt = Import(full_, {{2, reference}});
  EXPECT_EQ(references_.ListReferences(receipt.list, 1, 0)->front().excluded, reference.excluded);
  EXPECT_EQ(references_.Load(Members(receipt.list))->front().excluded, reference.excluded);
  media::Match match;
  match.reference = Members(receipt.list).front();
  match.score = 0.9;
  match.segments = {{seconds(111), seconds(119), seconds(11), seconds(19), 0.9}};
  EXPECT_FALSE(references_.Describe(match)->has_value());
  match.segments = {{seconds(100), seconds(130), seconds(0), seconds(30), 0.9}};
  const auto evidence = *references_.Describe(match);
  ASSERT_TRUE(evidence.has_value());
  ASSERT_THAT(evidence->match.segments, SizeIs(2));
  EXPECT_EQ(evidence->match.segments[0].upload_end, seconds(110));
  EXPECT_EQ(evidence->match.segments[1].upload_start, seconds(120));
  EXPECT_EQ(evidence->match.segments[1].reference_start, seconds(20));
}

TEST_F(ReferencesTest, ARemovalThatWasCutOffIsFinished) {
  const auto receipt = Import(full_, Rows({"a"}));
  RunSql(*database_, "UPDATE lists SET deleted = 1, name = id");
  EXPECT_EQ(CodeOf(references_.GetList(receipt.list)), "list_not_found");
  ASSERT_TRUE(references_.RemoveDeletedLists().has_value());
  EXPECT_EQ(QuerySql(*database_, "SELECT CAST(COUNT(*) AS TEXT) FROM list_references"), "0");
}

TEST_F(ReferencesTest, OthersWriteWhileALargeListComesAndGoes) {
  std::vector<std::string> keys;
  for (int i = 0; i < 10'000; ++i) keys.push_back("key-" + std::to_string(i));
  const std::vector<ImportRow> rows = Rows(keys);
  std::atomic<bool> done = false;
  std::chrono::steady_clock::duration longest{};
  std::thread other([&] {
    while (!done) {
      const auto start = std::chrono::steady_clock::now();
      EXPECT_TRUE(database_->Write([](soci::session&) -> Status { return {}; }));
      longest = std::max(longest, std::chrono::steady_clock::now() - start);
      std::this_thread::sleep_for(milliseconds(5));
    }
  });
  const auto start = std::chrono::steady_clock::now();
  const auto receipt = Import(full_, rows);
  EXPECT_EQ(references_.GetList(receipt.list)->reference_count, 10'000);
  EXPECT_THAT(references_.GetReceipt(receipt.list, 1)->rows, SizeIs(10'000));
  Import(full_, Rows({"a"}));
  ASSERT_TRUE(references_.Rollback(receipt.list, 1).has_value());
  EXPECT_TRUE(references_.DeleteList(receipt.list).has_value());
  const auto whole = std::chrono::steady_clock::now() - start;
  done = true;
  other.join();
  RecordProperty("longest_wait_ms", static_cast<int>(longest / milliseconds(1)));
  // A share, for machines of any speed; in one transaction the import alone is about half.
  EXPECT_LT(longest, whole / 4);
}

}  // namespace
}  // namespace penstock::catalog
