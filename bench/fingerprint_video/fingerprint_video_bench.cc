// Reads commands, one a line, and answers each with one line. Media files are decoded as the
// product decodes them.
//   index NAME PATH  fingerprints the pictures of a film: "ok" or "none"
//   query PATH       CPU ms of matching, then the matches as
//     NAME:upload_start:upload_end:reference_start:reference_end:score, in ms, then the baseline's
//     as BASE:NAME:share of the frames (one a second) within 31 bits of some frame:middle shift
//   windows PATH SECONDS STEP  the number of stretches of so many seconds, one each STEP seconds,
//   and
//     for each match NUMBER:NAME; stretches that show nothing are left out
//   size             indexes the films: bytes of their fingerprints, tokens, seconds of film
//   speed PATH       seconds of media, CPU s of the whole fingerprint pass (sound and pictures),
//     then of decoding alone, of sound and of pictures
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <deque>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "fingerprint/audio_fingerprinter.h"
#include "fingerprint/pdq_hash.h"
#include "fingerprint/reference_index.h"
#include "fingerprint/video_fingerprinter.h"
#include "fingerprint/video_matcher.h"
#include "media/fingerprint.h"
#include "transcoder/decode.h"
#include "transcoder/probe.h"

namespace {

using namespace penstock;

constexpr int kBaselineDistance = 31;  // vPDQ's default
constexpr int kBaselineQuality = 50;   // likewise
constexpr media::Millis kBaselineInterval(1000);

double CpuMs() { return static_cast<double>(std::clock()) * 1000 / CLOCKS_PER_SEC; }

// What both matchers know of a film.
struct Film {
  media::Fingerprint fingerprint;
  std::vector<media::FrameHash> baseline;  // whole frames at 1 fps, nothing cut
};

class FilmMaker final : public media::VideoFrameConsumer {
 public:
  media::Millis SampleInterval() const override { return fingerprinter_.SampleInterval(); }
  int LongSide() const override { return fingerprinter_.LongSide(); }
  Status ConsumeFrame(const media::GrayFrame& frame) override {
    PENSTOCK_CHECK(fingerprinter_.ConsumeFrame(frame));
    if (frame.time < next_) return {};
    next_ = frame.time + kBaselineInterval - SampleInterval() / 2;
    const fingerprint::PdqHash hash = fingerprint::ComputePdqHash(frame);
    if (hash.quality >= kBaselineQuality) {
      film_.baseline.push_back({frame.time, hash.bits, static_cast<std::uint8_t>(hash.quality)});
    }
    return {};
  }
  Film Finish() {
    film_.fingerprint = fingerprinter_.Finish();
    return std::move(film_);
  }

 private:
  fingerprint::VideoFingerprinter fingerprinter_;
  media::Millis next_{0};
  Film film_;
};

// Fingerprints of overlapping stretches of a film.
class WindowMaker final : public media::VideoFrameConsumer {
 public:
  WindowMaker(media::Millis length, media::Millis step) : length_(length), step_(step) {}
  media::Millis SampleInterval() const override { return next_.SampleInterval(); }
  int LongSide() const override { return next_.LongSide(); }
  Status ConsumeFrame(const media::GrayFrame& frame) override {
    while (frame.time >= step_ * begun_) {
      open_.emplace_back(step_ * begun_, fingerprint::VideoFingerprinter());
      ++begun_;
    }
    while (!open_.empty() && frame.time >= open_.front().first + length_) {
      windows_.push_back(open_.front().second.Finish());
      open_.pop_front();
    }
    for (auto& [start, fingerprinter] : open_) {
      media::GrayFrame own = frame;
      own.time -= start;
      PENSTOCK_CHECK(fingerprinter.ConsumeFrame(own));
    }
    return {};
  }
  // A film shorter than a window is one.
  std::vector<media::Fingerprint> Finish() {
    if (windows_.empty() && !open_.empty()) windows_.push_back(open_.front().second.Finish());
    std::erase_if(windows_, [](const auto& window) { return window.empty(); });
    return std::move(windows_);
  }

 private:
  const media::Millis length_;
  const media::Millis step_;
  fingerprint::VideoFingerprinter next_;
  std::int64_t begun_ = 0;
  std::deque<std::pair<media::Millis, fingerprint::VideoFingerprinter>> open_;
  std::vector<media::Fingerprint> windows_;
};

// Takes what a fingerprinter would take, and does nothing with it.
class Nothing final : public media::AudioConsumer, public media::VideoFrameConsumer {
 public:
  int SampleRate() const override { return fingerprint::AudioFingerprinter().SampleRate(); }
  int Channels() const override { return fingerprint::AudioFingerprinter().Channels(); }
  Status ConsumeAudio(std::span<const std::int16_t>) override { return {}; }
  media::Millis SampleInterval() const override { return media::Millis(500); }
  int LongSide() const override { return 512; }
  Status ConsumeFrame(const media::GrayFrame&) override { return {}; }
};

// CPU ms of one pass over the file.
Result<double> Decode(const std::string& path, media::AudioConsumer* audio,
                      media::VideoFrameConsumer* video) {
  PENSTOCK_TRY(const UniqueFd fd, OpenFile(path, O_RDONLY));
  PENSTOCK_TRY(const media::MediaInfo info, transcoder::Probe(fd.get(), {}));
  const double start = CpuMs();
  std::vector<media::AudioConsumer*> sound;
  if (audio != nullptr) sound.push_back(audio);
  PENSTOCK_CHECK(transcoder::Decode(fd.get(), info, {}, sound, video, {}));
  return CpuMs() - start;
}

Result<Film> ReadFilm(const std::string& path) {
  FilmMaker maker;
  PENSTOCK_CHECK(Decode(path, nullptr, &maker));
  return maker.Finish();
}

// Names have dots, which ids have not.
media::ReferenceId IdOf(std::string name) {
  std::replace(name.begin(), name.end(), '.', '_');
  return media::ReferenceId::FromTrusted(std::move(name));
}

class Bench {
 public:
  std::string Answer(const std::string& line) {
    std::istringstream words(line);
    std::string command, name, path;
    words >> command;
    if (command == "size") return Size();
    if (command == "index") words >> name;
    words >> path;
    if (command == "windows") {
      double seconds = 0;
      double step = 0;
      words >> seconds >> step;
      return Windows(path, seconds, step).value_or("0");
    }
    if (command == "speed") return Speed(path).value_or("none");
    Result<Film> film = ReadFilm(path);
    if (!film || film->fingerprint.empty()) return "none";
    if (command == "query") return Query(*film);
    bytes_ += media::SerializeFingerprint(film->fingerprint).size();
    tokens_ += fingerprint::VideoTokens(film->fingerprint).size();
    seconds_ += media::ToSeconds(film->fingerprint.duration);
    works_.push_back({IdOf(name), std::move(film->fingerprint)});
    names_[IdOf(name)] = name;
    baseline_[name] = std::move(film->baseline);
    return "ok";
  }

 private:
  static Result<std::string> Speed(const std::string& path) {
    fingerprint::AudioFingerprinter audio;
    fingerprint::VideoFingerprinter video;
    Nothing nothing;
    PENSTOCK_TRY(const double all, Decode(path, &audio, &video));
    PENSTOCK_TRY(const double sound, Decode(path, &nothing, nullptr));
    PENSTOCK_TRY(const double pictures, Decode(path, nullptr, &nothing));
    return fmt::format("{:.1f} {:.3f} {:.3f} {:.3f}", media::ToSeconds(video.Finish().duration),
                       all / 1000, sound / 1000, pictures / 1000);
  }

  Result<std::string> Windows(const std::string& path, double seconds, double step) const {
    WindowMaker maker(media::Millis(std::llround(seconds * 1000)),
                      media::Millis(std::llround(step * 1000)));
    PENSTOCK_CHECK(Decode(path, nullptr, &maker));
    const std::vector<media::Fingerprint> windows = maker.Finish();
    std::string out = fmt::format("{}", windows.size());
    for (std::size_t i = 0; i < windows.size(); ++i) {
      for (const media::Match& match : index_.Match(windows[i])) {
        out += fmt::format(" {}:{}", i, names_.at(match.reference));
      }
    }
    return out;
  }

  // All films become one segment, as they do in time in an index that is kept.
  std::string Size() {
    if (!index_.Add(std::exchange(works_, {}), UINT64_MAX, 0)) return "none";
    return fmt::format("{} {} {:.1f}", bytes_, tokens_, seconds_);
  }

  std::string Query(const Film& film) {
    const double start = CpuMs();
    const std::vector<media::Match> matches = index_.Match(film.fingerprint);
    std::string out = fmt::format("{:.1f}", CpuMs() - start);
    for (const media::Match& match : matches) {
      for (const media::MatchSegment& segment : match.segments) {
        out += fmt::format(" {}:{}:{}:{}:{}:{:.3f}", names_.at(match.reference),
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
  std::vector<fingerprint::IndexedWork> works_;
  std::map<media::ReferenceId, std::string> names_;
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
