// lists_bench DIRECTORY REFERENCES: a list of so many references is imported, taken back,
// rolled back, compared with another holder's and removed, beside queries and other writers.
#include <fmt/core.h>
#include <sys/resource.h>

#include <atomic>
#include <bit>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "bench/index/made_references.h"
#include "catalog/accounts.h"
#include "catalog/holds.h"
#include "catalog/references.h"
#include "pipeline/overlap_checker.h"
#include "pipeline/reference_matcher.h"

using namespace penstock;
using namespace std::chrono_literals;

namespace {

double Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Ends the measurement: what it measures has failed.
template <typename T>
T Must(Result<T> result) {
  if (result) return std::move(*result);
  fmt::print(stderr, "{}\n", result.error().message);
  std::exit(1);
}
void Must(const Status& status) {
  if (status) return;
  fmt::print(stderr, "{}\n", status.error().message);
  std::exit(1);
}

// Works again and again beside what is measured, and notes how long it took at the longest.
class Beside {
 public:
  explicit Beside(std::function<void()> work, std::chrono::milliseconds pause)
      : thread_([this, work = std::move(work), pause] {
          while (!ended_) {
            const double start = Seconds();
            work();
            const double took = Seconds() - start;
            if (took > longest_) longest_ = took;
            ++rounds_;
            std::this_thread::sleep_for(pause);
          }
        }) {}
  ~Beside() {
    ended_ = true;
    thread_.join();
  }
  double TakeLongest() { return longest_.exchange(0); }
  int TakeRounds() { return rounds_.exchange(0); }

 private:
  std::atomic<bool> ended_ = false;
  std::atomic<double> longest_ = 0;
  std::atomic<int> rounds_ = 0;
  std::thread thread_;
};

// altered: with one bit of each sub-fingerprint another, as of another recording of the same file.
catalog::ImportRow RowOf(std::uint32_t number, bool altered) {
  media::Reference reference;
  reference.holder_key = "work-" + std::to_string(number);
  reference.title = "Work " + std::to_string(number);
  reference.fingerprint = bench::MadeReference(number, false);
  std::uint32_t bit = 1;
  for (std::uint32_t& item : reference.fingerprint.audio) {
    if (altered) item ^= bit;
    bit = std::rotl(bit, 1);
  }
  return {.line = number + 1, .content = std::move(reference)};
}

// A full version of the rows from first to last.
media::Receipt Import(catalog::References& references, const std::string& holder,
                      std::uint32_t first, std::uint32_t last, bool altered = false) {
  constexpr std::uint32_t kBatch = 200;
  const auto staging = Must(references.Stage(
      {.list = "catalogue", .holder = holder, .policy = media::Policy::kBlock, .full = true}));
  while (first < last) {
    std::vector<catalog::ImportRow> rows;
    for (const std::uint32_t end = std::min(last, first + kBatch); first < end; ++first) {
      rows.push_back(RowOf(first, altered));
    }
    Must(staging->Add(rows));
  }
  return Must(staging->Commit());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::filesystem::path directory = argv[1];
  const auto total = static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10));
  std::filesystem::create_directories(directory);
  const SystemClock clock;
  const auto database = Must(catalog::Database::Open(
      "sqlite://" + std::filesystem::absolute(directory).string() + "/catalog.db", 8));
  catalog::Accounts accounts(*database, clock);
  catalog::References references(*database, clock);
  catalog::Holds holds(*database, references, clock);
  const auto matcher = Must(pipeline::ReferenceMatcher::Open(references, directory / "index"));

  // As the server follows its catalog; matching and writing go on beside it.
  Beside follower(
      [&] {
        Must(matcher->Refresh());
        Must(matcher->Maintain());
      },
      1s);
  std::atomic<bool> found = false;
  std::atomic<std::uint32_t> asked = 0;
  Beside query(
      [&] {
        const auto matches = Must(matcher->Match({bench::MadeClip(asked, false, 0)}));
        found = !matches.empty();
      },
      20ms);
  std::atomic<int> written = 0;
  Beside writer([&] { Must(accounts.FindOrCreate("account " + std::to_string(written++))); }, 20ms);

  double start = 0;
  const auto begin = [&] {
    query.TakeLongest();
    writer.TakeLongest();
    start = Seconds();
  };
  const auto tell = [&](const std::string& what) {
    fmt::print("{}: {:.2f} s; longest query beside it {:.3f} s, longest write {:.3f} s\n", what,
               Seconds() - start, query.TakeLongest(), writer.TakeLongest());
  };
  const auto await = [&](const auto& holds_now) {
    while (!holds_now()) std::this_thread::sleep_for(1ms);
  };

  begin();
  const media::Receipt first = Import(references, "Holder", 0, total);
  tell(fmt::format("import of {}", first.accepted));
  await([&] { return found.load(); });
  tell("  until a query finds it");

  pipeline::OverlapChecker checker(references, holds, *matcher);
  begin();
  while (Must(checker.CheckSome())) continue;
  tell("comparison with other holders, of which there is none");

  begin();
  const media::Receipt second = Import(references, "Holder", 0, 1);
  tell(fmt::format("a version without {} of them", total - 1));
  asked = total / 2;
  await([&] { return !found.load(); });
  tell("  until no query finds them");
  begin();
  Must(references.Rollback(first.list, first.version));
  tell("rollback to all");
  await([&] { return found.load(); });
  tell("  until a query finds them");

  // Another holder claims works that are the first one's.
  constexpr std::uint32_t kClaimed = 200;
  Import(references, "Another holder", 0, kClaimed, true);
  Must(matcher->Refresh());
  begin();
  while (Must(checker.CheckSome())) continue;
  tell(fmt::format("comparison of {} with them; {} on hold", kClaimed, Must(holds.Count())));

  begin();
  Must(references.DeleteList(first.list));
  tell("removal of the list from the catalog");
  await([&] { return !found.load(); });
  await([&] { return matcher->Measure().works <= kClaimed; });
  tell("  until the index is without it");
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  fmt::print("highest RSS: {} MiB\n", usage.ru_maxrss / 1024);
  return 0;
}
