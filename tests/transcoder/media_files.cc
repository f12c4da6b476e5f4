#include "tests/transcoder/media_files.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "base/file.h"
#include "transcoder/probe.h"

namespace penstock::testing {

std::string Shell(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  EXPECT_NE(pipe, nullptr);
  if (pipe == nullptr) return {};
  std::string output;
  std::array<char, 4096> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), got);
  }
  EXPECT_EQ(::pclose(pipe), 0) << command;
  return output;
}

std::filesystem::path MakeMedia(const TemporaryDirectory& directory, const std::string& name,
                                const std::string& arguments) {
  const std::filesystem::path path = directory.path() / name;
  Shell("ffmpeg -nostdin -v error -y " + arguments + " '" + path.string() + "'");
  return path;
}

void RotateClockwise(const std::filesystem::path& path) {
  const std::string bytes = ReadFile(path, 1 << 24).value_or("");
  const std::size_t header = bytes.find("tkhd");
  ASSERT_NE(header, std::string::npos);
  constexpr std::size_t kMatrix = 44;  // from the box's type on, version 0
  constexpr std::array<unsigned char, 20> kQuarterTurn = {0, 0, 0,    0,    0, 1, 0, 0, 0, 0,
                                                          0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0};
  std::string turned = bytes;
  std::copy(kQuarterTurn.begin(), kQuarterTurn.end(),
            turned.begin() + static_cast<std::ptrdiff_t>(header + kMatrix));
  std::ofstream(path, std::ios::binary) << turned;
}

UniqueFd OpenForReading(const std::filesystem::path& path) {
  auto fd = OpenFile(path, O_RDONLY);
  EXPECT_TRUE(fd.has_value()) << path;
  return fd.has_value() ? std::move(*fd) : UniqueFd();
}

std::vector<double> FrameTimes(const std::filesystem::path& path) {
  std::istringstream lines(
      Shell("ffprobe -v error -show_entries frame=pts_time -of csv=p=0 '" + path.string() + "'"));
  std::vector<double> times;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) times.push_back(std::stod(line));
  }
  return times;
}

transcoder::LadderProfile SmallProfile() {
  transcoder::LadderProfile profile;
  profile.video = {{"72p", 72, 400'000, 28}, {"48p", 48, 200'000, 28}};
  profile.audio_with_video = {{"audio-64k", 64'000}};
  profile.audio_only = {{"audio-96k", 96'000}, {"audio-48k", 48'000}};
  profile.segment_duration = media::Millis(1000);
  profile.threads = 2;
  return profile;
}

OutputDirectory::OutputDirectory(std::filesystem::path directory,
                                 const transcoder::TranscodePlan& plan)
    : directory_(std::move(directory)) {
  std::filesystem::create_directories(directory_);
  for (const auto& video : plan.video) files_.video.push_back(Create(video.rung.name + ".mp4"));
  for (const auto& audio : plan.audio) files_.audio.push_back(Create(audio.rung.name + ".mp4"));
  for (const auto& text : plan.text) files_.text.push_back(Create(text.id + ".vtt"));
  if (plan.poster) files_.poster = Create("poster.jpg");
  if (plan.storyboard) files_.storyboard = Create("storyboard.jpg");
  if (plan.waveform) files_.waveform = Create("waveform.json");
}

int OutputDirectory::Create(const std::string& name) {
  auto file = OpenFile(directory_ / name, O_RDWR | O_CREAT | O_TRUNC);
  EXPECT_TRUE(file.has_value()) << name;
  if (!file.has_value()) return -1;
  descriptors_.push_back(std::move(*file));
  return descriptors_.back().get();
}

Transcoded TranscodeFile(const TemporaryDirectory& directory, const std::filesystem::path& source,
                         const transcoder::LadderProfile& profile) {
  Transcoded done;
  done.directory = directory.path() / ("out-" + source.filename().string());
  const UniqueFd fd = OpenForReading(source);
  auto info = transcoder::Probe(fd.get(), {});
  if (!info.has_value()) {
    done.presentation = Result<media::Presentation>(info.error());
    return done;
  }
  done.info = *info;
  done.plan = transcoder::PlanLadder(*info, profile);
  const OutputDirectory outputs(done.directory, done.plan);
  done.presentation =
      transcoder::Transcode(fd.get(), done.info, done.plan, {}, outputs.files(), nullptr);
  return done;
}

}  // namespace penstock::testing
