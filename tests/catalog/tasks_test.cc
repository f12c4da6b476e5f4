#include "catalog/tasks.h"

#include "tests/catalog/catalog_fixture.h"
#include "tests/catalog/raw_sql.h"

namespace penstock::catalog {
namespace {

using media::Stage;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using TasksTest = CatalogTest;

TEST_F(TasksTest, AnAssetGoesTheWholeWayWithItsEventsInOrder) {
  const media::AssetId asset = NewAsset();
  BringTo(asset, Stage::kReady);

  const media::Asset ready = *assets_.Get(asset);
  EXPECT_EQ(ready.stage, Stage::kReady);
  EXPECT_EQ(ready.rights, media::RightsState::kClear);
  EXPECT_EQ(ready.duration, milliseconds(6000));
  EXPECT_THAT(EventNames(), ElementsAre("upload.completed", "asset.created", "asset.progressed",
                                        "asset.progressed", "asset.progressed", "asset.decided",
                                        "asset.progressed", "asset.ready"));
  const std::vector<media::PlaybackId> playback = *assets_.PlaybackIds(asset);
  ASSERT_THAT(playback, SizeIs(1));
  const Event last = AllEvents().back();
  EXPECT_EQ(last.subject, asset.text());
  EXPECT_EQ(last.owner, owner_.text());
  EXPECT_EQ(last.data,
            "{\"stage\":\"ready\",\"percent\":0,\"seconds\":0.000,\"rights\":\"clear\",\"status\":"
            "\"ready\","
            "\"playback_id\":\"" +
                playback.front().text() + "\"}");
  EXPECT_EQ(assets_.FindByPlaybackId(playback.front())->id, asset);
}

TEST_F(TasksTest, ALeaseIsForOneWorkerAtATime) {
  const media::AssetId asset = NewAsset();
  const Lease lease = Acquire(asset, Stage::kInspect);
  EXPECT_EQ(lease.fence, 1);
  EXPECT_EQ(lease.attempt, 1);
  EXPECT_FALSE(tasks_.Acquire(asset, Stage::kInspect, "w2", kLease)->has_value());
  clock_.Advance(kLease - milliseconds(1));
  EXPECT_FALSE(tasks_.Acquire(asset, Stage::kInspect, "w2", kLease)->has_value());
  clock_.Advance(milliseconds(1));
  const Lease next = Acquire(asset, Stage::kInspect, "w2");
  EXPECT_EQ(next.fence, 2);
  EXPECT_EQ(next.attempt, 2);
}

TEST_F(TasksTest, ALeaseIsOnlyForTheStageOfTheAsset) {
  const media::AssetId asset = NewAsset();
  EXPECT_FALSE(tasks_.Acquire(asset, Stage::kMatch, "w1", kLease)->has_value());
  EXPECT_FALSE(
      tasks_.Acquire(media::AssetId::Generate(), Stage::kInspect, "w1", kLease)->has_value());
  BringTo(asset, Stage::kReview);
  EXPECT_FALSE(tasks_.Acquire(asset, Stage::kReview, "w1", kLease)->has_value());
}

TEST_F(TasksTest, AStaleLeaseIsRefusedAndChangesNothing) {
  const media::AssetId asset = NewAsset();
  const Lease stale = Acquire(asset, Stage::kInspect);
  clock_.Advance(kLease);
  const Lease live = Acquire(asset, Stage::kInspect, "w2");
  const auto events = EventNames();

  const Error error(ErrorKind::kInternal, "broken", "It broke.");
  for (const Status& status :
       {tasks_.Heartbeat(stale, kLease), tasks_.Progress(stale, 50),
        tasks_.CompleteInspect(stale, {}), tasks_.CompleteFingerprint(stale, {}, {}),
        tasks_.CompleteMatch(stale, {}, 0),
        tasks_.CompleteDecide(stale, DecisionOf(media::RightsState::kClear)),
        tasks_.CompletePlan(stale, {}), tasks_.Replan(stale, {}), tasks_.CompletePart(stale, {}),
        tasks_.CompletePublish(stale, 0), tasks_.Fail(stale, error),
        tasks_.Retry(stale, error, seconds(1)), tasks_.Release(stale)}) {
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().kind, ErrorKind::kLeaseLost);
  }

  EXPECT_EQ(EventNames(), events);
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kInspect);
  EXPECT_EQ(assets_.Get(asset)->percent, 0);
  EXPECT_FALSE(assets_.GetMediaInfo(asset)->has_value());
  EXPECT_FALSE(assets_.GetDecision(asset)->has_value());
  EXPECT_TRUE(tasks_.CompleteInspect(live, {}).has_value());
}

TEST_F(TasksTest, AResultForAnotherStageThanTheLeaseIsRefused) {
  const media::AssetId asset = NewAsset();
  const Lease lease = Acquire(asset, Stage::kInspect);
  EXPECT_EQ(CodeOf(tasks_.CompletePublish(lease, 0)), "lease_lost");
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kInspect);
}

TEST_F(TasksTest, AResultIsTakenOnce) {
  const media::AssetId asset = NewAsset();
  const Lease lease = Acquire(asset, Stage::kInspect);
  EXPECT_TRUE(tasks_.CompleteInspect(lease, {}).has_value());
  EXPECT_EQ(CodeOf(tasks_.CompleteInspect(lease, {})), "lease_lost");
}

TEST_F(TasksTest, ALateResultCountsWhileNobodyElseHasTakenTheTask) {
  const media::AssetId asset = NewAsset();
  const Lease lease = Acquire(asset, Stage::kInspect);
  clock_.Advance(kLease * 2);
  EXPECT_TRUE(tasks_.CompleteInspect(lease, {}).has_value());
}

TEST_F(TasksTest, AHeartbeatExtendsTheLease) {
  const media::AssetId asset = NewAsset();
  const Lease lease = Acquire(asset, Stage::kInspect);
  clock_.Advance(kLease - seconds(1));
  ASSERT_TRUE(tasks_.Heartbeat(lease, kLease).has_value());
  clock_.Advance(kLease - seconds(1));
  EXPECT_FALSE(tasks_.Acquire(asset, Stage::kInspect, "w2", kLease)->has_value());
  clock_.Advance(seconds(1));
  EXPECT_TRUE(tasks_.Acquire(asset, Stage::kInspect, "w2", kLease)->has_value());
}

TEST_F(TasksTest, ProgressIsAnEventOnlyWhenThePercentChanges) {
  const media::AssetId asset = NewAsset();
  const Lease lease = Acquire(asset, Stage::kInspect);
  const std::int64_t before = *events_.Latest();
  for (const int percent : {0, 42, 42, 250}) {
    ASSERT_TRUE(tasks_.Progress(lease, percent).has_value());
  }
  const auto events = *events_.After(before, "", 10);
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(
      events[0].data,
      R"({"stage":"inspect","percent":42,"seconds":0.000,"rights":"pending","status":"preparing"})");
  EXPECT_THAT(events[1].data, HasSubstr("\"percent\":100"));
}

TEST_F(TasksTest, ARetryWaitsForItsTimeAndCountsTheAttempt) {
  const media::AssetId asset = NewAsset();
  const Lease lease = Acquire(asset, Stage::kInspect);
  ASSERT_TRUE(
      tasks_.Retry(lease, Error(ErrorKind::kUnavailable, "No disk."), seconds(10)).has_value());
  EXPECT_THAT(*tasks_.Runnable(10), IsEmpty());
  EXPECT_FALSE(tasks_.Acquire(asset, Stage::kInspect, "w1", kLease)->has_value());
  const Task waiting = tasks_.List(false, 10)->front();
  EXPECT_EQ(waiting.worker, "");
  EXPECT_EQ(waiting.not_before, clock_.Now() + seconds(10));
  EXPECT_EQ(waiting.last_error, "unavailable: No disk.");

  clock_.Advance(seconds(10));
  EXPECT_THAT(*tasks_.Runnable(10), SizeIs(1));
  EXPECT_EQ(Acquire(asset, Stage::kInspect).attempt, 2);
}

TEST_F(TasksTest, AReleaseDoesNotCountTheAttempt) {
  const media::AssetId asset = NewAsset();
  ASSERT_TRUE(tasks_.Release(Acquire(asset, Stage::kInspect)).has_value());
  const Lease again = Acquire(asset, Stage::kInspect);
  EXPECT_EQ(again.attempt, 1);
  EXPECT_EQ(again.fence, 2);
}

TEST_F(TasksTest, AttemptsCountPerStage) {
  const media::AssetId asset = NewAsset();
  Acquire(asset, Stage::kInspect);
  clock_.Advance(kLease);
  ASSERT_TRUE(tasks_.CompleteInspect(Acquire(asset, Stage::kInspect), {}).has_value());
  EXPECT_EQ(Acquire(asset, Stage::kFingerprint).attempt, 1);
}

TEST_F(TasksTest, AFailedAssetIsErroredAndGoesBackToItsStageWhenRequeued) {
  const media::AssetId asset = NewAsset();
  BringTo(asset, Stage::kTranscode);
  ASSERT_TRUE(tasks_
                  .Fail(Acquire(asset, Stage::kTranscode),
                        Error(ErrorKind::kMalformed, "no_video", "It has no picture \"at all\"."))
                  .has_value());
  const media::Asset errored = *assets_.Get(asset);
  EXPECT_EQ(errored.stage, Stage::kErrored);
  EXPECT_EQ(errored.error_code, "no_video");
  EXPECT_EQ(errored.error_message, "It has no picture \"at all\".");
  EXPECT_EQ(AllEvents().back().name, "asset.errored");
  EXPECT_EQ(AllEvents().back().data,
            R"({"stage":"errored","percent":0,"seconds":0.000,"rights":"clear","status":"errored",)"
            R"("code":"no_video","message":"It has no picture \"at all\"."})");
  EXPECT_THAT(*tasks_.List(false, 10), IsEmpty());
  ASSERT_THAT(*tasks_.List(true, 10), SizeIs(1));
  EXPECT_THAT(*tasks_.Runnable(10), IsEmpty());

  ASSERT_TRUE(tasks_.Requeue(asset).has_value());
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kTranscode);
  EXPECT_EQ(assets_.Get(asset)->error_code, "");
  EXPECT_EQ(Acquire(asset, Stage::kTranscode).attempt, 1);
  EXPECT_EQ(CodeOf(tasks_.Requeue(asset)), "not_errored");
  EXPECT_EQ(CodeOf(tasks_.Requeue(media::AssetId::Generate())), "asset_not_found");
}

TEST_F(TasksTest, ABlockedAssetSaysWhyAndIsDoneWith) {
  const media::AssetId asset = NewAsset();
  BringTo(asset, Stage::kBlocked);
  const media::Asset blocked = *assets_.Get(asset);
  EXPECT_EQ(blocked.rights, media::RightsState::kBlocked);
  EXPECT_EQ(blocked.error_code, "rights_blocked");
  EXPECT_EQ(blocked.error_message, "A sentence for the uploader.");
  const auto events = AllEvents();
  EXPECT_EQ(events[events.size() - 2].name, "asset.decided");
  EXPECT_EQ(events.back().name, "asset.blocked");
  EXPECT_THAT(events.back().data, HasSubstr("\"status\":\"errored\",\"code\":\"rights_blocked\""));
  EXPECT_THAT(*tasks_.List(true, 10), IsEmpty());
}

TEST_F(TasksTest, AClaimedAssetGoesOnToTranscode) {
  const media::AssetId asset = NewAsset();
  BringTo(asset, Stage::kDecide);
  ASSERT_TRUE(
      tasks_
          .CompleteDecide(Acquire(asset, Stage::kDecide), DecisionOf(media::RightsState::kClaimed))
          .has_value());
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kTranscode);
  EXPECT_EQ(assets_.Get(asset)->rights, media::RightsState::kClaimed);
}

TEST_F(TasksTest, ADecisionThatDecidesNothingIsRefused) {
  const media::AssetId asset = NewAsset();
  BringTo(asset, Stage::kDecide);
  const Lease lease = Acquire(asset, Stage::kDecide);
  EXPECT_EQ(CodeOf(tasks_.CompleteDecide(lease, DecisionOf(media::RightsState::kPending))),
            "undecided");
  EXPECT_TRUE(tasks_.CompleteDecide(lease, DecisionOf(media::RightsState::kClear)).has_value());
}

TEST_F(TasksTest, NothingIsPublishedWithoutTheRights) {
  const media::AssetId asset = NewAsset();
  BringTo(asset, Stage::kPublish);
  // What no call can bring about: rights that were taken back behind the pipeline.
  RunSql(*database_, "UPDATE assets SET rights = 'blocked'");
  const auto events = EventNames();
  EXPECT_EQ(CodeOf(tasks_.CompletePublish(Acquire(asset, Stage::kPublish), 0)), "not_publishable");
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kPublish);
  EXPECT_THAT(*assets_.PlaybackIds(asset), IsEmpty());
  EXPECT_EQ(EventNames(), events);
}

TEST_F(TasksTest, RunnableIsOldestFirstAndWithoutWhatIsLeased) {
  const media::AssetId first = NewAsset();
  clock_.Advance(seconds(1));
  const media::AssetId second = NewAsset();
  clock_.Advance(seconds(1));
  const media::AssetId third = NewAsset();
  BringTo(third, Stage::kReady);
  const Lease lease = Acquire(first, Stage::kInspect);
  ASSERT_THAT(*tasks_.Runnable(10), SizeIs(1));
  EXPECT_EQ(tasks_.Runnable(10)->front().asset, second);
  clock_.Advance(kLease);
  ASSERT_THAT(*tasks_.Runnable(10), SizeIs(2));
  EXPECT_EQ(tasks_.Runnable(10)->front().asset, first);
  EXPECT_EQ(tasks_.Runnable(10)->front().worker, "");
  EXPECT_THAT(*tasks_.Runnable(1), SizeIs(1));
}

TEST_F(TasksTest, ListSaysWhoWorksOnWhat) {
  const media::AssetId asset = NewAsset("Title");
  const Lease lease = Acquire(asset, Stage::kInspect, "host:7:abc");
  ASSERT_TRUE(tasks_.Progress(lease, 30).has_value());
  const auto tasks = *tasks_.List(false, 10);
  ASSERT_THAT(tasks, SizeIs(1));
  EXPECT_EQ(tasks[0].asset, asset);
  EXPECT_EQ(tasks[0].owner, owner_);
  EXPECT_EQ(tasks[0].title, "Title");
  EXPECT_EQ(tasks[0].stage, Stage::kInspect);
  EXPECT_EQ(tasks[0].percent, 30);
  EXPECT_EQ(tasks[0].attempts, 1);
  EXPECT_EQ(tasks[0].worker, "host:7:abc");
  EXPECT_EQ(tasks[0].lease_until, clock_.Now() + kLease);
}

TEST_F(TasksTest, TheLeaseOfADeletedAssetIsLost) {
  const media::AssetId asset = NewAsset();
  const Lease lease = Acquire(asset, Stage::kInspect);
  ASSERT_TRUE(assets_.Delete(asset).has_value());
  EXPECT_EQ(CodeOf(tasks_.Heartbeat(lease, kLease)), "lease_lost");
  EXPECT_EQ(CodeOf(tasks_.CompleteInspect(lease, {})), "lease_lost");
}

media::Presentation PartOf(const std::string& rung, std::int64_t start) {
  media::Presentation part;
  part.duration = milliseconds(start + 4000);
  media::Rendition& rendition = part.renditions.emplace_back();
  rendition.name = rung;
  rendition.width = 1280;
  rendition.timescale = 1000;
  rendition.objects = {"assets/x/p" + std::to_string(start) + "/" + rung + ".mp4"};
  rendition.segments = {{{812, 1000}, start, 4000}};
  return part;
}

class PartsTest : public CatalogTest {
 protected:
  // An asset whose transcode is planned: two chunks of pictures with sound between them.
  media::AssetId Planned() {
    const media::AssetId asset = NewAsset();
    BringTo(asset, Stage::kTranscode);
    const Status planned =
        tasks_.CompletePlan(Acquire(asset, Stage::kTranscode),
                            {{.plan = "first", .pictures = true, .cost = 10, .prompt = true},
                             {.plan = "sound", .pictures = false, .cost = 10, .prompt = true},
                             {.plan = "second", .pictures = true, .cost = 20, .prompt = false}});
    EXPECT_TRUE(planned.has_value()) << planned.error().message;
    return asset;
  }
  Lease Take(const media::AssetId& asset, int part, const std::string& worker = "w1") {
    return tasks_.AcquirePart(asset, part, worker, kLease).value().value();
  }
};

TEST_F(PartsTest, AreDoneInAnyOrderByAnybodyAndJoinedByTheLast) {
  const media::AssetId asset = Planned();
  const Lease second = Take(asset, 2, "w2");
  EXPECT_EQ(second.plan, "second");
  const Lease first = Take(asset, 0);
  const Lease sound = Take(asset, 1);
  ASSERT_TRUE(tasks_.CompletePart(second, PartOf("720p", 4000)).has_value());
  ASSERT_TRUE(tasks_.CompletePart(sound, PartOf("audio", 0)).has_value());
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kTranscode);
  EXPECT_EQ(assets_.Get(asset)->percent, 75);
  EXPECT_FALSE(assets_.GetPresentation(asset)->has_value());
  ASSERT_TRUE(tasks_.CompletePart(first, PartOf("720p", 0)).has_value());

  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kPublish);
  const media::Presentation whole = assets_.GetPresentation(asset)->value();
  EXPECT_EQ(whole.duration, milliseconds(8000));
  ASSERT_THAT(whole.renditions, SizeIs(2));
  const media::Rendition& video = whole.renditions[0];
  EXPECT_THAT(video.objects, ElementsAre("assets/x/p0/720p.mp4", "assets/x/p4000/720p.mp4"));
  ASSERT_THAT(video.segments, SizeIs(2));
  EXPECT_EQ(video.segments[1].object, 1U);
  EXPECT_EQ(video.segments[1].start, 4000);
}

TEST_F(PartsTest, ProgressTellsTheSecondsAndThePart) {
  const media::AssetId asset = NewAsset();
  media::MediaInfo info;
  info.duration = milliseconds(8000);
  ASSERT_TRUE(tasks_.CompleteInspect(Acquire(asset, Stage::kInspect), info).has_value());
  BringTo(asset, Stage::kTranscode);
  ASSERT_TRUE(tasks_
                  .CompletePlan(Acquire(asset, Stage::kTranscode),
                                {{.plan = "a", .cost = 10}, {.plan = "b", .cost = 30}})
                  .has_value());
  const std::int64_t before = *events_.Latest();
  ASSERT_TRUE(tasks_.Progress(Take(asset, 1), 50).has_value());
  const auto events = *events_.After(before, "", 10);
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].data, R"({"stage":"transcode","percent":37,"seconds":2.960,"rights":"clear",)"
                            R"("status":"preparing","part":{"number":1,"percent":50}})");
}

TEST_F(PartsTest, WaitForWorkersInTheOrderOfWhatAViewerNeeds) {
  const media::AssetId late = Planned();
  const auto runnable = tasks_.Runnable(10);
  ASSERT_THAT(*runnable, SizeIs(3));
  EXPECT_EQ(runnable->at(0).part, 0);
  EXPECT_EQ(runnable->at(1).part, 1);
  EXPECT_EQ(runnable->at(2).part, 2);
  EXPECT_TRUE(runnable->at(1).prompt);
  EXPECT_FALSE(runnable->at(2).prompt);
  Take(late, 0);
  EXPECT_THAT(*tasks_.Runnable(10), SizeIs(2));
  clock_.Advance(kLease);
  EXPECT_THAT(*tasks_.Runnable(10), SizeIs(3));
}

TEST_F(PartsTest, ATranscodeIsPlannedOnce) {
  const media::AssetId asset = Planned();
  EXPECT_FALSE(tasks_.Acquire(asset, Stage::kTranscode, "w2", kLease)->has_value());
}

TEST_F(PartsTest, AStaleLeaseOfAPartChangesNothing) {
  const media::AssetId asset = Planned();
  const Lease stale = Take(asset, 0);
  clock_.Advance(kLease);
  const Lease live = Take(asset, 0, "w2");
  EXPECT_EQ(live.attempt, 2);
  EXPECT_EQ(CodeOf(tasks_.Heartbeat(stale, kLease)), "lease_lost");
  EXPECT_EQ(CodeOf(tasks_.Progress(stale, 90)), "lease_lost");
  EXPECT_EQ(CodeOf(tasks_.CompletePart(stale, PartOf("720p", 0))), "lease_lost");
  EXPECT_EQ(CodeOf(tasks_.Retry(stale, Error(ErrorKind::kInternal, "x"), seconds(1))),
            "lease_lost");
  EXPECT_EQ(assets_.Get(asset)->percent, 0);
  EXPECT_TRUE(tasks_.Heartbeat(live, kLease).has_value());
}

TEST_F(PartsTest, APartIsTriedAgainAloneAndItsFailureIsTheAssets) {
  const media::AssetId asset = Planned();
  ASSERT_TRUE(tasks_.CompletePart(Take(asset, 0), PartOf("720p", 0)).has_value());
  ASSERT_TRUE(
      tasks_.Retry(Take(asset, 2), Error(ErrorKind::kUnavailable, "busy"), seconds(2)).has_value());
  EXPECT_FALSE(tasks_.AcquirePart(asset, 2, "w1", kLease)->has_value());
  clock_.Advance(seconds(2));
  const Lease again = Take(asset, 2);
  EXPECT_EQ(again.attempt, 2);
  const Lease sound = Take(asset, 1);
  ASSERT_TRUE(tasks_.Fail(again, Error(ErrorKind::kMalformed, "malformed_media", "It is broken.")));
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kErrored);
  EXPECT_EQ(CodeOf(tasks_.CompletePart(sound, PartOf("audio", 0))), "lease_lost");

  ASSERT_TRUE(tasks_.Requeue(asset).has_value());
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kTranscode);
  EXPECT_FALSE(tasks_.AcquirePart(asset, 0, "w1", kLease)->has_value());  // it is done
  clock_.Advance(kLease);
  EXPECT_EQ(Take(asset, 2).attempt, 1);
}

class OpeningTest : public PartsTest {
 protected:
  // An asset whose beginning is made by the first two of its parts.
  media::AssetId PlannedToOpen() {
    const media::AssetId asset = NewAsset();
    BringTo(asset, Stage::kTranscode);
    EXPECT_TRUE(tasks_
                    .CompletePlan(Acquire(asset, Stage::kTranscode),
                                  {{.plan = "first", .pictures = true, .opening = true},
                                   {.plan = "sound", .opening = true},
                                   {.plan = "second", .pictures = true},
                                   {.plan = "third", .pictures = true}})
                    .has_value());
    return asset;
  }
  void Finish(const media::AssetId& asset, int part, const std::string& rung, std::int64_t start) {
    ASSERT_TRUE(tasks_.CompletePart(Take(asset, part), PartOf(rung, start)).has_value());
  }
};

TEST_F(OpeningTest, TheBeginningPlaysWhenItsPartsAreDone) {
  const media::AssetId asset = PlannedToOpen();
  Finish(asset, 0, "720p", 0);
  EXPECT_FALSE(media::IsPlayable(*assets_.Get(asset)));
  EXPECT_THAT(*assets_.PlaybackIds(asset), IsEmpty());
  Finish(asset, 1, "audio", 0);
  EXPECT_TRUE(media::IsPlayable(*assets_.Get(asset)));
  EXPECT_EQ(EventNames().back(), "asset.playable");
  ASSERT_THAT(*assets_.PlaybackIds(asset), SizeIs(1));
  EXPECT_FALSE(assets_.GetPlayable(asset)->value().complete);

  // What lies behind a gap is not there yet.
  Finish(asset, 3, "720p", 8000);
  EXPECT_THAT(assets_.GetPlayable(asset)->value().renditions[0].segments, SizeIs(1));
  Finish(asset, 2, "720p", 4000);
  const media::Presentation whole = assets_.GetPlayable(asset)->value();
  EXPECT_TRUE(whole.complete);
  EXPECT_THAT(whole.renditions[0].segments, SizeIs(3));
}

TEST_F(OpeningTest, SoundAlonePlaysWholeWhileItsTextIsBeingMade) {
  const media::AssetId asset = NewAsset();
  BringTo(asset, Stage::kTranscode);
  ASSERT_TRUE(tasks_
                  .CompletePlan(Acquire(asset, Stage::kTranscode),
                                {{.plan = "sound", .opening = true}, {.plan = "text"}})
                  .has_value());
  Finish(asset, 0, "audio", 0);
  EXPECT_TRUE(media::IsPlayable(*assets_.Get(asset)));
  const auto playing = assets_.GetPlayable(asset);
  ASSERT_TRUE(playing->has_value());
  EXPECT_FALSE((*playing)->complete);
  EXPECT_EQ((*playing)->renditions.at(0).segments.size(), 1U);

  media::Presentation text;
  text.text_tracks.emplace_back().id = "s1";
  ASSERT_TRUE(tasks_.CompletePart(Take(asset, 1), text).has_value());
  EXPECT_TRUE((*assets_.GetPlayable(asset))->complete);
  EXPECT_EQ(assets_.TextTracks(asset)->at(0).id, "s1");
}

TEST_F(OpeningTest, NothingPlaysUnderListsThatHaveChangedSinceTheDecision) {
  const media::AssetId asset = PlannedToOpen();
  Finish(asset, 0, "720p", 0);
  ASSERT_TRUE(references_.Import({"List", "Holder", media::Policy::kBlock, true}, {}).has_value());
  Finish(asset, 1, "audio", 0);
  EXPECT_FALSE(media::IsPlayable(*assets_.Get(asset)));
}

TEST_F(OpeningTest, WhatPlaysFollowsTheListsUntilItIsReady) {
  const media::AssetId asset = PlannedToOpen();
  Finish(asset, 0, "720p", 0);
  Finish(asset, 1, "audio", 0);
  const auto import = [&](const std::string& name, std::uint32_t content) {
    media::Reference reference;
    reference.holder_key = name;
    reference.fingerprint.audio = {content, content + 1};
    ASSERT_TRUE(references_.Import({name, "Holder", media::Policy::kBlock, true}, {{2, reference}})
                    .has_value());
  };
  import("one", 1);
  const RecheckBatch early = *rechecks_.Take("w1", kLease, 10);
  ASSERT_THAT(early.leases, SizeIs(1));
  ASSERT_TRUE(
      *rechecks_.Complete(early.generation, std::vector<Recheck>{{early.leases[0], {}, {}}}));

  Finish(asset, 2, "720p", 4000);
  Finish(asset, 3, "720p", 8000);
  ASSERT_EQ(assets_.Get(asset)->stage, Stage::kPublish);
  ASSERT_TRUE(media::IsPlayable(*assets_.Get(asset)));
  import("two", 10);
  const RecheckBatch late = *rechecks_.Take("w1", kLease, 10);
  ASSERT_THAT(late.leases, SizeIs(1));
  ASSERT_TRUE(*rechecks_.Complete(
      late.generation,
      std::vector<Recheck>{{late.leases[0], {}, DecisionOf(media::RightsState::kBlocked)}}));
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kBlocked);
  EXPECT_FALSE(media::IsPlayable(*assets_.Get(asset)));
}

TEST_F(OpeningTest, WhatFailedOpensAnewWhenItIsTriedAgain) {
  const media::AssetId asset = PlannedToOpen();
  Finish(asset, 0, "720p", 0);
  Finish(asset, 1, "audio", 0);
  ASSERT_TRUE(tasks_.Fail(Take(asset, 2), Error(ErrorKind::kInternal, "broken", "It broke.")));
  EXPECT_FALSE(media::IsPlayable(*assets_.Get(asset)));
  ASSERT_TRUE(tasks_.Requeue(asset).has_value());
  EXPECT_FALSE(media::IsPlayable(*assets_.Get(asset)));
  Finish(asset, 2, "720p", 4000);
  EXPECT_TRUE(media::IsPlayable(*assets_.Get(asset)));
  EXPECT_THAT(*assets_.PlaybackIds(asset), SizeIs(1));
}

TEST_F(OpeningTest, APlanThatDoesNotHoldIsMadeAnewFromTheStart) {
  const media::AssetId asset = PlannedToOpen();
  Finish(asset, 0, "720p", 0);
  Finish(asset, 1, "audio", 0);
  const Lease other = Take(asset, 3, "w2");
  const Lease failed = Take(asset, 2);
  ASSERT_TRUE(tasks_.Replan(failed, {.origin = 7, .end = 9, .key_frames = {}, .positions = {}})
                  .has_value());
  EXPECT_FALSE(media::IsPlayable(*assets_.Get(asset)));
  EXPECT_EQ(assets_.Get(asset)->percent, 0);
  EXPECT_EQ(assets_.GetSourceIndex(asset)->value().origin, 7);
  EXPECT_EQ(tasks_.CompletePart(other, PartOf("720p", 8000)).error().kind, ErrorKind::kLeaseLost);

  ASSERT_TRUE(tasks_
                  .CompletePlan(Acquire(asset, Stage::kTranscode),
                                {{.plan = "first", .pictures = true, .opening = true},
                                 {.plan = "second", .pictures = true},
                                 {.plan = "third", .pictures = true}})
                  .has_value());
  const Lease again = Take(asset, 2);
  EXPECT_GT(again.fence, failed.fence) << "names of outputs are made of it";
  ASSERT_TRUE(tasks_.CompletePart(again, PartOf("480p", 8000)).has_value());
  Finish(asset, 0, "480p", 0);
  EXPECT_TRUE(media::IsPlayable(*assets_.Get(asset)));
  Finish(asset, 1, "480p", 4000);
  EXPECT_EQ(assets_.Get(asset)->stage, Stage::kPublish);
}

TEST_F(PartsTest, ProgressIsOfAllPartsByTheirShareOfTheWork) {
  const media::AssetId asset = Planned();
  const Lease lease = Take(asset, 2);
  const auto events = EventNames().size();
  ASSERT_TRUE(tasks_.Progress(lease, 50).has_value());
  EXPECT_EQ(assets_.Get(asset)->percent, 25);
  EXPECT_EQ(EventNames().size(), events + 1);
  ASSERT_TRUE(tasks_.Progress(lease, 51).has_value());  // which is less than a percent of all
  EXPECT_EQ(EventNames().size(), events + 1);
}

}  // namespace
}  // namespace penstock::catalog
