// The shapes of text tracks and warnings.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/json_mapping.h"
#include "media/language.h"

namespace penstock::api {

using nlohmann::json;

namespace {

json WarningOf(std::string_view code, const media::StreamInfo& stream, std::string_view reason) {
  const std::string language = media::LanguageTag(stream.language);
  return {{"code", code},
          {"message", fmt::format("subtitle stream {}{} is left out: {}", stream.index,
                                  language.empty() ? "" : " (" + language + ")", reason)}};
}

json WarningsOf(const media::MediaInfo& info) {
  json warnings = json::array();
  std::size_t texts = 0;
  for (const media::StreamInfo& stream : info.streams) {
    if (stream.kind != media::StreamKind::kSubtitle) continue;
    if (media::IsBitmapSubtitle(stream.codec)) {
      warnings.push_back(WarningOf("bitmap_subtitles", stream,
                                   "it is made of pictures (" + stream.codec + "), not of text"));
    } else if (!media::IsTextSubtitle(stream.codec)) {
      warnings.push_back(WarningOf("unsupported_subtitles", stream,
                                   "its format (" + stream.codec + ") is not known here"));
    } else if (++texts > media::kMostTextTracks) {
      warnings.push_back(
          WarningOf("too_many_text_tracks", stream,
                    fmt::format("no more than {} text tracks are taken", media::kMostTextTracks)));
    }
  }
  return warnings;
}

// Headers are rounded and a little wrong in many files.
bool IsCut(const media::MediaInfo& info, const media::Presentation& presentation) {
  const media::Millis tolerance = std::max(media::Millis(2000), info.claimed_duration / 100);
  return presentation.complete && presentation.duration + tolerance < info.claimed_duration;
}

}  // namespace

json ToJson(const media::TextTrack& track) {
  return {{"id", track.id},
          {"kind", media::TextTrackKindName(track.kind)},
          {"language", TextOrNull(track.language)},
          {"label", TextOrNull(track.label)},
          {"default", track.is_default},
          {"forced", track.forced},
          {"source", track.uploaded ? "upload" : "file"},
          {"cues", track.cues},
          {"size", track.size}};
}

json ToJson(const std::vector<media::TextTrack>& tracks) {
  json items = json::array();
  for (const media::TextTrack& track : tracks) items.push_back(ToJson(track));
  return items;
}

json WarningsOf(const std::optional<media::MediaInfo>& info,
                const std::optional<media::Presentation>& presentation) {
  json warnings = info ? WarningsOf(*info) : json::array();
  if (!presentation) return warnings;
  if (info && IsCut(*info, *presentation)) {
    warnings.push_back(
        {{"code", "source_cut"},
         {"message", fmt::format("the file should last {:.1f} s, but its sound and pictures end at "
                                 "{:.1f} s: what is there can be played",
                                 media::ToSeconds(info->claimed_duration),
                                 media::ToSeconds(presentation->duration))}});
  }
  for (const media::Warning& warning : presentation->warnings) {
    warnings.push_back({{"code", warning.code}, {"message", warning.message}});
  }
  return warnings;
}

}  // namespace penstock::api
