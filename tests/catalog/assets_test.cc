#include "catalog/assets.h"

#include "catalog/fold.h"
#include "tests/catalog/catalog_fixture.h"
#include "tests/catalog/raw_sql.h"

namespace penstock::catalog {
namespace {

using media::RightsState;
using media::Stage;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AssetsTest : public CatalogTest {
 protected:
  std::vector<std::string> Titles(const AssetFilter& filter) {
    std::vector<std::string> titles;
    const auto page = assets_.List(filter);
    EXPECT_TRUE(page.has_value());
    for (const media::Asset& asset : page->items) titles.push_back(asset.title);
    return titles;
  }
  std::vector<std::string> Search(const std::string& text) {
    AssetFilter filter;
    filter.text = text;
    return Titles(filter);
  }
};

TEST_F(AssetsTest, AnUnknownAssetIsNotFound) {
  const auto unknown = media::AssetId::Generate();
  EXPECT_EQ(CodeOf(assets_.Get(unknown)), "asset_not_found");
  EXPECT_EQ(CodeOf(assets_.Update(unknown, "x", {})), "asset_not_found");
  EXPECT_EQ(CodeOf(assets_.Delete(unknown)), "asset_not_found");
  EXPECT_EQ(CodeOf(assets_.GetMediaInfo(unknown)), "asset_not_found");
  EXPECT_EQ(CodeOf(assets_.GetFingerprints(unknown)), "asset_not_found");
  EXPECT_EQ(CodeOf(assets_.GetMatches(unknown)), "asset_not_found");
  EXPECT_EQ(CodeOf(assets_.GetDecision(unknown)), "asset_not_found");
  EXPECT_EQ(CodeOf(assets_.GetPresentation(unknown)), "asset_not_found");
  EXPECT_EQ(CodeOf(assets_.PlaybackIds(unknown)), "asset_not_found");
  EXPECT_EQ(CodeOf(assets_.SettleReview(unknown, DecisionOf(RightsState::kClear))),
            "asset_not_found");
  EXPECT_EQ(CodeOf(assets_.FindByPlaybackId(media::PlaybackId::Generate())), "playback_not_found");
}

TEST_F(AssetsTest, PagesGoFromTheNewestToTheOldestWithoutGapOrRepetition) {
  for (int i = 0; i < 7; ++i) {
    NewAsset("asset " + std::to_string(i));
    if (i % 3 == 0) clock_.Advance(milliseconds(1));  // some are of the same millisecond
  }
  std::vector<std::string> seen;
  AssetFilter filter;
  filter.limit = 2;
  int pages = 0;
  do {
    const AssetPage page = *assets_.List(filter);
    for (const media::Asset& asset : page.items) seen.push_back(asset.title);
    filter.cursor = page.next;
    ++pages;
  } while (!filter.cursor.empty());
  EXPECT_EQ(pages, 4);
  EXPECT_EQ(seen.back(), "asset 0");
  EXPECT_THAT(seen, ::testing::UnorderedElementsAre("asset 0", "asset 1", "asset 2", "asset 3",
                                                    "asset 4", "asset 5", "asset 6"));
}

TEST_F(AssetsTest, ABrokenCursorIsRefused) {
  for (const char* cursor :
       {"x", "12", "12.", ".abc", "12x.abc", "12.a b", "99999999999999999999.a"}) {
    AssetFilter filter;
    filter.cursor = cursor;
    EXPECT_EQ(CodeOf(assets_.List(filter)), "invalid_cursor") << cursor;
  }
}

TEST_F(AssetsTest, TheListIsFilteredByOwnerAndStage) {
  const auto asset = NewAsset("mine");
  owner_ = media::AccountId::FromTrusted("owner-2");
  NewAsset("theirs");
  BringTo(asset, Stage::kMatch);
  AssetFilter filter;
  filter.owner = media::AccountId::FromTrusted("owner-1");
  EXPECT_THAT(Titles(filter), ElementsAre("mine"));
  filter.owner = {};
  filter.stage = Stage::kInspect;
  EXPECT_THAT(Titles(filter), ElementsAre("theirs"));
  filter.owner = media::AccountId::FromTrusted("owner-1");
  EXPECT_THAT(Titles(filter), IsEmpty());
}

TEST_F(AssetsTest, TextIsFoundWithoutCaseAndTakenLiterally) {
  NewAsset("Big Buck Bunny");
  NewAsset("Größe ÄNDERN");
  NewAsset("Война и Мир");
  NewAsset("100% _pure_!");
  EXPECT_THAT(Search("bUCK"), ElementsAre("Big Buck Bunny"));
  EXPECT_THAT(Search("ändern"), ElementsAre("Größe ÄNDERN"));
  EXPECT_THAT(Search("война"), ElementsAre("Война и Мир"));
  EXPECT_THAT(Search("0% _PURE_!"), ElementsAre("100% _pure_!"));
  EXPECT_THAT(Search("B_g"), IsEmpty());
  EXPECT_THAT(Search("%'; DROP TABLE assets; --"), IsEmpty());
  EXPECT_THAT(Search("b"), ElementsAre("Big Buck Bunny"));
}

TEST_F(AssetsTest, FoldingKeepsWhatItDoesNotKnow) {
  EXPECT_EQ(FoldCase("ABC xyz ÀÞ×÷ß ŁŽŸŇ ΆΩ ЁЯ 日本 \xff\xc3"),
            "abc xyz àþ×÷ß łžÿň άω ёя 日本 \xff\xc3");
}

TEST_F(AssetsTest, AnUpdateChangesWhatIsGiven) {
  const auto asset = NewAsset("Before");
  clock_.Advance(seconds(1));
  ASSERT_TRUE(assets_.Update(asset, "After", {}).has_value());
  EXPECT_EQ(assets_.Get(asset)->title, "After");
  EXPECT_EQ(assets_.Get(asset)->visibility, media::Visibility::kPublic);
  EXPECT_EQ(assets_.Get(asset)->updated, clock_.Now());
  EXPECT_THAT(Search("after"), ElementsAre("After"));
  ASSERT_TRUE(assets_.Update(asset, {}, media::Visibility::kPrivate).has_value());
  EXPECT_EQ(assets_.Get(asset)->title, "After");
  EXPECT_EQ(assets_.Get(asset)->visibility, media::Visibility::kPrivate);
  EXPECT_EQ(AllEvents().back().name, "asset.updated");
  EXPECT_THAT(AllEvents().back().data, HasSubstr("\"visibility\":\"private\""));
}

TEST_F(AssetsTest, ADeletedAssetLeavesNothingBehindButItsUploadAndEvents) {
  const media::Upload upload = NewUpload();
  ASSERT_TRUE(uploads_.Create(upload).has_value());
  ASSERT_TRUE(uploads_.Complete(upload.id, 1, "aa", "source/x").has_value());
  BringTo(upload.asset, Stage::kFingerprint);
  ASSERT_TRUE(tasks_
                  .CompleteFingerprint(Acquire(upload.asset, Stage::kFingerprint),
                                       {media::Fingerprint{}}, {})
                  .has_value());
  BringTo(upload.asset, Stage::kReady);
  const auto playback = assets_.PlaybackIds(upload.asset)->front();
  ASSERT_TRUE(assets_.Delete(upload.asset).has_value());

  EXPECT_EQ(CodeOf(assets_.Get(upload.asset)), "asset_not_found");
  EXPECT_EQ(CodeOf(assets_.FindByPlaybackId(playback)), "playback_not_found");
  EXPECT_TRUE(uploads_.Get(upload.id).has_value());
  EXPECT_EQ(AllEvents().back().name, "asset.deleted");
  EXPECT_EQ(AllEvents().back().owner, owner_.text());
  for (const char* table : {"asset_documents", "fingerprints", "playback_ids"}) {
    EXPECT_EQ(QuerySql(*database_, std::string("SELECT COUNT(*) FROM ") + table), "0") << table;
  }
}

TEST_F(AssetsTest, WhatTheStagesFoundComesBack) {
  const auto asset = NewAsset();
  EXPECT_FALSE(assets_.GetMediaInfo(asset)->has_value());
  EXPECT_FALSE(assets_.GetDecision(asset)->has_value());
  EXPECT_FALSE(assets_.GetPresentation(asset)->has_value());
  EXPECT_THAT(*assets_.GetMatches(asset), IsEmpty());
  EXPECT_THAT(*assets_.GetFingerprints(asset), IsEmpty());

  media::MediaInfo info;
  info.container = "matroska,webm";
  ASSERT_TRUE(tasks_.CompleteInspect(Acquire(asset, Stage::kInspect), info).has_value());
  media::Fingerprint audio;
  audio.audio = {1, 0xFFFFFFFF, 3};
  media::Fingerprint other;  // of a second track
  other.audio = {4, 5, 6};
  media::Fingerprint video;
  video.kind = media::FingerprintKind::kVideo;
  video.frames = {{milliseconds(40), {1, 2, 3, ~std::uint64_t{0}}, 90}};
  ASSERT_TRUE(
      tasks_.CompleteFingerprint(Acquire(asset, Stage::kFingerprint), {video, audio, other}, {})
          .has_value());
  media::MatchEvidence evidence;
  evidence.holder = "Holder";
  evidence.match.score = 0.75;
  ASSERT_TRUE(tasks_.CompleteMatch(Acquire(asset, Stage::kMatch), {evidence}, 0).has_value());
  BringTo(asset, Stage::kReady);

  EXPECT_EQ((*assets_.GetMediaInfo(asset))->container, "matroska,webm");
  EXPECT_THAT(*assets_.GetFingerprints(asset), ElementsAre(audio, other, video));
  ASSERT_THAT(*assets_.GetMatches(asset), SizeIs(1));
  EXPECT_EQ(assets_.GetMatches(asset)->front().match.score, 0.75);
  EXPECT_EQ((*assets_.GetDecision(asset))->rule, "no_match");
  EXPECT_EQ((*assets_.GetPresentation(asset))->renditions.front().segments.size(), 2U);
}

TEST_F(AssetsTest, AReviewIsSettledEitherWay) {
  const auto cleared = NewAsset();
  BringTo(cleared, Stage::kReview);
  EXPECT_EQ(assets_.Get(cleared)->rights, RightsState::kReview);
  media::Decision decision = DecisionOf(RightsState::kClear);
  decision.rule = "manual";
  ASSERT_TRUE(assets_.SettleReview(cleared, decision).has_value());
  EXPECT_EQ(assets_.Get(cleared)->stage, Stage::kTranscode);
  EXPECT_EQ(assets_.Get(cleared)->rights, RightsState::kClear);
  EXPECT_EQ((*assets_.GetDecision(cleared))->rule, "manual");
  EXPECT_EQ(CodeOf(assets_.SettleReview(cleared, decision)), "not_in_review");

  const auto blocked = NewAsset();
  BringTo(blocked, Stage::kReview);
  ASSERT_TRUE(assets_.SettleReview(blocked, DecisionOf(RightsState::kBlocked)).has_value());
  EXPECT_EQ(assets_.Get(blocked)->stage, Stage::kBlocked);
  EXPECT_EQ(assets_.Get(blocked)->error_code, "rights_blocked");
  EXPECT_EQ(AllEvents().back().name, "asset.blocked");
}

TEST_F(AssetsTest, AReviewIsNotSettledByAnotherReview) {
  const auto asset = NewAsset();
  BringTo(asset, Stage::kReview);
  EXPECT_EQ(CodeOf(assets_.SettleReview(asset, DecisionOf(RightsState::kReview))), "undecided");
  EXPECT_EQ(CodeOf(assets_.SettleReview(asset, DecisionOf(RightsState::kPending))), "undecided");
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kReview);
}

}  // namespace
}  // namespace penstock::catalog
