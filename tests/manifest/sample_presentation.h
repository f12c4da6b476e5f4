// A presentation of two video rungs and one sound, a little over eight seconds long.
#pragma once

#include "media/presentation.h"

namespace penstock::manifest {

inline media::Rendition SampleVideo(const std::string& name, int width, int height,
                                    const std::string& codec, std::int64_t peak,
                                    std::int64_t average) {
  media::Rendition video;
  video.name = name;
  video.codec = codec;
  video.peak_bandwidth = peak;
  video.average_bandwidth = average;
  video.width = width;
  video.height = height;
  video.frame_rate = {24000, 1001};
  video.timescale = 24000;
  // 96 frames of 1001 ticks, twice, then five frames.
  video.segments = {{{}, 0, 96'096}, {{}, 96'096, 96'096}, {{}, 192'192, 5'005}};
  return video;
}

inline media::Rendition SampleAudio(const std::string& name, std::int64_t peak,
                                    std::int64_t average) {
  media::Rendition audio;
  audio.name = name;
  audio.kind = media::RenditionKind::kAudio;
  audio.codec = "mp4a.40.2";
  audio.peak_bandwidth = peak;
  audio.average_bandwidth = average;
  audio.sample_rate = 48'000;
  audio.channels = 2;
  audio.timescale = 48'000;
  // AAC frames of 1024 samples: 188, 187, 10.
  audio.segments = {{{}, 0, 192'512}, {{}, 192'512, 191'488}, {{}, 384'000, 10'240}};
  return audio;
}

inline media::Presentation SamplePresentation() {
  media::Presentation presentation;
  presentation.duration = media::Millis(8213);
  presentation.renditions = {
      SampleVideo("720p", 1280, 720, "avc1.64001f", 2'900'000, 2'100'000),
      SampleVideo("360p", 640, 360, "avc1.64001e", 800'000, 600'000),
      SampleAudio("audio-128k", 135'000, 128'000),
  };
  return presentation;
}

// The same in AV1 and Opus as well.
inline media::Presentation SampleTwoCodecs() {
  media::Presentation presentation = SamplePresentation();
  auto& renditions = presentation.renditions;
  renditions.insert(renditions.begin(),
                    SampleVideo("720p-av1", 1280, 720, "av01.0.05M.08", 1'900'000, 1'400'000));
  media::Rendition opus = SampleAudio("audio-96k-opus", 100'000, 96'000);
  opus.codec = "opus";
  renditions.insert(renditions.begin() + 3, opus);
  return presentation;
}

inline media::Presentation SampleAudioPresentation() {
  media::Presentation presentation;
  presentation.duration = media::Millis(8213);
  presentation.renditions = {SampleAudio("audio-128k", 135'000, 128'000),
                             SampleAudio("audio-64k", 70'000, 64'000)};
  return presentation;
}

}  // namespace penstock::manifest
