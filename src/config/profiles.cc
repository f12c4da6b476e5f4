#include "config/profiles.h"

#include <algorithm>
#include <cstdlib>

#include "config/rules.h"

namespace penstock::config {
namespace {

constexpr std::size_t kLongestName = 32;
constexpr std::int64_t kHighestX264Crf = 51;
constexpr long kLeastAv1Height = 64;  // NOLINT(google-runtime-int): of strtol

std::string KnownNames(const Config& config) {
  std::string names(kMainProfile);
  for (const auto& [name, profile] : config.profiles) names += ", " + name;
  return names;
}

void CheckProfile(const std::string& name, const ProfileConfig& profile,
                  std::vector<Error>& mistakes) {
  const std::string section = "profiles." + name + ".";
  const bool av1 = profile.codec == "av1";
  if (!profile.preset.empty() && av1 && !IsSvtPreset(profile.preset)) {
    mistakes.push_back(
        BrokenRule("", section + "preset", "a preset of SVT-AV1, from \"0\" to \"13\""));
  }
  const auto is_tiny = [](const std::string& rung) {
    return std::strtol(rung.c_str(), nullptr, 10) < kLeastAv1Height;
  };
  if (av1 && std::ranges::any_of(profile.rungs, is_tiny)) {
    mistakes.push_back(BrokenRule("", section + "rungs", "of 64 lines or more with the codec av1"));
  }
  if (!profile.preset.empty() && !av1 && !IsX264Preset(profile.preset)) {
    mistakes.push_back(
        BrokenRule("", section + "preset", "a preset of x264, from ultrafast to veryslow"));
  }
  if (!av1 && profile.crf > kHighestX264Crf) {
    mistakes.push_back(BrokenRule("", section + "crf", "from 1 to 51 with the codec h264"));
  }
  if (!av1 && !profile.fallback_rungs.empty()) {
    mistakes.push_back(BrokenRule("", section + "fallback_rungs",
                                  "empty with the codec h264, which every player knows"));
  }
}

}  // namespace

Profiles BuiltInProfiles() {
  ProfileConfig av1;
  av1.codec = "av1";
  av1.preset = "10";
  av1.crf = 35;
  av1.rungs = {"1080p:3400k", "720p:1900k", "480p:950k", "360p:550k", "240p:300k"};
  av1.audio_rungs = {"128k", "96k", "48k"};
  av1.audio_bit_rate = "96k";
  av1.fallback_rungs = {"720p:2800k", "360p:800k"};
  return {{"av1", av1}};
}

bool IsProfileName(std::string_view name) {
  if (name.empty() || name.size() > kLongestName || name[0] < 'a' || name[0] > 'z') return false;
  return std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

std::vector<Error> ProfileMistakes(const Config& config) {
  std::vector<Error> mistakes;
  for (const auto& [name, profile] : config.profiles) CheckProfile(name, profile, mistakes);
  const std::string& chosen = config.transcode.profile;
  if (chosen != kMainProfile && !config.profiles.contains(chosen)) {
    mistakes.push_back(
        BrokenRule("", "transcode.profile", "one of the known profiles: " + KnownNames(config)));
  }
  return mistakes;
}

}  // namespace penstock::config
