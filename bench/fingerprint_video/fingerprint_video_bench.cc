// Reads commands, one a line, and answers each with one line:
//   index NAME WIDTH HEIGHT PATH  fingerprints grey frames, two a second, into the index: CPU ms
//   query WIDTH HEIGHT PATH       CPU ms of fingerprinting and of matching, then the matches as
//     NAME:upload_start:upload_end:reference_start:reference_end:score, in ms, then the baseline's
//     as BASE:NAME:share of the frames (one a second) within 31 bits of some frame:middle shift
//   size                          bytes of the references' fingerprints, tokens, seconds of film
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "fingerprint/pdq_hash.h"
#include "fingerprint/reference_index.h"
#include "fingerprint/video_fingerprinter.h"
#include "fingerprint/video_matcher.h"
#include "media/fingerprint.h"

namespace {

using namespace penstock;

constexpr int kBaselineDistance = 31;  // vPDQ's default
constexpr int kBaselineQuality = 50;   // likewise

double CpuMs() { return static_cast<double>(std::clock()) * 1000 / CLOCKS_PER_SEC; }

// What both matchers know of a film.
struct Film {
  media::Fingerprint fingerprint;
  std::vector<media::FrameHash> baseline;  // whole frames at 1 fps, nothing cut
};

Film ReadFilm(int width, int height, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  fingerprint::VideoFingerprinter fingerprinter;
  Film film;
  for (std::size_t i = 0; (i + 1) * size <= bytes.size(); ++i) {
    const media::GrayFrame frame{media::Millis(500 * static_cast<std::int64_t>(i)), width, height,
                                 width,
                                 reinterpret_cast<const std::uint8_t*>(bytes.data() + i * size)};
    if (!fingerprinter.ConsumeFrame(frame).has_value()) break;
    if (i % 2 != 0) continue;
    const fingerprint::PdqHash hash = fingerprint::ComputePdqHash(frame);
    if (hash.quality >= kBaselineQuality) {
      film.baseline.push_back({frame.time, hash.bits, static_cast<std::uint8_t>(hash.quality)});
    }
  }
  film.fingerprint = fingerprinter.Finish();
  return film;
}

class Bench {
 public:
  std::string Answer(const std::string& line) {
    std::istringstream words(line);
    std::string command, name, path;
    int width = 0;
    int height = 0;
    words >> command;
    if (command == "size") return Size();
    if (command == "index") words >> name;
    words >> width >> height >> path;
    const double start = CpuMs();
    Film film = ReadFilm(width, height, path);
    const double extracted = CpuMs();
    if (command == "query") return Query(film, extracted - start);
    bytes_ += media::SerializeFingerprint(film.fingerprint).size();
    tokens_ += fingerprint::VideoTokens(film.fingerprint).size();
    seconds_ += media::ToSeconds(film.fingerprint.duration);
    if (!index_.Add(media::ReferenceId::FromTrusted(name), film.fingerprint)) return "error";
    baseline_[name] = std::move(film.baseline);
    return fmt::format("{:.1f}", extracted - start);
  }

 private:
  std::string Size() const { return fmt::format("{} {} {:.1f}", bytes_, tokens_, seconds_); }

  std::string Query(const Film& film, double extract_ms) {
    const double start = CpuMs();
    const std::vector<media::Match> matches = index_.Match(film.fingerprint);
    std::string out = fmt::format("{:.1f} {:.1f}", extract_ms, CpuMs() - start);
    for (const media::Match& match : matches) {
      for (const media::MatchSegment& segment : match.segments) {
        out += fmt::format(" {}:{}:{}:{}:{}:{:.3f}", match.reference.text(),
                           segment.upload_start.count(), segment.upload_end.count(),
                           segment.reference_start.count(), segment.reference_end.count(),
                           segment.score);
      }
    }
    for (const auto& [name, frames] : baseline_) {
      std::vector<std::int64_t> shifts;
      for (const media::FrameHash& frame : film.baseline) {
        int best = kBaselineDistance + 1;
        std::int64_t shift = 0;
        for (const media::FrameHash& other : frames) {
          const int distance = fingerprint::HashDistance(frame.bits, other.bits);
          if (distance < best) {
            best = distance;
            shift = (other.time - frame.time).count();
          }
        }
        if (best <= kBaselineDistance) shifts.push_back(shift);
      }
      if (shifts.empty()) continue;
      std::nth_element(shifts.begin(),
                       shifts.begin() + static_cast<std::ptrdiff_t>(shifts.size() / 2),
                       shifts.end());
      out += fmt::format(
          " BASE:{}:{:.3f}:{}", name,
          static_cast<double>(shifts.size()) / static_cast<double>(film.baseline.size()),
          shifts[shifts.size() / 2]);
    }
    return out;
  }

  fingerprint::ReferenceIndex index_;
  std::map<std::string, std::vector<media::FrameHash>> baseline_;
  std::size_t bytes_ = 0;
  std::size_t tokens_ = 0;
  double seconds_ = 0;
};

}  // namespace

int main() {
  Bench bench;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << bench.Answer(line) << std::endl;
  }
}
