// The ladder: which renditions a source gets. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "media/media_info.h"
#include "media/presentation.h"

namespace penstock::transcoder {

// One rung as the configuration names it. Heights are of landscape pictures; a portrait source is
// laid on its side to choose.
struct VideoRung {
  std::string name;  // "720p"
  int height = 0;
  std::int64_t max_bit_rate = 0;  // VBV cap, bits a second
  int crf = 23;
};
struct AudioRung {
  std::string name;  // "audio-128k"
  std::int64_t bit_rate = 0;
};
struct LadderProfile {
  std::vector<VideoRung> video = {{"1080p", 1080, 5'000'000, 23},
                                  {"720p", 720, 2'800'000, 23},
                                  {"480p", 480, 1'400'000, 23},
                                  {"360p", 360, 800'000, 23},
                                  {"240p", 240, 400'000, 24}};
  AudioRung audio_with_video = {"audio-128k", 128'000};
  std::vector<AudioRung> audio_only = {
      {"audio-192k", 192'000}, {"audio-128k", 128'000}, {"audio-64k", 64'000}};
  std::string preset = "veryfast";
  media::Millis segment_duration{4000};  // also the distance of the key frames
  int threads = 0;  // that the encoders of one task start together; 0: one a core
};

struct PlannedVideo {
  VideoRung rung;
  int width = 0, height = 0;  // even, square pixels, upright
  int threads = 1;            // of its encoder; 1: it works in the thread that calls it
};
struct PlannedAudio {
  AudioRung rung;
  int sample_rate = 48000;
  int channels = 2;
};
struct TranscodePlan {
  std::vector<PlannedVideo> video;  // top rung first; empty without a picture
  std::vector<PlannedAudio> audio;  // empty without sound
  std::string preset = "veryfast";
  media::Millis segment_duration{4000};
  int threads = 0;
  bool poster = false;
  bool storyboard = false;
  int storyboard_columns = 10, storyboard_tiles = 0;
  int tile_width = 0, tile_height = 0;
  media::Millis tile_interval{0};
};

// Never upscales: rungs above the source's displayed height are left out; a source below the lowest
// rung gets one rung of its own size, named after its height. Sound without a picture gets the
// audio ladder. Attached pictures make a poster only.
TranscodePlan PlanLadder(const media::MediaInfo& info, const LadderProfile& profile);

// Shares the threads of a task among the encoders of its rungs, by their pixels: what does not make
// two threads for a rung goes to the top one. REQUIRES: threads >= 1.
void ShareThreads(int threads, std::vector<PlannedVideo>& rungs);

}  // namespace penstock::transcoder
