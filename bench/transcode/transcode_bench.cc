// transcode_bench FILE DIRECTORY: transcodes a file with the default ladder as the product does,
// once in parts and once in one pass, without a sandbox; writes every rendition into the directory
// and prints what each took.
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <time.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "transcoder/decode.h"
#include "transcoder/probe.h"
#include "transcoder/transcode.h"
#include "transcoder/transcode_parts.h"

using namespace penstock;
using transcoder::TranscodePlan;

namespace {

double ProcessorSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Looks at nothing: what is measured beside the transcode is where the source can be entered.
class Blind final : public media::VideoFrameConsumer {
 public:
  media::Millis SampleInterval() const override { return media::Millis(250); }
  int LongSide() const override { return 16; }
  Status ConsumeFrame(const media::GrayFrame&) override { return {}; }
};

template <typename T>
T Must(Result<T> result, const char* what) {
  if (result.has_value()) return std::move(*result);
  fmt::print(stderr, "{}: {}\n", what, result.error().message);
  std::exit(1);
}

// Makes what the plan names; returns the processor time.
double Run(int source, const media::MediaInfo& info, const TranscodePlan& plan,
           const std::filesystem::path& directory, media::Presentation& made) {
  std::filesystem::create_directories(directory);
  std::vector<UniqueFd> files;
  const auto open = [&](const std::string& name) {
    files.push_back(Must(OpenFile(directory / name, O_RDWR | O_CREAT | O_TRUNC), "open"));
    return files.back().get();
  };
  transcoder::OutputFiles outputs;
  for (const auto& video : plan.video) outputs.video.push_back(open(video.rung.name + ".mp4"));
  for (const auto& audio : plan.audio) outputs.audio.push_back(open(audio.rung.name + ".mp4"));
  if (plan.poster) outputs.poster = open("poster.jpg");
  if (plan.storyboard) outputs.storyboard = open("storyboard.jpg");
  const double before = ProcessorSeconds();
  made = Must(transcoder::Transcode(source, info, plan, {}, outputs, {}), "transcode");
  return ProcessorSeconds() - before;
}

std::uint64_t PictureBytes(const media::Presentation& presentation) {
  std::uint64_t bytes = 0;
  for (const auto& rendition : presentation.renditions) {
    if (rendition.kind != media::RenditionKind::kVideo) continue;
    for (const auto& segment : rendition.segments) bytes += segment.bytes.length;
  }
  return bytes;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    fmt::print(stderr, "usage: transcode_bench FILE DIRECTORY\n");
    return 2;
  }
  const std::filesystem::path directory = arguments[2];
  const UniqueFd source = Must(OpenFile(arguments[1], O_RDONLY), "open");
  const auto info = Must(transcoder::Probe(source.get(), {}), "probe");
  Blind blind;
  const auto index = Must(transcoder::Decode(source.get(), info, {}, nullptr, &blind, {}), "index");
  transcoder::LadderProfile profile;
  profile.threads = 1;
  const TranscodePlan whole = transcoder::PlanLadder(info, profile);

  double first = 0;
  double all = 0;
  std::uint64_t bytes = 0;
  const auto parts = transcoder::PlanParts(whole, index);
  media::Presentation made;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double took =
        Run(source.get(), info, parts[i], directory / ("part" + std::to_string(i)), made);
    all += took;
    if (i == 0) first = took;
    bytes += PictureBytes(made);
  }
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  fmt::print("parts\t{}\nfirst_part_cpu_s\t{:.2f}\nparts_cpu_s\t{:.2f}\nparts_picture_bytes\t{}\n",
             parts.size(), first, all, bytes);
  fmt::print("parts_highest_rss_mib\t{}\n", usage.ru_maxrss / 1024);
  const double once = Run(source.get(), info, whole, directory / "whole", made);
  fmt::print("whole_cpu_s\t{:.2f}\nwhole_picture_bytes\t{}\n", once, PictureBytes(made));
}
