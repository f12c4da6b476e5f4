// Recall, false positives and cost of audio matching on the clips that make_clips.py made, beside
// the plain comparison of Chromaprint fingerprints at every offset.
#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "fingerprint/audio_fingerprinter.h"
#include "fingerprint/audio_matcher.h"
#include "fingerprint/memory_postings.h"

namespace {

using namespace penstock;
using namespace penstock::fingerprint;

constexpr double kItemSeconds = 1.0 * media::kAudioItemSamples / media::kAudioItemRate;
constexpr double kRightPlace = 0.5;  // seconds
// Sound at two places of a reference that differs in no more bits is the same sound.
constexpr double kSameSound = 0.2;
constexpr double kFalsePositives = 0.001;

struct Clip {
  std::string row, path;
  double start = 0;    // within the file
  int reference = -1;  // -1: of a track that is not indexed
  double reference_start = 0;
  double tempo = 1;
};

struct Row {
  int clips = 0, found = 0, placed = 0, wrong = 0, paired = 0;
  std::vector<double> milliseconds;
  std::vector<std::pair<double, bool>> pairs;  // bit error rate, at the right place
};

media::Fingerprint FingerprintOf(const std::string& path, double start, double seconds) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::size_t>(in.tellg()) / 2;
  const auto first = static_cast<std::size_t>(start * media::kAudioItemRate);
  const auto last =
      std::min(size, first + static_cast<std::size_t>(seconds * media::kAudioItemRate));
  std::vector<std::int16_t> samples(last > first ? last - first : 0);
  in.seekg(static_cast<std::streamoff>(first * 2));
  in.read(reinterpret_cast<char*>(samples.data()),
          static_cast<std::streamsize>(samples.size() * 2));
  AudioFingerprinter fingerprinter;
  if (!fingerprinter.ConsumeAudio(samples)) std::abort();
  return fingerprinter.Finish().value();
}

double BitErrorRate(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  int bits = 0;
  for (std::size_t i = 0; i < a.size(); ++i) bits += std::popcount(a[i] ^ b[i]);
  return bits / (32.0 * static_cast<double>(a.size()));
}

std::span<const std::uint32_t> Part(const media::Fingerprint& track, double start, double seconds) {
  const auto first = static_cast<std::size_t>(std::max(0.0, start) / kItemSeconds);
  const auto count = static_cast<std::size_t>(seconds / kItemSeconds);
  if (first + count > track.audio.size()) return {};
  return std::span(track.audio).subspan(first, count);
}

// Whether sound found at `claimed` is what lies at `truth`; where music repeats itself exactly, one
// place is as right as the other.
bool IsRightPlace(const media::Fingerprint& track, double claimed, double truth, double seconds) {
  if (std::abs(claimed - truth) <= kRightPlace) return true;
  for (int step = -2; step <= 2; ++step) {
    const auto a = Part(track, claimed + step * kItemSeconds, seconds);
    const auto b = Part(track, truth, seconds);
    if (!a.empty() && a.size() == b.size() && BitErrorRate(a, b) <= kSameSound) return true;
  }
  return false;
}

// The least bit error rate over all offsets at which the query lies within a reference.
std::pair<double, bool> ComparePairs(const media::Fingerprint& query, const Clip& clip,
                                     const std::vector<media::Fingerprint>& references) {
  double least = 1;
  bool right = false;
  const std::span<const std::uint32_t> items = query.audio;
  for (std::size_t r = 0; r < references.size() && !items.empty(); ++r) {
    const std::span<const std::uint32_t> all = references[r].audio;
    for (std::size_t at = 0; at + items.size() <= all.size(); ++at) {
      const double rate = BitErrorRate(items, all.subspan(at, items.size()));
      if (rate >= least) continue;
      least = rate;
      right = static_cast<int>(r) == clip.reference &&
              IsRightPlace(references[r], static_cast<double>(at) * kItemSeconds,
                           clip.reference_start, static_cast<double>(items.size()) * kItemSeconds);
    }
  }
  return {least, right};
}

void Try(const Clip& clip, double seconds, const std::vector<media::Fingerprint>& references,
         const Postings& postings, double evidence, bool pairs, Row& row) {
  const media::Fingerprint query = FingerprintOf(clip.path, clip.start, seconds);
  const std::clock_t begin = std::clock();
  const std::vector<AudioMatch> matches = MatchAudio(query, postings, evidence);
  row.milliseconds.push_back(1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  ++row.clips;
  bool found = false;
  bool placed = false;
  bool wrong = false;
  for (const AudioMatch& match : matches) {
    if (static_cast<int>(match.reference) != clip.reference) {
      wrong = true;
      continue;
    }
    found = true;
    for (const media::MatchSegment& segment : match.segments) {
      const double upload = media::ToSeconds(segment.upload_start);
      placed |= IsRightPlace(references[match.reference], media::ToSeconds(segment.reference_start),
                             clip.reference_start + upload * clip.tempo,
                             media::ToSeconds(segment.reference_end - segment.reference_start));
    }
  }
  row.found += found;
  row.placed += placed;
  row.wrong += wrong;
  if (pairs) row.pairs.push_back(ComparePairs(query, clip, references));
}

double Quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void Print(double seconds, std::map<std::string, Row>& rows,
           const std::vector<std::string>& order) {
  // The baseline's threshold leaves as many negatives as the goal allows.
  double threshold = 0;
  std::vector<double> negatives;
  for (const auto& [rate, right] : rows["negative"].pairs) negatives.push_back(rate);
  if (!negatives.empty()) {
    std::sort(negatives.begin(), negatives.end());
    threshold = negatives[static_cast<std::size_t>(kFalsePositives *
                                                   static_cast<double>(negatives.size()))];
  }
  std::printf("\n%.0f s clips%36s\n%-20s %6s %6s %6s %7s %7s %7s\n", seconds, "", "row", "place",
              "track", "other", "pairs", "ms p50", "ms p99");
  for (const std::string& name : order) {
    const Row& row = rows[name];
    if (row.clips == 0) continue;
    const auto share = [&](auto count) { return static_cast<double>(count) / row.clips; };
    const auto paired = std::count_if(row.pairs.begin(), row.pairs.end(), [&](const auto& pair) {
      return pair.first < threshold && (pair.second || name == "negative");
    });
    std::printf("%-20s %6.3f %6.3f %6.3f %7.3f %7.2f %7.2f\n", name.c_str(), share(row.placed),
                share(row.found), share(row.wrong), share(paired), Quantile(row.milliseconds, 0.5),
                Quantile(row.milliseconds, 0.99));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: audio_recall LIST.tsv [NEGATIVES] [EVIDENCE] [--no-pairs] [SECONDS...]\n",
               stderr);
    return 2;
  }
  const int most_negatives = argc > 2 ? std::atoi(argv[2]) : 1000;
  const double evidence = argc > 3 ? std::atof(argv[3]) : kLeastLandmarkEvidence;
  const bool pairs = argc <= 4 || std::string(argv[4]) != "--no-pairs";
  std::vector<double> lengths;
  for (int i = 5; i < argc; ++i) lengths.push_back(std::atof(argv[i]));
  if (lengths.empty()) lengths = {5, 10, 20};

  std::vector<media::Fingerprint> references;
  std::vector<Clip> clips;
  std::vector<std::string> order;
  MemoryPostings postings;
  std::ifstream list(argv[1]);
  std::size_t bytes = 0;
  std::size_t tokens = 0;
  double seconds = 0;
  for (std::string line; std::getline(list, line);) {
    std::vector<std::string> cells;
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, '\t');) cells.push_back(cell);
    if (cells[0] == "reference") {
      references.push_back(FingerprintOf(cells[1], 0, 1e6));
      postings.Add(static_cast<std::uint32_t>(references.size() - 1), references.back());
      bytes += media::SerializeFingerprint(references.back()).size();
      tokens += AudioTokens(references.back()).size();
      seconds += media::ToSeconds(references.back().duration);
      continue;
    }
    clips.push_back({cells[1], cells[2], std::stod(cells[3]), std::stoi(cells[4]),
                     std::stod(cells[5]), std::stod(cells[6])});
    if (order.empty() || order.back() != cells[1]) order.push_back(cells[1]);
  }
  std::printf("%zu references, %.1f h: %.0f bytes and %.1f tokens a second, %.0f x real time\n",
              references.size(), seconds / 3600, static_cast<double>(bytes) / seconds,
              static_cast<double>(tokens) / seconds,
              seconds / (static_cast<double>(std::clock()) / CLOCKS_PER_SEC));
  for (const double length : lengths) {
    std::map<std::string, Row> rows;
    int negatives = 0;
    for (const Clip& clip : clips) {
      if (clip.reference < 0 && negatives++ >= most_negatives) continue;
      Try(clip, length, references, postings, evidence, pairs, rows[clip.row]);
    }
    Print(length, rows, order);
  }
}
