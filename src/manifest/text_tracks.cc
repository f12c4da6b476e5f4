#include "manifest/text_tracks.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "manifest/quoting.h"

namespace penstock::manifest {
namespace {

using media::TextTrack;
using media::TextTrackKind;

// What a viewer chooses by. Members of a group have different names (RFC 8216 4.3.4.1.1).
std::string NameOf(const TextTrack& track, std::set<std::string>& names) {
  std::string name = track.label;
  if (name.empty()) {
    name = track.language.empty() ? "Subtitles" : track.language;
    if (track.kind == TextTrackKind::kCaptions) name += " (captions)";
    if (track.forced) name += " (forced)";
  }
  std::string unique = name;
  for (int n = 2; !names.insert(unique).second; ++n) unique = fmt::format("{} {}", name, n);
  return unique;
}

// Apple's HLS authoring specification, 4.5, for text that also tells what is heard.
constexpr std::string_view kCaptionCharacteristics =
    "public.accessibility.transcribes-spoken-dialog,"
    "public.accessibility.describes-music-and-sound";

std::string_view RoleOf(const TextTrack& track) {
  if (track.forced) return "forced-subtitle";
  return track.kind == TextTrackKind::kCaptions ? "caption" : "subtitle";
}

std::int64_t BandwidthOf(const TextTrack& track, media::Millis duration) {
  const std::int64_t millis = std::max<std::int64_t>(duration.count(), 1000);
  return std::max<std::int64_t>(static_cast<std::int64_t>(track.size) * 8000 / millis, 1);
}

}  // namespace

std::string RenderTextGroup(const media::Presentation& presentation) {
  std::string text;
  if (!presentation.complete) return text;
  std::set<std::string> names;
  std::set<std::string> languages;
  bool has_default = false;
  for (const TextTrack& track : presentation.text_tracks) {
    const bool is_default = track.is_default && !has_default;
    has_default = has_default || is_default;
    // Those that may be chosen automatically differ in language; what is forced is always one.
    const bool first = languages.insert(track.language + (track.forced ? "/forced" : "")).second;
    text += fmt::format("#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"{}\",NAME={}", kTextGroup,
                        Quoted(NameOf(track, names)));
    if (!track.language.empty()) text += fmt::format(",LANGUAGE={}", Quoted(track.language));
    text += fmt::format(",DEFAULT={},AUTOSELECT={},FORCED={}", is_default ? "YES" : "NO",
                        is_default || first ? "YES" : "NO", track.forced ? "YES" : "NO");
    if (track.kind == TextTrackKind::kCaptions) {
      text += fmt::format(",CHARACTERISTICS=\"{}\"", kCaptionCharacteristics);
    }
    text += fmt::format(",URI=\"captions/{}.m3u8\"\n", track.id);
  }
  return text;
}

std::string RenderTextPlaylist(const TextTrack& track, media::Millis duration) {
  const std::int64_t ms = std::max<std::int64_t>(duration.count(), 1);
  return fmt::format(
      "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{}\n#EXT-X-MEDIA-SEQUENCE:0\n"
      "#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:{}.{:03},\n{}.vtt\n#EXT-X-ENDLIST\n",
      (ms + 999) / 1000, ms / 1000, ms % 1000, track.id);
}

std::string RenderTextSets(const media::Presentation& presentation, std::size_t first_id) {
  std::string text;
  if (!presentation.complete) return text;
  for (const TextTrack& track : presentation.text_tracks) {
    text += fmt::format("    <AdaptationSet id=\"{}\" contentType=\"text\" mimeType=\"text/vtt\"",
                        first_id++);
    if (!track.language.empty()) text += fmt::format(" lang=\"{}\"", XmlEscape(track.language));
    text += ">\n";
    if (!track.label.empty()) {
      text += fmt::format("      <Label>{}</Label>\n", XmlEscape(track.label));
    }
    text += fmt::format(
        "      <Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"{}\"/>\n"
        "      <Representation id=\"{}\" bandwidth=\"{}\">\n"
        "        <BaseURL>captions/{}.vtt</BaseURL>\n"
        "      </Representation>\n    </AdaptationSet>\n",
        RoleOf(track), track.id, BandwidthOf(track, presentation.duration), track.id);
  }
  return text;
}

}  // namespace penstock::manifest
