// The ladder: which renditions a source gets. Pure.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "media/media_info.h"
#include "media/presentation.h"

namespace penstock::transcoder {

enum class VideoCodec { kH264, kAv1 };
enum class AudioCodec { kAac, kOpus };

// One rung as the configuration names it. Heights are of landscape pictures; a portrait source is
// laid on its side to choose.
struct VideoRung {
  std::string name;  // "720p"
  int height = 0;
  std::int64_t max_bit_rate = 0;  // VBV cap, bits a second
  int crf = 23;
  VideoCodec codec = VideoCodec::kH264;
  std::string preset = {};  // of the codec's encoder; empty: the plan's
};
struct AudioRung {
  std::string name;  // "audio-128k"
  std::int64_t bit_rate = 0;
  AudioCodec codec = AudioCodec::kAac;
};
// Rungs of AV1 may stand beside rungs of H.264; players stay with those of one codec.
struct LadderProfile {
  std::vector<VideoRung> video = {{"1080p", 1080, 5'000'000, 23},
                                  {"720p", 720, 2'800'000, 23},
                                  {"480p", 480, 1'400'000, 23},
                                  {"360p", 360, 800'000, 23},
                                  {"240p", 240, 400'000, 24}};
  std::vector<AudioRung> audio_with_video = {{"audio-128k", 128'000}};  // one of each codec
  std::vector<AudioRung> audio_only = {
      {"audio-192k", 192'000}, {"audio-128k", 128'000}, {"audio-64k", 64'000}};
  std::string preset = "veryfast";       // of rungs that name none
  media::Millis segment_duration{4000};  // also the distance of the key frames
  bool copy_through = false;             // compliant H.264 as the top rung without encoding it
  int threads = 0;  // that the encoders of one task start together; 0: one a core
  std::optional<double> loudness_target;  // LUFS
};

struct PlannedVideo {
  VideoRung rung;
  int width = 0, height = 0;  // even, square pixels, upright
  // ISO/IEC 23091-2, of what is encoded.
  int color_primaries = 2, color_transfer = 2, color_matrix = 2;
  int threads = 1;      // of its encoder; 1: it works in the thread that calls it
  bool copied = false;  // the source's own pictures, not encoded
};
struct PlannedAudio {
  AudioRung rung;
  int stream = -1;  // in the container; less than 0: the first sound
  int track = 0;    // its place among the published tracks
  bool is_default = false;
  int sample_rate = 48000;
  int channels = 2;
};
struct PlannedText {
  int stream = 0;  // in the container
  std::string id;  // of the text track
};
// A stretch of the pictures that is encoded on its own, from one key frame of the source to
// another. Times are ticks of 1/90000 s.
struct Chunk {
  std::int64_t begin = 0;
  std::int64_t end = std::numeric_limits<std::int64_t>::max();
  std::vector<std::int64_t> cuts;  // where segments begin, after begin; the first picture at or
                                   // after each
  // Its key frames: time, and place in the source's bytes.
  std::vector<std::pair<std::int64_t, std::int64_t>> entries;
};
struct TranscodePlan {
  std::vector<PlannedVideo> video;  // top rung first; empty without a picture
  std::vector<PlannedAudio> audio;  // in the order of tracks, from the best down; or empty
  std::vector<PlannedText> text;    // subtitles that are text
  std::string preset = "veryfast";
  media::Millis segment_duration{4000};
  int threads = 0;
  std::optional<std::int64_t> origin;  // the source's own time that is presented at 0, if known
  std::optional<Chunk> chunk;          // none: all pictures, segments on a grid of segment_duration
  std::optional<double> loudness_target;  // LUFS; none: the sound stays as loud as it is
  bool poster = false;
  bool waveform = false;  // of the default track
  bool storyboard = false;
  int storyboard_columns = 10, storyboard_tiles = 0;
  int tile_width = 0, tile_height = 0;
  media::Millis tile_interval{0};
  int still_width = 0, still_height = 0;  // of pictures that are made for stills alone
  bool only_key_frames = false;           // when nothing is made but stills

  bool IsTextAlone() const {
    return !text.empty() && video.empty() && audio.empty() && !poster && !storyboard;
  }
};

// Never upscales: rungs above the source's displayed height are left out; a source below the lowest
// rung of a codec gets one of its own size, named after its height. What is too small for the AV1
// encoder is left to H.264. Each of
// info.AudioTracks() gets one rung of each codec beside a picture. Without one, a single track gets
// the audio ladder, and each of several the best rung of each codec. The default track is the first
// that the source marks as such, else the first. Attached pictures make a poster only.
TranscodePlan PlanLadder(const media::MediaInfo& info, const LadderProfile& profile);

// "720p"; "720p-av1".
std::string VideoRungName(int height, VideoCodec codec);
// "audio-128k"; "audio-96k-opus". rate: "128k".
std::string AudioRungName(const std::string& rate, AudioCodec codec);

// Shares the threads of a task among the encoders of its rungs, by their pixels: what does not make
// two threads for a rung goes to the top one. REQUIRES: threads >= 1.
void ShareThreads(int threads, std::vector<PlannedVideo>& rungs);

}  // namespace penstock::transcoder
