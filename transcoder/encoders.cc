#include "transcoder/encoders.h"

#include <set>

#include "transcoder/libav.h"

namespace penstock::transcoder {

std::string EncoderOf(VideoCodec codec) {
  return codec == VideoCodec::kAv1 ? "libsvtav1" : "libx264";
}

std::string EncoderOf(AudioCodec codec) { return codec == AudioCodec::kOpus ? "libopus" : "aac"; }

std::vector<std::string> EncodersOf(const LadderProfile& profile) {
  std::set<std::string> names;
  for (const VideoRung& rung : profile.video) names.insert(EncoderOf(rung.codec));
  for (const AudioRung& rung : profile.audio_only) names.insert(EncoderOf(rung.codec));
  for (const AudioRung& rung : profile.audio_with_video) names.insert(EncoderOf(rung.codec));
  return {names.begin(), names.end()};
}

bool HasEncoder(const std::string& name) {
  return avcodec_find_encoder_by_name(name.c_str()) != nullptr;
}

}  // namespace penstock::transcoder
