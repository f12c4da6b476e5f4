#include "pipeline/worker.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>
#include <functional>

#include "base/file.h"
#include "cluster/local_queue.h"
#include "pipeline/media_task.h"
#include "tests/pipeline/installation_fixture.h"
#include "tests/support/media_maker.h"

namespace penstock::pipeline {
namespace {

constexpr const char* kClip =
    "-f lavfi -i testsrc2=size=192x108:rate=10:duration=2 -f lavfi -i anoisesrc=duration=2:seed=7 "
    "-c:v libx264 -preset ultrafast -c:a aac";

class WorkerTest : public InstallationFixture {
 protected:
  WorkerOptions options_{.slots = 2,
                         .lease = std::chrono::seconds(5),
                         .sweep_interval = std::chrono::milliseconds(100),
                         .max_attempts = 2};

  media::Asset WaitFor(const media::AssetId& id,
                       const std::function<bool(const media::Asset&)>& done) {
    for (int i = 0; i < 1200; ++i) {
      media::Asset asset = assets_.Get(id).value();
      if (done(asset)) return asset;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return assets_.Get(id).value();
  }
  media::Asset WaitForEnd(const media::AssetId& id) {
    return WaitFor(id, [](const media::Asset& asset) { return media::IsFinal(asset.stage); });
  }
};

TEST_F(WorkerTest, TakesAnUploadToReadyWithNothingButTheCatalogToFindIt) {
  testing::MakeMedia(kClip, directory_.path() / "clip.mp4");
  const media::AssetId id = Upload(directory_.path() / "clip.mp4");
  cluster::LocalQueue queue;
  Worker worker(shop_, queue, options_, {});
  const media::Asset asset = WaitForEnd(id);
  ASSERT_EQ(asset.stage, media::Stage::kReady) << asset.error_message;
  EXPECT_EQ(asset.rights, media::RightsState::kClear);
  EXPECT_EQ(assets_.PlaybackIds(id).value().size(), 1U);
  const auto presentation = assets_.GetPresentation(id).value();
  ASSERT_TRUE(presentation.has_value());
  for (const media::Rendition& rendition : presentation->renditions) {
    const auto key = storage::ObjectKey::Parse(rendition.objects.at(0)).value();
    const media::Segment& last = rendition.segments.back();
    EXPECT_EQ(store_->Stat(key).value().size, last.bytes.end()) << rendition.name;
  }
}

TEST_F(WorkerTest, PicturesThatTurnOutDamagedAreEncodedInsteadOfHandedOn) {
  const auto path = directory_.path() / "clip.mp4";
  testing::MakeMedia(
      "-f lavfi -i testsrc2=size=320x180:rate=25:duration=20 -c:v libx264 -preset fast -g 50 -b:v "
      "250k -profile:v main -pix_fmt yuv420p -movflags +faststart",
      path);
  shop_.ladder.copy_through = true;
  const auto is_copied = [&](const media::AssetId& id) {
    return assets_.GetPresentation(id).value()->renditions.front().codec.starts_with("avc1.4d");
  };
  cluster::LocalQueue queue;
  Worker worker(shop_, queue, options_, {});
  const media::AssetId whole = Upload(path);
  ASSERT_EQ(WaitForEnd(whole).stage, media::Stage::kReady);
  EXPECT_TRUE(is_copied(whole));
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(path) * 3 / 4));
    file << std::string(64, '\xFF');
  }
  const media::AssetId damaged = Upload(path);
  const media::Asset asset = WaitForEnd(damaged);
  ASSERT_EQ(asset.stage, media::Stage::kReady) << asset.error_message;
  EXPECT_FALSE(is_copied(damaged));
}

// Two tracks of sound, of which the second one has the given seed.
std::string TwoTracks(int seed) {
  return "-f lavfi -i testsrc2=size=192x108:rate=10:duration=12 -f lavfi -i "
         "anoisesrc=duration=12:seed=7 -f lavfi -i anoisesrc=duration=12:seed=" +
         std::to_string(seed) +
         " -map 0 -map 1 -map 2 -c:v libx264 -preset ultrafast -c:a flac -metadata:s:a:0 "
         "language=eng -metadata:s:a:1 language=ger";
}

std::vector<std::string> SoundsOf(const media::Presentation& presentation) {
  std::vector<std::string> sounds;
  for (const media::Rendition& rendition : presentation.renditions) {
    if (rendition.kind != media::RenditionKind::kAudio) continue;
    sounds.push_back(rendition.name + " " + rendition.language);
  }
  return sounds;
}

TEST_F(WorkerTest, PublishesEveryTrackOfSoundWithItsLoudness) {
  testing::MakeMedia(TwoTracks(8), directory_.path() / "clip.mkv");
  const media::AssetId id = Upload(directory_.path() / "clip.mkv");
  cluster::LocalQueue queue;
  Worker worker(shop_, queue, options_, {});
  ASSERT_EQ(WaitForEnd(id).stage, media::Stage::kReady);
  const auto presentation = assets_.GetPresentation(id).value().value();
  EXPECT_EQ(SoundsOf(presentation), (std::vector<std::string>{"audio-128k en", "audio-128k-2 de"}));
  EXPECT_TRUE(presentation.renditions.back().loudness.has_value());
  const auto fingerprints = assets_.GetFingerprints(id).value();
  ASSERT_EQ(fingerprints.size(), 3U);
  EXPECT_NE(fingerprints[0].audio, fingerprints[1].audio);
}

TEST_F(WorkerTest, PublishesAWorkOfSoundAloneWithItsWaveform) {
  testing::MakeMedia("-f lavfi -i anoisesrc=duration=2:seed=9", directory_.path() / "song.flac");
  const media::AssetId id = Upload(directory_.path() / "song.flac");
  cluster::LocalQueue queue;
  Worker worker(shop_, queue, options_, {});
  ASSERT_EQ(WaitForEnd(id).stage, media::Stage::kReady);
  const auto presentation = assets_.GetPresentation(id).value().value();
  const auto key = storage::ObjectKey::Parse(presentation.waveform_object);
  ASSERT_TRUE(key.has_value()) << key.error().message;
  const auto object = store_->Open(*key);
  ASSERT_TRUE(object.has_value()) << object.error().message;
  const std::string json = ReadAt(object->fd.get(), 0, object->info.size).value();
  EXPECT_TRUE(json.starts_with("{\"version\":2,")) << json.substr(0, 100);
  EXPECT_TRUE(json.ends_with("]}"));
}

TEST_F(WorkerTest, AWorkInTheSecondTrackIsFound) {
  const auto path = directory_.path() / "work.flac";
  testing::MakeMedia("-f lavfi -i anoisesrc=duration=12:seed=8", path);
  const UniqueFd fd = OpenFile(path, O_RDONLY).value();
  const MediaCall call{.sandbox = shop_.sandbox,
                       .limits = shop_.limits,
                       .source = fd.get(),
                       .progress = {},
                       .cancelled = {}};
  const auto work = FingerprintMedia(call, InspectMedia(call).value()).value();
  media::Reference reference;
  reference.holder_key = "work";
  reference.title = "Work";
  reference.fingerprint = work.fingerprints.at(0);
  ASSERT_TRUE(
      references_
          .Import(
              {.list = "list", .holder = "Holder", .policy = media::Policy::kBlock, .full = true},
              {{.line = 2, .content = reference}})
          .has_value());
  testing::MakeMedia(TwoTracks(8), directory_.path() / "clip.mkv");
  const media::AssetId id = Upload(directory_.path() / "clip.mkv");
  cluster::LocalQueue queue;
  Worker worker(shop_, queue, options_, {});
  EXPECT_EQ(WaitForEnd(id).stage, media::Stage::kBlocked);
  const auto matches = assets_.GetMatches(id).value();
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(matches[0].reference_title, "Work");
}

// As an earlier version left it, which fingerprinted the first track alone.
TEST_F(WorkerTest, SoundThatWasNotFingerprintedIsNotPublished) {
  testing::MakeMedia(TwoTracks(8), directory_.path() / "clip.mkv");
  const media::AssetId id = Upload(directory_.path() / "clip.mkv");
  constexpr std::chrono::seconds kLease{30};
  const auto inspect = tasks_.Acquire(id, media::Stage::kInspect, "worker", kLease).value();
  ASSERT_TRUE(RunStep({.shop = shop_, .lease = inspect.value(), .cancelled = [] { return false; }})
                  .has_value());
  const auto lease = tasks_.Acquire(id, media::Stage::kFingerprint, "worker", kLease).value();
  ASSERT_TRUE(tasks_.CompleteFingerprint(lease.value(), {}, {}).has_value());
  cluster::LocalQueue queue;
  Worker worker(shop_, queue, options_, {});
  ASSERT_EQ(WaitForEnd(id).stage, media::Stage::kReady);
  EXPECT_EQ(SoundsOf(assets_.GetPresentation(id).value().value()),
            (std::vector<std::string>{"audio-128k en"}));
}

TEST_F(WorkerTest, ALowDiskPausesWhatWritesAndRoomResumesIt) {
  testing::MakeMedia(kClip, directory_.path() / "clip.mp4");
  std::ofstream(directory_.path() / "text.mp4") << "no media";
  free_space_ = 0;
  const media::AssetId id = Upload(directory_.path() / "clip.mp4");
  cluster::LocalQueue queue;
  Worker worker(shop_, queue, options_, {});
  WaitFor(id, [](const media::Asset& asset) { return asset.stage == media::Stage::kFingerprint; });
  // What does not write goes on meanwhile.
  EXPECT_EQ(WaitForEnd(Upload(directory_.path() / "text.mp4")).stage, media::Stage::kErrored);
  EXPECT_EQ(assets_.Get(id).value().stage, media::Stage::kFingerprint);
  EXPECT_EQ(tasks_.List(false, 10).value().at(0).attempts, 0);
  free_space_ = 1 << 30;
  EXPECT_EQ(WaitForEnd(id).stage, media::Stage::kReady);
}

TEST_F(WorkerTest, ABudgetSmallerThanAnyTaskStopsNothing) {
  testing::MakeMedia(kClip, directory_.path() / "clip.mp4");
  Admission narrow({.memory = 1});
  Workshop shop = ShopWith(narrow);
  shop.inspect_sandbox = shop_.inspect_sandbox;
  shop.sandbox = shop_.sandbox;
  shop.ladder = shop_.ladder;
  const media::AssetId first = Upload(directory_.path() / "clip.mp4");
  const media::AssetId second = Upload(directory_.path() / "clip.mp4");
  cluster::LocalQueue queue;
  Worker worker(shop, queue, options_, {});
  EXPECT_EQ(WaitForEnd(first).stage, media::Stage::kReady);
  EXPECT_EQ(WaitForEnd(second).stage, media::Stage::kReady);
  EXPECT_EQ(narrow.Look().memory, 0U);
}

TEST_F(WorkerTest, AFileThatIsNoMediaIsErroredAtOnceWithItsReason) {
  std::ofstream(directory_.path() / "text.mp4") << "no media";
  const media::AssetId id = Upload(directory_.path() / "text.mp4");
  cluster::LocalQueue queue;
  Worker worker(shop_, queue, options_, {});
  const media::Asset asset = WaitForEnd(id);
  EXPECT_EQ(asset.stage, media::Stage::kErrored);
  EXPECT_FALSE(asset.error_code.empty());
  EXPECT_FALSE(asset.error_message.empty());
  EXPECT_TRUE(assets_.PlaybackIds(id).value().empty());
}

TEST_F(WorkerTest, ASandboxThatCannotStartIsTriedAgainAndThenGivenUp) {
  testing::MakeMedia(kClip, directory_.path() / "clip.mp4");
  const media::AssetId id = Upload(directory_.path() / "clip.mp4");
  shop_.inspect_sandbox.program = "/nowhere/penstock";
  cluster::LocalQueue queue;
  std::atomic<int> retried = 0;
  Worker worker(shop_, queue, options_,
                [&](const StepReport& report) { retried += report.outcome == "retried"; });
  const media::Asset asset = WaitForEnd(id);
  EXPECT_EQ(asset.stage, media::Stage::kErrored);
  EXPECT_EQ(retried, 1);
}

TEST_F(WorkerTest, ATimeWithoutDescriptorsCountsAsNoAttempt) {
  testing::MakeMedia(kClip, directory_.path() / "clip.mp4");
  {
    // Sanitizers need a pipe when they meet a type for the first time.
    cluster::LocalQueue queue;
    Worker worker(shop_, queue, options_, {});
    WaitForEnd(Upload(directory_.path() / "clip.mp4"));
  }
  const media::AssetId id = Upload(directory_.path() / "clip.mp4");
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  cluster::LocalQueue queue;
  std::atomic<int> released = 0;
  Worker worker(shop_, queue, options_,
                [&](const StepReport& report) { released += report.outcome == "released"; });
  // Room for the source, but not for the pipes of the media task.
  const UniqueFd next(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const rlimit few = {static_cast<rlim_t>(next.get()) + 3, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  for (int i = 0; i < 1000 && released <= options_.max_attempts; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_GT(released, options_.max_attempts);
  EXPECT_EQ(WaitForEnd(id).stage, media::Stage::kReady);
}

TEST_F(WorkerTest, StoppingHandsTheTaskBackForTheNextWorker) {
  testing::MakeMedia(
      "-f lavfi -i testsrc2=size=640x360:rate=30:duration=60 -c:v libx264 -preset ultrafast",
      directory_.path() / "long.mp4");
  const media::AssetId id = Upload(directory_.path() / "long.mp4");
  {
    cluster::LocalQueue queue;
    Worker worker(shop_, queue, options_, {});
    WaitFor(id,
            [](const media::Asset& asset) { return asset.stage == media::Stage::kFingerprint; });
    worker.Stop();
  }
  const auto tasks = tasks_.List(false, 10).value();
  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_TRUE(tasks[0].worker.empty());
  EXPECT_EQ(tasks_.Runnable(10).value().size(), 1U);
}

TEST_F(WorkerTest, AStaleWorkersResultChangesNothing) {
  testing::MakeMedia(kClip, directory_.path() / "clip.mp4");
  const media::AssetId id = Upload(directory_.path() / "clip.mp4");
  const auto lease =
      tasks_.Acquire(id, media::Stage::kInspect, "stale", std::chrono::milliseconds(1)).value();
  ASSERT_TRUE(lease.has_value());
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ASSERT_TRUE(tasks_.Acquire(id, media::Stage::kInspect, "next", std::chrono::seconds(30))
                  .value()
                  .has_value());
  const Status result =
      RunStep({.shop = shop_, .lease = *lease, .cancelled = [] { return false; }});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::kLeaseLost);
  EXPECT_EQ(assets_.Get(id).value().stage, media::Stage::kInspect);
}

}  // namespace
}  // namespace penstock::pipeline
