// Small media made by the ffmpeg program, and what ffprobe sees in what we make.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "media/presentation.h"
#include "tests/support/temporary_directory.h"
#include "transcoder/transcode.h"

namespace penstock::testing {

// Runs a program by the shell and returns its standard output; fails the test when it fails.
std::string Shell(const std::string& command);

// ffmpeg with these arguments, writing name in the directory. Returns its path.
std::filesystem::path MakeMedia(const TemporaryDirectory& directory, const std::string& name,
                                const std::string& arguments);

// Writes a rotation by a quarter turn clockwise into the (first) track header of an MP4 file
// (ISO/IEC 14496-12 8.3.2); the ffmpeg program's own option for that differs between versions.
void RotateClockwise(const std::filesystem::path& path);

UniqueFd OpenForReading(const std::filesystem::path& path);

// Presentation times in seconds of the decoded frames of the first stream of a file, as ffprobe
// sees them.
std::vector<double> FrameTimes(const std::filesystem::path& path);

// A ladder of small, quick rungs: 72p, 48p and one sound.
transcoder::LadderProfile SmallProfile();

// Empty files for what a plan names, open while this lives: "<rung>.mp4", "<text>.vtt", poster.jpg,
// storyboard.jpg and waveform.json in the directory, which is made.
class OutputDirectory {
 public:
  OutputDirectory(std::filesystem::path directory, const transcoder::TranscodePlan& plan);
  const transcoder::OutputFiles& files() const { return files_; }

 private:
  int Create(const std::string& name);

  const std::filesystem::path directory_;
  std::vector<UniqueFd> descriptors_;
  transcoder::OutputFiles files_;
};

// A source transcoded into a directory.
struct Transcoded {
  media::MediaInfo info;
  transcoder::TranscodePlan plan;
  Result<media::Presentation> presentation = media::Presentation();
  std::filesystem::path directory;

  std::filesystem::path File(const std::string& rendition) const {
    return directory / (rendition + ".mp4");
  }
};
Transcoded TranscodeFile(const TemporaryDirectory& directory, const std::filesystem::path& source,
                         const transcoder::LadderProfile& profile = SmallProfile());

}  // namespace penstock::testing
