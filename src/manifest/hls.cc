#include "manifest/hls.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "manifest/quoting.h"
#include "manifest/text_tracks.h"

namespace penstock::manifest {
namespace {

using media::Rendition;
using media::RenditionKind;

// EXT-X-MAP in a playlist without EXT-X-I-FRAMES-ONLY needs 6, fragmented MP4 audio groups play
// with 7 (RFC 8216 section 7).
constexpr int kVersion = 7;
// Without it a player takes what grows for a live stream and begins at its end.
constexpr std::string_view kFromTheStart = "#EXT-X-START:TIME-OFFSET=0,PRECISE=YES\n";
constexpr std::string_view kAudioGroup = "audio";

std::vector<const Rendition*> OfKind(const media::Presentation& presentation, RenditionKind kind) {
  std::vector<const Rendition*> found;
  for (const Rendition& rendition : presentation.renditions) {
    if (rendition.kind == kind) found.push_back(&rendition);
  }
  return found;
}

// The one that is played unless a viewer asks for another.
const Rendition* DefaultOf(const std::vector<const Rendition*>& audio) {
  const auto marked = std::ranges::find_if(audio, &Rendition::is_default);
  return marked == audio.end() ? audio.front() : *marked;
}

// For people, and unlike all before it (RFC 8216 4.3.4.1.1).
std::string NameOf(const Rendition& rendition, std::set<std::string>& taken) {
  std::string name = fmt::format("Track {}", rendition.track + 1);
  if (!rendition.language.empty()) name = rendition.language;
  if (!rendition.title.empty()) name = rendition.title;
  const std::string wanted = name;
  for (int n = 2; !taken.insert(name).second; ++n) name = fmt::format("{} ({})", wanted, n);
  return name;
}

// The sound of one codec. Variants of one codec belong to the sound of one codec, so that a player
// that knows both can stay with one, and another has what it needs.
struct AudioGroup {
  std::string id;
  std::vector<const Rendition*> members;
};

constexpr std::string_view kAac = "mp4a";

// One group a codec, in their order; that of a single codec has the plain name.
std::vector<AudioGroup> GroupByCodec(const std::vector<const Rendition*>& audio) {
  std::vector<AudioGroup> groups;
  for (const Rendition* rendition : audio) {
    const std::string id = fmt::format("{}-{}", kAudioGroup, rendition->CodecName());
    auto group = std::ranges::find(groups, id, &AudioGroup::id);
    if (group == groups.end()) group = groups.insert(groups.end(), {id, {}});
    group->members.push_back(rendition);
  }
  if (groups.size() == 1) groups.front().id = kAudioGroup;
  return groups;
}

// H.264 goes with AAC, which every player knows, and newer codecs with the other.
const AudioGroup& GroupFor(const Rendition& video, const std::vector<AudioGroup>& groups) {
  const bool plain = video.codec.starts_with("avc");
  const auto fits = [plain](const AudioGroup& group) {
    return group.members.front()->codec.starts_with(kAac) == plain;
  };
  const auto found = std::ranges::find_if(groups, fits);
  return found == groups.end() ? groups.front() : *found;
}

// EXT-X-MEDIA (RFC 8216 4.3.4.1). Members with AUTOSELECT=YES differ in language, and one of them
// is the default (4.3.4.1.1). embedded: the member that is in the variants themselves, or null.
std::string RenderGroup(const AudioGroup& group, const Rendition* embedded) {
  std::string text;
  const std::vector<const Rendition*>& audio = group.members;
  const Rendition* const main = DefaultOf(audio);
  std::set<std::string> languages = {main->language};
  std::set<std::string> names;
  for (const Rendition* rendition : audio) {
    text += fmt::format("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"{}\",NAME={}", group.id,
                        Quoted(NameOf(*rendition, names)));
    if (!rendition->language.empty()) {
      text += fmt::format(",LANGUAGE={}", Quoted(rendition->language));
    }
    const bool automatic = rendition == main || languages.insert(rendition->language).second;
    text += fmt::format(",DEFAULT={},AUTOSELECT={}", rendition == main ? "YES" : "NO",
                        automatic ? "YES" : "NO");
    if (rendition->channels > 0) text += fmt::format(",CHANNELS=\"{}\"", rendition->channels);
    if (rendition != embedded) {
      text += fmt::format(",URI={}", Quoted(rendition->name + "/index.m3u8"));
    }
    text += '\n';
  }
  return text;
}

// EXT-X-STREAM-INF (RFC 8216 4.3.4.2) of a rendition together with the audio group, if there is
// one.
std::string Variant(const Rendition& rendition, const AudioGroup* group, bool text_group) {
  std::string codecs = rendition.codec;
  std::set<std::string> seen = {rendition.codec};
  // The bandwidths are of the heaviest combination that can be played; other sound is played in
  // place of sound.
  const bool beside = rendition.kind == RenditionKind::kVideo;
  std::int64_t audio_peak = 0;
  std::int64_t audio_average = 0;
  const std::vector<const Rendition*> none;
  for (const Rendition* each : group == nullptr ? none : group->members) {
    if (seen.insert(each->codec).second) codecs += "," + each->codec;
    audio_peak = std::max(audio_peak, each->peak_bandwidth);
    audio_average = std::max(audio_average, each->average_bandwidth);
  }
  const auto together = [beside](std::int64_t own, std::int64_t other) {
    return beside ? own + other : std::max(own, other);
  };
  std::string text =
      fmt::format("#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},CODECS={}",
                  together(rendition.peak_bandwidth, audio_peak),
                  together(rendition.average_bandwidth, audio_average), Quoted(codecs));
  if (rendition.kind == RenditionKind::kVideo) {
    text += fmt::format(",RESOLUTION={}x{}", rendition.width, rendition.height);
    const media::Rational rate = rendition.frame_rate;
    if (rate.numerator > 0 && rate.denominator > 0) {
      const std::int64_t thousandths =
          (rate.numerator * std::int64_t{1000} + rate.denominator / 2) / rate.denominator;
      text += fmt::format(",FRAME-RATE={}.{:03}", thousandths / 1000, thousandths % 1000);
    }
  }
  if (group != nullptr) text += fmt::format(",AUDIO=\"{}\"", group->id);
  if (text_group) text += fmt::format(",SUBTITLES=\"{}\"", kTextGroup);
  return text + fmt::format("\n{}/index.m3u8\n", rendition.name);
}

// The rungs of the default track are the variants, and the other tracks an audio group beside
// those of their codec.
std::string SoundAlone(const std::vector<const Rendition*>& audio, bool text_group) {
  const int main_track = DefaultOf(audio)->track;
  std::string media;
  std::string variants;
  for (const AudioGroup& codec : GroupByCodec(audio)) {
    const auto is_rung = [&](const Rendition* rendition) { return rendition->track == main_track; };
    const auto embedded = std::ranges::find_if(codec.members, is_rung);
    if (embedded == codec.members.end()) continue;
    AudioGroup group = {codec.id, {*embedded}};
    std::ranges::copy_if(codec.members, std::back_inserter(group.members),
                         [&](const Rendition* rendition) { return !is_rung(rendition); });
    const bool several = group.members.size() > 1;
    if (several) media += RenderGroup(group, *embedded);
    for (const Rendition* rung : codec.members) {
      if (is_rung(rung)) variants += Variant(*rung, several ? &group : nullptr, text_group);
    }
  }
  return media + variants;
}

std::int64_t ToMicros(std::int64_t ticks, std::int64_t timescale) {
  return ticks / timescale * 1'000'000 +
         (ticks % timescale * 1'000'000 + timescale / 2) / timescale;
}

}  // namespace

std::string RenderMultivariantPlaylist(const media::Presentation& presentation) {
  const auto video = OfKind(presentation, RenditionKind::kVideo);
  const auto audio = OfKind(presentation, RenditionKind::kAudio);
  std::string text =
      fmt::format("#EXTM3U\n#EXT-X-VERSION:{}\n#EXT-X-INDEPENDENT-SEGMENTS\n", kVersion);
  const std::string text_group = RenderTextGroup(presentation);
  const bool has_text = !text_group.empty();
  if (video.empty()) {
    text += text_group;
    return audio.empty() ? text : text + SoundAlone(audio, has_text);
  }
  const std::vector<AudioGroup> groups = GroupByCodec(audio);
  for (const AudioGroup& group : groups) text += RenderGroup(group, nullptr);
  text += text_group;
  for (const Rendition* rendition : video) {
    const AudioGroup* const group = groups.empty() ? nullptr : &GroupFor(*rendition, groups);
    text += Variant(*rendition, group, has_text);
  }
  return text;
}

std::string RenderMediaPlaylist(const media::Rendition& rendition, bool complete) {
  const std::int64_t timescale = std::max<std::int64_t>(rendition.timescale, 1);
  std::int64_t longest = 1;
  for (const media::Segment& segment : rendition.segments) {
    longest = std::max(longest, segment.duration);
  }
  std::string text = fmt::format(
      "#EXTM3U\n#EXT-X-VERSION:{}\n#EXT-X-TARGETDURATION:{}\n#EXT-X-MEDIA-SEQUENCE:0\n"
      "#EXT-X-PLAYLIST-TYPE:{}\n{}#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"init.mp4\"\n",
      kVersion, (longest + timescale - 1) / timescale, complete ? "VOD" : "EVENT",
      complete ? "" : kFromTheStart);
  for (std::size_t n = 0; n < rendition.segments.size(); ++n) {
    const media::Segment& segment = rendition.segments[n];
    // The difference of rounded ends, not a rounded difference: the durations (RFC 8216 4.3.2.1)
    // add up without drift.
    const std::int64_t micros =
        ToMicros(segment.start + segment.duration, timescale) - ToMicros(segment.start, timescale);
    text += fmt::format("#EXTINF:{}.{:06},\n{}.m4s\n", micros / 1'000'000, micros % 1'000'000, n);
  }
  return complete ? text + "#EXT-X-ENDLIST\n" : text;
}

}  // namespace penstock::manifest
