// index_bench DIRECTORY REFERENCES [landmarks]: fills an index with seeded references of 3.5
// minutes and times it.
#include <fmt/core.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string_view>
#include <thread>
#include <vector>

#include "bench/index/made_references.h"
#include "fingerprint/audio_matcher.h"
#include "fingerprint/reference_index.h"

using namespace penstock;
using bench::IdOf;
using bench::MadeClip;
using bench::MadeReference;
using fingerprint::IndexedWork;
using fingerprint::ReferenceIndex;

namespace {

constexpr int kQueries = 400;

double Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double ProcessorSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

int Fail(const Error& error) {
  fmt::print(stderr, "{}\n", error.message);
  return 1;
}

struct Import {
  double clock = 0, processor = 0, merging = 0, merging_processor = 0;
};

Status Fill(ReferenceIndex& index, std::uint32_t total, bool landmarks, Import& import) {
  constexpr std::uint32_t kBatch = 2000;
  for (auto at = static_cast<std::uint32_t>(index.cursor()); at < total;) {
    const std::uint32_t after = at;
    std::vector<IndexedWork> works;
    for (const std::uint32_t end = std::min(total, at + kBatch); at < end; ++at) {
      works.push_back({IdOf(at), MadeReference(at, landmarks)});
    }
    double clock = Seconds();
    double processor = ProcessorSeconds();
    PENSTOCK_CHECK(index.Add(std::move(works), after, at));
    import.clock += Seconds() - clock;
    import.processor += ProcessorSeconds() - processor;
    clock = Seconds();
    processor = ProcessorSeconds();
    PENSTOCK_CHECK(index.Maintain());
    import.merging += Seconds() - clock;
    import.merging_processor += ProcessorSeconds() - processor;
  }
  return {};
}

// Processor time of a query, and how many found what they should.
void Ask(const ReferenceIndex& index, const char* name, bool known,
         const std::function<media::Fingerprint(std::uint32_t)>& clip_of, std::uint32_t total) {
  std::vector<double> times;
  int right = 0;
  for (std::uint32_t q = 0; q < kQueries; ++q) {
    const std::uint32_t number = (q * 2654435769U) % total;
    const media::Fingerprint clip = clip_of(number);
    const double start = ProcessorSeconds();
    const auto matches = index.Match(clip);
    times.push_back(ProcessorSeconds() - start);
    const bool found = !matches.empty() && matches.front().reference == IdOf(number);
    right += known ? found : matches.empty();
  }
  std::sort(times.begin(), times.end());
  fmt::print("{}: p50 {:.2f} ms, p99 {:.2f} ms of processor time, {} of {} right\n", name,
             times[kQueries / 2] * 1e3, times[kQueries * 99 / 100] * 1e3, right, kQueries);
}

// What a place of a token takes: of a reference's bytes those that are not its fingerprint's.
void TellPlaces(double bytes_of_reference, bool landmarks) {
  constexpr std::uint32_t kSample = 20;
  double places = 0;
  double fingerprint = 0;
  for (std::uint32_t i = 0; i < kSample; ++i) {
    const media::Fingerprint made = MadeReference(i, landmarks);
    places += static_cast<double>(fingerprint::AudioTokens(made).size()) / kSample;
    fingerprint += static_cast<double>(media::SerializeFingerprint(made).size()) / kSample;
  }
  fmt::print("{:.0f} of the fingerprint, {:.0f} places of {:.2f} bytes\n", fingerprint, places,
             (bytes_of_reference - fingerprint) / places);
}

// How many queries a second of clock time several threads answer.
double Rate(const ReferenceIndex& index, int threads,
            const std::function<media::Fingerprint(std::uint32_t)>& clip_of) {
  constexpr std::uint32_t kOfThread = 100;
  std::vector<std::vector<media::Fingerprint>> clips;
  for (int i = 0; i < threads; ++i) {
    auto& of_thread = clips.emplace_back();
    for (std::uint32_t q = 0; q < kOfThread; ++q) of_thread.push_back(clip_of(q));
  }
  const double start = Seconds();
  {
    std::vector<std::jthread> asking;
    for (const auto& of_thread : clips) {
      asking.emplace_back([&] {
        for (const media::Fingerprint& clip : of_thread) static_cast<void>(index.Match(clip));
      });
    }
  }
  return threads * kOfThread / (Seconds() - start);
}

}  // namespace

int main(int argc, char** argv) {
  const bool landmarks = argc == 4 && std::string_view(argv[3]) == "landmarks";
  if (argc != 3 && !landmarks) return 2;
  const auto total = static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10));
  {
    auto index = ReferenceIndex::Open(argv[1]);
    if (!index) return Fail(index.error());
    const double made = total - static_cast<double>((*index)->cursor());
    Import import;
    if (auto status = Fill(**index, total, landmarks, import); !status) return Fail(status.error());
    fmt::print(
        "import: {:.0f} references/s, {:.0f} a processor second; beside it merging: {:.1f} s, "
        "{:.1f} s of processor\n",
        made / import.clock, made / import.processor, import.merging, import.merging_processor);
  }
  double start = Seconds();
  auto index = ReferenceIndex::Open(argv[1]);
  if (!index) return Fail(index.error());
  fmt::print("open: {:.3f} s\n", Seconds() - start);
  const auto extent = (*index)->Measure();
  fmt::print("{} references in {} segments, {:.0f} bytes each; ", extent.works, extent.segments,
             static_cast<double>(extent.bytes) / total);
  TellPlaces(static_cast<double>(extent.bytes) / total, landmarks);
  const ReferenceIndex& asked = **index;
  const auto clip = [&](double errors) {
    return [=](std::uint32_t number) { return MadeClip(number, landmarks, errors); };
  };
  Ask(asked, "unaltered copy", true, clip(0), total);
  Ask(asked, "copy, every tenth bit wrong", true, clip(0.1), total);
  Ask(
      asked, "no copy", false, [&](std::uint32_t n) { return clip(0)(total + n); }, total);
  for (const int threads : {1, 2}) {
    fmt::print("no copy, {} threads: {:.1f} queries a second\n", threads,
               Rate(asked, threads, [&](std::uint32_t n) { return clip(0)(total + n); }));
  }
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  fmt::print("highest RSS: {} MiB\n", usage.ru_maxrss / 1024);
  std::vector<media::ReferenceId> removed;
  for (std::uint32_t i = 0; i < total / 10; ++i) removed.push_back(IdOf(i));
  const std::size_t count = removed.size();
  start = Seconds();
  if (auto status = (*index)->Remove(std::move(removed)); !status) return Fail(status.error());
  fmt::print("removal of {}: {:.3f} s\n", count, Seconds() - start);
  return 0;
}
