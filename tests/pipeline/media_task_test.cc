#include "pipeline/media_task.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/file.h"
#include "tests/support/media_maker.h"
#include "tests/support/temporary_directory.h"

namespace penstock::pipeline {
namespace {

class MediaTask : public ::testing::Test {
 protected:
  MediaTask() {
    sandbox_.program = PENSTOCK_PROGRAM;
    sandbox_.limits = {
        .memory_bytes = 4ULL << 30, .cpu_seconds = 60, .output_bytes = 100 << 20, .descriptors = 0};
  }

  MediaCall Call(int source) {
    return {.sandbox = sandbox_,
            .limits = limits_,
            .source = source,
            .progress = [this](int percent) { progress_ = percent; },
            .cancelled = [this] { return cancelled_; }};
  }

  UniqueFd Open(const std::string& name) {
    return OpenFile(directory_.path() / name, O_RDONLY).value();
  }

  testing::TemporaryDirectory directory_;
  SandboxOptions sandbox_;
  transcoder::Limits limits_;
  int progress_ = -1;
  bool cancelled_ = false;
};

TEST_F(MediaTask, InspectsFingerprintsAndTranscodesInTheSandbox) {
  testing::MakeMedia(
      "-f lavfi -i testsrc2=size=320x180:rate=25:duration=5 -f lavfi -i "
      "anoisesrc=duration=5:seed=7 -c:v libx264 -preset ultrafast -c:a aac",
      directory_.path() / "clip.mp4");
  const UniqueFd source = Open("clip.mp4");
  const auto info = InspectMedia(Call(source.get()));
  ASSERT_TRUE(info.has_value()) << info.error().message;
  EXPECT_EQ(info->First(media::StreamKind::kVideo)->width, 320);

  const auto fingerprints = FingerprintMedia(Call(source.get()), *info);
  ASSERT_TRUE(fingerprints.has_value()) << fingerprints.error().message;
  EXPECT_FALSE(fingerprints->fingerprints.empty());
  EXPECT_FALSE(fingerprints->index.key_frames.empty());

  transcoder::LadderProfile profile;
  const auto plan = transcoder::PlanLadder(*info, profile);
  ASSERT_FALSE(plan.video.empty());
  transcoder::OutputFiles outputs;
  std::vector<UniqueFd> files;
  const auto create = [&](const std::string& name) {
    files.push_back(OpenFile(directory_.path() / name, O_RDWR | O_CREAT).value());
    return files.back().get();
  };
  for (const auto& video : plan.video) outputs.video.push_back(create(video.rung.name));
  for (const auto& audio : plan.audio) outputs.audio.push_back(create(audio.rung.name));
  if (plan.poster) outputs.poster = create("poster.jpg");
  if (plan.storyboard) outputs.storyboard = create("storyboard.jpg");
  const auto presentation = TranscodeMedia(Call(source.get()), *info, plan, outputs);
  ASSERT_TRUE(presentation.has_value()) << presentation.error().message;
  EXPECT_EQ(presentation->renditions.size(), plan.video.size() + plan.audio.size());
  EXPECT_GT(FileSize(outputs.video[0]).value(), 1000U);
}

TEST_F(MediaTask, AFileThatIsNoMediaIsRefusedInASentence) {
  std::ofstream(directory_.path() / "text.mp4") << "this is no media at all";
  const auto info = InspectMedia(Call(Open("text.mp4").get()));
  ASSERT_FALSE(info.has_value());
  EXPECT_TRUE(info.error().kind == ErrorKind::kMalformed ||
              info.error().kind == ErrorKind::kUnsupported)
      << info.error().message;
  EXPECT_NE(info.error().code, "media_task_crashed");
}

TEST_F(MediaTask, CancellingEndsTheChild) {
  testing::MakeMedia("-f lavfi -i testsrc2=size=320x180:rate=25:duration=2 -c:v libx264",
                     directory_.path() / "clip.mp4");
  cancelled_ = true;
  const auto info = InspectMedia(Call(Open("clip.mp4").get()));
  ASSERT_FALSE(info.has_value());
  EXPECT_EQ(info.error().kind, ErrorKind::kCancelled);
}

TEST_F(MediaTask, AProgramThatDoesNotAnswerIsACrash) {
  std::ofstream(directory_.path() / "x") << "x";
  sandbox_.program = "/bin/false";
  const auto info = InspectMedia(Call(Open("x").get()));
  ASSERT_FALSE(info.has_value());
  EXPECT_EQ(info.error().code, "media_task_crashed");
}

TEST_F(MediaTask, AProgramThatCannotBeStartedIsUnavailable) {
  std::ofstream(directory_.path() / "x") << "x";
  sandbox_.program = "/nowhere/penstock";
  const auto info = InspectMedia(Call(Open("x").get()));
  ASSERT_FALSE(info.has_value());
  EXPECT_EQ(info.error().kind, ErrorKind::kUnavailable);
}

TEST_F(MediaTask, ASilentChildIsStalled) {
  std::ofstream(directory_.path() / "x") << "x";
  // A program that says nothing and does not end by itself.
  const auto script = directory_.path() / "sleeper";
  std::ofstream(script) << "#!/bin/sh\nexec sleep 60\n";
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  sandbox_.program = script;
  sandbox_.stall_timeout = std::chrono::milliseconds(300);
  const auto info = InspectMedia(Call(Open("x").get()));
  ASSERT_FALSE(info.has_value());
  EXPECT_EQ(info.error().code, "media_stalled");
}

}  // namespace
}  // namespace penstock::pipeline
