// transcode_bench FILE DIRECTORY: transcodes a file with the default ladder as the product does,
// in parts, in parts with the top rung copied where it can be, and in one pass, without a sandbox;
// writes every rendition into the directory and prints what each took.
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <time.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "transcoder/copy_through.h"
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
  if (plan.waveform) outputs.waveform = open("waveform.json");
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

struct Parts {
  double first = 0, all = 0;  // processor seconds
  std::uint64_t bytes = 0;    // of the pictures
  std::size_t count = 0;
};

Parts RunParts(int source, const media::MediaInfo& info, const TranscodePlan& plan,
               const media::SourceIndex& index, const std::filesystem::path& directory) {
  Parts done;
  media::Presentation made;
  for (const TranscodePlan& part : transcoder::PlanParts(plan, index)) {
    const std::string name = "part" + std::to_string(done.count);
    const double took = Run(source, info, part, directory / name, made);
    if (done.count++ == 0) done.first = took;
    done.all += took;
    done.bytes += PictureBytes(made);
  }
  return done;
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
  const auto index = Must(transcoder::Decode(source.get(), info, {}, {}, &blind, {}), "index");
  transcoder::LadderProfile profile;
  profile.threads = 1;
  const TranscodePlan whole = transcoder::PlanLadder(info, profile);

  const Parts parts = RunParts(source.get(), info, whole, index, directory / "encoded");
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  fmt::print("parts\t{}\nfirst_part_cpu_s\t{:.2f}\nparts_cpu_s\t{:.2f}\nparts_picture_bytes\t{}\n",
             parts.count, parts.first, parts.all, parts.bytes);
  fmt::print("parts_highest_rss_mib\t{}\n", usage.ru_maxrss / 1024);
  TranscodePlan copying = whole;
  transcoder::CopyThrough(info, index, profile, copying);
  if (copying.video.front().copied) {
    const Parts copied = RunParts(source.get(), info, copying, index, directory / "copied");
    fmt::print("copied_first_part_cpu_s\t{:.2f}\ncopied_cpu_s\t{:.2f}\n", copied.first, copied.all);
  }
  media::Presentation made;
  const double once = Run(source.get(), info, whole, directory / "whole", made);
  fmt::print("whole_cpu_s\t{:.2f}\nwhole_picture_bytes\t{}\n", once, PictureBytes(made));
}
