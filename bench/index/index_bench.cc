// index_bench DIRECTORY REFERENCES: fills an index with seeded references of 3.5 minutes and times
// it.
#include <fmt/core.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <random>

#include "fingerprint/index/index.h"

using namespace penstock;
using namespace penstock::fingerprint;

namespace {

constexpr std::uint32_t kItems = 1700;  // sub-fingerprints of 3.5 minutes

double Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double ProcessorSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Runs of equal sub-fingerprints and a skew towards popular ones: assumed, not fitted.
IndexedReference Made(std::uint32_t number) {
  std::mt19937 random(number);
  std::uniform_real_distribution<double> uniform(0, 1);
  IndexedReference made{.id = media::ReferenceId::FromTrusted("r" + std::to_string(number)),
                        .fingerprint = {},
                        .tokens = {}};
  std::uint32_t token = 0;
  for (std::uint32_t i = 0; i < kItems; ++i) {
    if (i == 0 || uniform(random) > 0.2) {
      const double rank = std::pow(uniform(random), 2) * 4294967295.0;
      token = static_cast<std::uint32_t>(rank) * 2654435769U;
    }
    made.fingerprint.audio.push_back(token);
    made.tokens.push_back({Feature::kChromaprint, token, i});
  }
  return made;
}

int Fail(const Error& error) {
  fmt::print(stderr, "{}\n", error.message);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto total = static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10));
  {
    auto index = Index::Open(argv[1]);
    if (!index) return Fail(index.error());
    double applying = 0, computing = 0;
    for (std::uint32_t at = 0; at < total;) {
      IndexBatch batch{.remove = {}, .add = {}, .after = at};
      for (const std::uint32_t end = std::min(total, at + 5000); at < end; ++at) {
        batch.add.push_back(Made(at));
      }
      batch.cursor = at;
      const double start = Seconds(), processor_start = ProcessorSeconds();
      if (auto status = (*index)->Apply(batch); !status) return Fail(status.error());
      applying += Seconds() - start;
      computing += ProcessorSeconds() - processor_start;
    }
    const double start = Seconds();
    if (auto status = (*index)->Maintain(); !status) return Fail(status.error());
    fmt::print("import: {:.0f} references/s, {:.0f} a processor second, then {:.1f} s of merging\n",
               total / applying, total / computing, Seconds() - start);
  }
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) bytes += entry.file_size();
  const double places = static_cast<double>(total) * kItems;
  fmt::print("disk: {:.2f} bytes a place with its sub-fingerprint\n",
             static_cast<double>(bytes) / places);
  double start = Seconds();
  auto index = Index::Open(argv[1]);
  if (!index) return Fail(index.error());
  fmt::print("open: {:.3f} s\n", Seconds() - start);
  const auto snapshot = (*index)->Snapshot();
  std::vector<double> times;
  for (std::uint32_t q = 0; q < 500; ++q) {
    const auto query = Made(q * 7919U % total);
    start = Seconds();
    std::vector<Posting> found;
    for (std::uint32_t i = 600; i < 680; ++i) {
      snapshot->Find(Feature::kChromaprint, query.tokens[i].token, 500, found);
    }
    times.push_back(Seconds() - start);
  }
  std::sort(times.begin(), times.end());
  fmt::print("80 look-ups: p50 {:.3f} ms, p99 {:.3f} ms\n", times[250] * 1e3, times[495] * 1e3);
  IndexBatch removal{.remove = {}, .add = {}, .after = total, .cursor = total};
  for (std::uint32_t i = 0; i < std::min(total, 100000U); ++i) {
    removal.remove.push_back(media::ReferenceId::FromTrusted("r" + std::to_string(i)));
  }
  start = Seconds();
  if (auto status = (*index)->Apply(removal); !status) return Fail(status.error());
  fmt::print("removal of {}: {:.3f} s\n", removal.remove.size(), Seconds() - start);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  fmt::print("highest RSS: {} MiB\n", usage.ru_maxrss / 1024);
  return 0;
}
