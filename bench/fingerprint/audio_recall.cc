// Recall, false positives and cost of audio matching on the clips that make_clips.py made, beside
// the plain comparison of Chromaprint fingerprints at every offset.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <bit>
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
#include "fingerprint/index/index.h"

namespace {

using namespace penstock;
using namespace penstock::fingerprint;

constexpr double kItemSeconds = 1.0 * media::kAudioItemSamples / media::kAudioItemRate;
constexpr double kRightPlace = 0.5;  // seconds
// Sound at two places of a reference that differs in no more bits is the same sound.
constexpr double kSameSound = 0.2;
constexpr double kFalsePositives = 0.001;
// Waveforms that correlate so are of one recording.
constexpr double kSameRecording = 0.5;

struct Clip {
  std::string row, path;
  double start = 0;    // within the file
  int reference = -1;  // -1: of a track that is not indexed
  double reference_start = 0;
  double tempo = 1;
  double copy_begin = 0, copy_end = 0;  // what of the clip is a copy
};

struct Reference {
  std::string path;
  media::Fingerprint fingerprint;
};

struct List {
  std::vector<double> lengths;  // of clips, in seconds
  bool pairs = false;
  bool curve = false;
  bool landmarks = true;  // of references
  std::vector<Reference> references;
  std::vector<Clip> clips;
  std::vector<std::string> rows;
  std::vector<std::string> whole;  // tracks that are not indexed
};

struct Row {
  int clips = 0, found = 0, placed = 0, ended = 0, wrong = 0, shared = 0;
  std::vector<double> milliseconds;
  std::vector<std::pair<double, bool>> pairs;  // bit error rate, at the right place
  std::vector<double> significances;           // of the right track; of negatives, of any
};

std::vector<std::int16_t> Load(const std::string& path, double start, double seconds) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::size_t>(in.tellg()) / 2;
  const auto first = static_cast<std::size_t>(std::max(0.0, start) * media::kAudioItemRate);
  const auto last =
      std::min(size, first + static_cast<std::size_t>(seconds * media::kAudioItemRate));
  std::vector<std::int16_t> samples(last > first ? last - first : 0);
  in.seekg(static_cast<std::streamoff>(first * 2));
  in.read(reinterpret_cast<char*>(samples.data()),
          static_cast<std::streamsize>(samples.size() * 2));
  return samples;
}

media::Fingerprint FingerprintOf(const std::string& path, double start, double seconds) {
  AudioFingerprinter fingerprinter;
  if (!fingerprinter.ConsumeAudio(Load(path, start, seconds))) std::abort();
  return fingerprinter.Finish().value();
}

// The highest correlation coefficient of two seconds of a and of b near the two places. It knows
// nothing of fingerprints, so that it may judge what they found.
double Correlation(const std::string& a, double a_middle, const std::string& b, double b_middle) {
  constexpr double kLength = 2;
  constexpr double kReach = 0.6;
  const std::vector<std::int16_t> x = Load(a, a_middle - kLength / 2, kLength);
  const std::vector<std::int16_t> y =
      Load(b, b_middle - kLength / 2 - kReach, kLength + 2 * kReach);
  double highest = 0;
  for (std::size_t lag = 0; lag + x.size() <= y.size(); ++lag) {
    double xy = 0;
    double xx = 1;
    double yy = 1;
    for (std::size_t i = 0; i < x.size(); ++i) {
      xy += x[i] * y[lag + i];
      xx += x[i] * x[i];
      yy += y[lag + i] * y[lag + i];
    }
    highest = std::max(highest, std::abs(xy) / std::sqrt(xx * yy));
  }
  return highest;
}

// Of what is above most, some part.
double BitErrorRate(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                    double most = 1) {
  const double all = 32.0 * static_cast<double>(a.size());
  int bits = 0;
  for (std::size_t i = 0; i < a.size() && bits <= most * all; ++i) {
    bits += std::popcount(a[i] ^ b[i]);
  }
  return bits / all;
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
                                     const std::vector<Reference>& references) {
  double least = 1;
  bool right = false;
  const std::span<const std::uint32_t> items = query.audio;
  for (std::size_t r = 0; r < references.size() && !items.empty(); ++r) {
    const std::span<const std::uint32_t> all = references[r].fingerprint.audio;
    for (std::size_t at = 0; at + items.size() <= all.size(); ++at) {
      const double rate = BitErrorRate(items, all.subspan(at, items.size()), least);
      if (rate >= least) continue;
      least = rate;
      right = static_cast<int>(r) == clip.reference &&
              IsRightPlace(references[r].fingerprint, static_cast<double>(at) * kItemSeconds,
                           clip.reference_start - clip.copy_begin * clip.tempo,
                           static_cast<double>(items.size()) * kItemSeconds);
    }
  }
  return {least, right};
}

// Whether the match's sound and the query's are one recording.
bool IsShared(const std::string& path, double start, const AudioMatch& match,
              const std::vector<Reference>& references) {
  return std::any_of(match.segments.begin(), match.segments.end(), [&](const auto& segment) {
    const double upload = media::ToSeconds(segment.upload_start + segment.upload_end) / 2;
    const double reference = media::ToSeconds(segment.reference_start + segment.reference_end) / 2;
    return Correlation(path, start + upload, references[match.reference].path, reference) >=
           kSameRecording;
  });
}

// What a match of the right track says of the clip's place in it.
void JudgeSegments(const AudioMatch& match, const Clip& clip, double seconds,
                   const media::Fingerprint& track, Row& row) {
  const auto truth = [&](double upload) {
    return clip.reference_start + (upload - clip.copy_begin) * clip.tempo;
  };
  bool placed = false;
  bool ended = false;
  const double copy_end = std::min(seconds, clip.copy_end);
  for (const media::MatchSegment& segment : match.segments) {
    const double upload = media::ToSeconds(segment.upload_start);
    const double reference = media::ToSeconds(segment.reference_start);
    const double reference_end = media::ToSeconds(segment.reference_end);
    placed |= IsRightPlace(track, reference, truth(upload), reference_end - reference);
    ended |= std::abs(upload - clip.copy_begin) <= kRightPlace &&
             std::abs(media::ToSeconds(segment.upload_end) - copy_end) <= kRightPlace &&
             std::abs((reference_end - reference) - (copy_end - clip.copy_begin) * clip.tempo) <=
                 2 * kRightPlace;
  }
  row.placed += placed;
  row.ended += ended;
}

void Try(const Clip& clip, double seconds, const List& list, const Postings& postings, Row& row) {
  constexpr double kLeastOfCurve = 2;
  const media::Fingerprint query = FingerprintOf(clip.path, clip.start, seconds);
  const std::clock_t begin = std::clock();
  const std::vector<AudioMatch> matches = MatchAudio(query, postings);
  row.milliseconds.push_back(1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  ++row.clips;
  bool wrong = false;
  bool shared = false;
  for (const AudioMatch& match : matches) {
    if (static_cast<int>(match.reference) == clip.reference) {
      ++row.found;
      JudgeSegments(match, clip, seconds, list.references[match.reference].fingerprint, row);
    } else if (IsShared(clip.path, clip.start, match, list.references)) {
      shared = true;
    } else {
      wrong = true;
    }
  }
  row.wrong += wrong;
  row.shared += shared;
  if (list.pairs && !shared) row.pairs.push_back(ComparePairs(query, clip, list.references));
  if (!list.curve || shared) return;
  double highest = 0;
  for (const AudioMatch& match : MatchAudio(query, postings, kLeastOfCurve)) {
    const bool counts = clip.reference < 0 || static_cast<int>(match.reference) == clip.reference;
    if (counts) highest = std::max(highest, match.significance);
  }
  row.significances.push_back(highest);
}

double Quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

// The share of clips that each threshold finds, and of negatives that it lets pass.
void PrintCurve(const std::map<std::string, Row>& rows, const std::vector<std::string>& order) {
  constexpr std::array<double, 8> kThresholds = {3, 4, 5, 6, 7, 8, 10, 12};
  std::printf("%-20s", "significance");
  for (const double threshold : kThresholds) std::printf(" %6.0f", threshold);
  std::printf("\n");
  for (const std::string& name : order) {
    const auto row = rows.find(name);
    if (row == rows.end()) continue;
    std::printf("%-20s", name.c_str());
    for (const double threshold : kThresholds) {
      const std::vector<double>& all = row->second.significances;
      const auto found =
          std::count_if(all.begin(), all.end(), [&](double one) { return one >= threshold; });
      std::printf(" %6.4f", static_cast<double>(found) / static_cast<double>(all.size()));
    }
    std::printf("\n");
  }
}

void Print(double seconds, const std::map<std::string, Row>& rows,
           const std::vector<std::string>& order) {
  // The baseline's threshold leaves as many negatives as the goal allows.
  double threshold = 0;
  std::vector<double> negatives;
  const auto negative = rows.find("negative");
  if (negative != rows.end()) {
    for (const auto& [rate, right] : negative->second.pairs) negatives.push_back(rate);
  }
  if (!negatives.empty()) {
    std::sort(negatives.begin(), negatives.end());
    threshold = negatives[static_cast<std::size_t>(kFalsePositives *
                                                   static_cast<double>(negatives.size()))];
  }
  std::printf("\n%.0f s clips\n%-20s %6s %6s %6s %6s %6s %6s %6s %7s %7s\n", seconds, "row",
              "clips", "place", "track", "ends", "other", "shared", "pairs", "ms p50", "ms p99");
  for (const std::string& name : order) {
    const auto found = rows.find(name);
    if (found == rows.end()) continue;
    const Row& row = found->second;
    const auto share = [&](auto count) { return static_cast<double>(count) / row.clips; };
    const auto paired = std::count_if(row.pairs.begin(), row.pairs.end(), [&](const auto& pair) {
      return pair.first < threshold && (pair.second || name == "negative");
    });
    std::printf("%-20s %6d %6.3f %6.3f %6.3f %6.4f %6.4f %6.3f %7.2f %7.2f\n", name.c_str(),
                row.clips, share(row.placed), share(row.found), share(row.ended), share(row.wrong),
                share(row.shared), share(paired), Quantile(row.milliseconds, 0.5),
                Quantile(row.milliseconds, 0.99));
  }
}

void TryWhole(const List& list, const Postings& postings) {
  double seconds = 0;
  int wrong = 0;
  int shared = 0;
  for (const std::string& path : list.whole) {
    const media::Fingerprint query = FingerprintOf(path, 0, 1e6);
    seconds += media::ToSeconds(query.duration);
    for (const AudioMatch& match : MatchAudio(query, postings)) {
      const bool is_shared = IsShared(path, 0, match, list.references);
      shared += is_shared;
      wrong += !is_shared;
      std::printf("%s is found in %s at %.1f s: significance %.1f%s\n", path.c_str(),
                  list.references[match.reference].path.c_str(),
                  media::ToSeconds(match.segments.front().reference_start), match.significance,
                  is_shared ? ", the same recording" : "");
    }
  }
  std::printf("\n%zu whole tracks, %.1f h: %d match falsely, %d hold a recording of the index\n",
              list.whole.size(), seconds / 3600, wrong, shared);
}

double MaxRss() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// Tracks that are not indexed, one after another, as one query.
void TryHour(const List& list, const Postings& postings) {
  constexpr std::size_t kHour = std::size_t{3600} * media::kAudioItemRate;
  std::vector<std::int16_t> samples;
  for (const std::string& path : list.whole) {
    const std::vector<std::int16_t> track = Load(path, 0, 1e6);
    samples.insert(samples.end(), track.begin(), track.end());
    if (samples.size() >= kHour) break;
  }
  samples.resize(std::min(samples.size(), kHour));
  AudioFingerprinter fingerprinter;
  const std::clock_t begin = std::clock();
  if (!fingerprinter.ConsumeAudio(samples)) std::abort();
  const media::Fingerprint query = fingerprinter.Finish().value();
  const std::size_t length = samples.size();
  samples = {};
  const std::clock_t taken = std::clock();
  const double before = MaxRss();
  const std::size_t matches = MatchAudio(query, postings).size();
  const std::clock_t end = std::clock();
  std::printf(
      "\n%.2f h as one query: fingerprint %.1f s, %.2f MB; match %.2f s, highest RSS %.0f MB "
      "(before: %.0f); %zu matches\n",
      static_cast<double>(length) / static_cast<double>(kHour),
      static_cast<double>(taken - begin) / CLOCKS_PER_SEC,
      static_cast<double>(media::SerializeFingerprint(query).size()) / 1e6,
      static_cast<double>(end - taken) / CLOCKS_PER_SEC, MaxRss(), before, matches);
}

List Read(const char* path) {
  List list;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> cells;
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, '\t');) cells.push_back(cell);
    if (cells[0] == "length") list.lengths.push_back(std::stod(cells[1]));
    if (cells[0] == "pairs") list.pairs = true;
    if (cells[0] == "curve") list.curve = true;
    if (cells[0] == "no-landmarks") list.landmarks = false;
    if (cells[0] == "reference") list.references.push_back({cells[1], {}});
    if (cells[0] == "whole") list.whole.push_back(cells[1]);
    if (cells[0] != "clip") continue;
    list.clips.push_back({cells[1], cells[2], std::stod(cells[3]), std::stoi(cells[4]),
                          std::stod(cells[5]), std::stod(cells[6]), std::stod(cells[7]),
                          std::stod(cells[8])});
    if (list.rows.empty() || list.rows.back() != cells[1]) list.rows.push_back(cells[1]);
  }
  return list;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: audio_recall LIST.tsv\n", stderr);
    return 2;
  }
  List list = Read(argv[1]);
  IndexBatch batch;
  std::size_t bytes = 0;
  std::size_t tokens = 0;
  double seconds = 0;
  for (std::uint32_t i = 0; i < list.references.size(); ++i) {
    media::Fingerprint& fingerprint = list.references[i].fingerprint;
    fingerprint = FingerprintOf(list.references[i].path, 0, 1e6);
    fingerprint.chroma.clear();
    if (!list.landmarks) fingerprint.landmarks.clear();
    std::vector<Token> of_work = AudioTokens(fingerprint);
    bytes += media::SerializeFingerprint(fingerprint).size();
    tokens += of_work.size();
    batch.add.push_back(
        {media::ReferenceId::FromTrusted(std::to_string(i)), fingerprint, std::move(of_work)});
    seconds += media::ToSeconds(fingerprint.duration);
  }
  std::printf("%zu references, %.1f h: %.0f bytes and %.1f tokens a second, %.0f x real time\n",
              list.references.size(), seconds / 3600, static_cast<double>(bytes) / seconds,
              static_cast<double>(tokens) / seconds,
              seconds / (static_cast<double>(std::clock()) / CLOCKS_PER_SEC));
  std::reverse(batch.add.begin(), batch.add.end());  // The newest has the lowest number.
  const auto index = Index::InMemory();
  if (!index->Apply(batch)) return 1;
  const auto postings = index->Snapshot();
  for (const double length : list.lengths) {
    std::map<std::string, Row> rows;
    for (const Clip& clip : list.clips) {
      // A row whose copy lies within other sound needs the whole clip.
      if (clip.copy_begin > 0 && clip.copy_end > length) continue;
      Try(clip, length, list, *postings, rows[clip.row]);
    }
    Print(length, rows, list.rows);
    if (list.curve) PrintCurve(rows, list.rows);
    std::fflush(stdout);
  }
  TryWhole(list, *postings);
  TryHour(list, *postings);
}
