#include "manifest/dash.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "manifest/quoting.h"
#include "manifest/text_tracks.h"

namespace penstock::manifest {
namespace {

using media::Rendition;
using media::RenditionKind;

// xs:duration with milliseconds.
std::string XmlDuration(std::int64_t millis) {
  return fmt::format("PT{}.{:03}S", millis / 1000, millis % 1000);
}

std::int64_t Timescale(const Rendition& rendition) {
  return std::max<std::int64_t>(rendition.timescale, 1);
}

// @bandwidth is the rate at which a buffer of minBufferTime never runs dry (ISO/IEC
// 23009-1 5.3.5.4); ours is the heaviest segment's, so one whole segment is enough.
std::int64_t MinBufferMillis(const media::Presentation& presentation) {
  std::int64_t longest = 1000;
  for (const Rendition& rendition : presentation.renditions) {
    for (const media::Segment& segment : rendition.segments) {
      const std::int64_t timescale = Timescale(rendition);
      longest = std::max(longest, (segment.duration * 1000 + timescale - 1) / timescale);
    }
  }
  return longest;
}

// ISO/IEC 23009-1 5.3.9.6: equal durations in a row are one S with @r repeats; @t where time does
// not simply go on.
std::string SegmentTimeline(const Rendition& rendition) {
  std::string text = "          <SegmentTimeline>\n";
  const auto& segments = rendition.segments;
  std::int64_t expected = -1;
  for (std::size_t first = 0; first < segments.size();) {
    std::size_t next = first + 1;
    const std::int64_t duration = segments[first].duration;
    while (next < segments.size() && segments[next].duration == duration &&
           segments[next].start == segments[next - 1].start + duration) {
      ++next;
    }
    text += "            <S";
    if (segments[first].start != expected) text += fmt::format(" t=\"{}\"", segments[first].start);
    text += fmt::format(" d=\"{}\"", duration);
    if (next - first > 1) text += fmt::format(" r=\"{}\"", next - first - 1);
    text += "/>\n";
    expected = segments[next - 1].start + duration;
    first = next;
  }
  return text + "          </SegmentTimeline>\n";
}

std::string FrameRate(media::Rational rate) {
  if (rate.numerator <= 0 || rate.denominator <= 0) return "";
  if (rate.denominator == 1) return fmt::format(" frameRate=\"{}\"", rate.numerator);
  return fmt::format(" frameRate=\"{}/{}\"", rate.numerator, rate.denominator);
}

// ISO/IEC 23009-1 5.3.5 (Representation) and 5.3.9.4 (SegmentTemplate).
std::string Representation(const Rendition& rendition) {
  const std::string name = XmlEscape(rendition.name);
  std::string text = fmt::format("      <Representation id=\"{}\" codecs=\"{}\" bandwidth=\"{}\"",
                                 name, XmlEscape(rendition.codec), rendition.peak_bandwidth);
  if (rendition.kind == RenditionKind::kVideo) {
    text += fmt::format(" width=\"{}\" height=\"{}\" sar=\"1:1\"{}>\n", rendition.width,
                        rendition.height, FrameRate(rendition.frame_rate));
  } else {
    text += fmt::format(
        " audioSamplingRate=\"{}\">\n"
        "        <AudioChannelConfiguration "
        "schemeIdUri=\"urn:mpeg:dash:23003:3:audio_channel_configuration:2011\" value=\"{}\"/>\n",
        rendition.sample_rate, rendition.channels);
  }
  text += fmt::format(
      "        <SegmentTemplate timescale=\"{}\" startNumber=\"0\" initialization=\"{}/init.mp4\" "
      "media=\"{}/$Number$.m4s\">\n",
      Timescale(rendition), name, name);
  return text + SegmentTimeline(rendition) +
         "        </SegmentTemplate>\n      </Representation>\n";
}

// ISO/IEC 23009-1 5.3.3: what a player may switch between without asking the viewer, and without
// another decoder.
struct AdaptationSet {
  RenditionKind kind;
  int track;               // of sound
  std::string_view codec;  // without its parameters
  bool main;               // what is played unless a viewer asks for another
  std::vector<const Rendition*> renditions;
};

// H.264 and AAC are for players that do not know the newer codec of the same (5.3.3.2
// @selectionPriority, 1 where it is not written).
bool IsPreferred(const AdaptationSet& set, const std::vector<AdaptationSet>& sets) {
  if (set.codec.starts_with("avc") || set.codec == "mp4a") return false;
  return std::ranges::any_of(sets, [&](const AdaptationSet& other) {
    return other.kind == set.kind && other.track == set.track && other.codec != set.codec;
  });
}

std::vector<AdaptationSet> GroupBySet(const media::Presentation& presentation) {
  std::vector<AdaptationSet> sets;
  const auto by_kind = [](RenditionKind kind) {
    return [kind](const AdaptationSet& set) { return set.kind == kind; };
  };
  for (const Rendition& rendition : presentation.renditions) {
    const int track = rendition.kind == RenditionKind::kAudio ? rendition.track : 0;
    const std::string_view codec = rendition.CodecName();
    auto set = std::ranges::find_if(sets, [&](const AdaptationSet& each) {
      return each.kind == rendition.kind && each.track == track && each.codec == codec;
    });
    if (set == sets.end()) {
      set = sets.insert(sets.end(), {rendition.kind, track, codec, rendition.is_default, {}});
    }
    set->renditions.push_back(&rendition);
  }
  for (const RenditionKind kind : {RenditionKind::kVideo, RenditionKind::kAudio}) {
    const auto first = std::ranges::find_if(sets, by_kind(kind));
    const auto is_main = [&](const AdaptationSet& set) { return set.kind == kind && set.main; };
    if (first == sets.end() || std::ranges::any_of(sets, is_main)) continue;
    const int track = first->track;
    for (AdaptationSet& set : sets) set.main |= set.kind == kind && set.track == track;
  }
  return sets;
}

std::string RenderSet(const AdaptationSet& set, std::size_t id, bool preferred) {
  const bool audio = set.kind == RenditionKind::kAudio;
  const Rendition& first = *set.renditions.front();
  const std::string_view type = audio ? "audio" : "video";
  std::string text = fmt::format(
      "    <AdaptationSet id=\"{}\" contentType=\"{}\" mimeType=\"{}/mp4\"", id, type, type);
  if (audio && !first.language.empty()) {
    text += fmt::format(" lang=\"{}\"", XmlEscape(first.language));
  }
  if (preferred) text += " selectionPriority=\"2\"";
  text += " segmentAlignment=\"true\" startWithSAP=\"1\">\n";
  if (audio && !first.title.empty()) {
    text += fmt::format("      <Label>{}</Label>\n", XmlEscape(first.title));
  }
  text += fmt::format("      <Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"{}\"/>\n",
                      set.main ? "main" : "alternate");
  for (const Rendition* rendition : set.renditions) text += Representation(*rendition);
  return text + "    </AdaptationSet>\n";
}

// ISO/IEC 23009-1 5.3.1. What grows is not live: every segment has been available for a day, and a
// player begins a day and what has passed since the opening before now, which is at the start.
std::string TimeOf(const media::Presentation& presentation, const std::optional<Growth>& growth) {
  if (!growth) {
    return fmt::format("type=\"static\" mediaPresentationDuration=\"{}\"",
                       XmlDuration(presentation.duration.count()));
  }
  constexpr std::chrono::hours kDay{24};
  return fmt::format(
      "type=\"dynamic\" availabilityStartTime=\"{}\" minimumUpdatePeriod=\"PT2S\" "
      "suggestedPresentationDelay=\"{}\"",
      FormatRfc3339(growth->opened - kDay),
      XmlDuration(ToMillis(growth->now) - ToMillis(growth->opened - kDay)));
}

}  // namespace

std::string RenderMpd(const media::Presentation& presentation,
                      const std::optional<Growth>& growth) {
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" "
      "profiles=\"urn:mpeg:dash:profile:isoff-live:2011\" {} minBufferTime=\"{}\">\n"
      "  <Period id=\"0\" start=\"PT0S\">\n",
      TimeOf(presentation, growth), XmlDuration(MinBufferMillis(presentation)));
  const std::vector<AdaptationSet> sets = GroupBySet(presentation);
  for (std::size_t id = 0; id < sets.size(); ++id) {
    text += RenderSet(sets[id], id, IsPreferred(sets[id], sets));
  }
  if (!growth) text += RenderTextSets(presentation, sets.size());
  text += "  </Period>\n";
  // Without it players ask a server of their own choice for the time.
  if (growth) {
    text +=
        fmt::format("  <UTCTiming schemeIdUri=\"urn:mpeg:dash:utc:direct:2014\" value=\"{}\"/>\n",
                    FormatRfc3339(growth->now));
  }
  return text + "</MPD>\n";
}

}  // namespace penstock::manifest
