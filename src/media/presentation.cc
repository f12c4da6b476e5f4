#include "media/presentation.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace penstock::media {
namespace {

// Video from the top rung down, then audio as it came.
bool Before(const Rendition& a, const Rendition& b) {
  if (a.kind != b.kind) return a.kind == RenditionKind::kVideo;
  return a.kind == RenditionKind::kVideo && a.width * a.height > b.width * b.height;
}

void Append(Rendition& rendition, Rendition&& more) {
  for (Segment& segment : more.segments) segment.object += rendition.objects.size();
  std::move(more.objects.begin(), more.objects.end(), std::back_inserter(rendition.objects));
  rendition.segments.insert(rendition.segments.end(), more.segments.begin(), more.segments.end());
}

}  // namespace

void MeasureBandwidth(Rendition& rendition) {
  std::int64_t longest = 0;
  std::int64_t ticks = 0;
  std::int64_t bytes = 0;
  for (const Segment& segment : rendition.segments) {
    longest = std::max(longest, segment.duration);
    ticks += segment.duration;
    bytes += static_cast<std::int64_t>(segment.bytes.length);
  }
  const auto rate = [&](std::int64_t count, std::int64_t duration) {
    return duration > 0 ? count * 8 * rendition.timescale / duration : 0;
  };
  rendition.average_bandwidth = rate(bytes, ticks);
  rendition.peak_bandwidth = rendition.average_bandwidth;
  for (const Segment& segment : rendition.segments) {
    if (segment.duration * 2 < longest) continue;
    rendition.peak_bandwidth =
        std::max(rendition.peak_bandwidth,
                 rate(static_cast<std::int64_t>(segment.bytes.length), segment.duration));
  }
}

Presentation Join(std::vector<Presentation> parts) {
  Presentation whole;
  for (Presentation& part : parts) {
    for (Rendition& more : part.renditions) {
      const auto known =
          std::find_if(whole.renditions.begin(), whole.renditions.end(),
                       [&](const Rendition& rendition) { return rendition.name == more.name; });
      if (known != whole.renditions.end()) {
        Append(*known, std::move(more));
      } else {
        whole.renditions.push_back(std::move(more));
      }
    }
    whole.duration = std::max(whole.duration, part.duration);
    if (!part.poster_object.empty()) whole.poster_object = std::move(part.poster_object);
    if (!part.waveform_object.empty()) whole.waveform_object = std::move(part.waveform_object);
    std::move(part.text_tracks.begin(), part.text_tracks.end(),
              std::back_inserter(whole.text_tracks));
    std::move(part.warnings.begin(), part.warnings.end(), std::back_inserter(whole.warnings));
    if (part.storyboard) whole.storyboard = std::move(part.storyboard);
  }
  std::stable_sort(whole.renditions.begin(), whole.renditions.end(), Before);
  for (Rendition& rendition : whole.renditions) {
    if (rendition.objects.size() > 1) MeasureBandwidth(rendition);
  }
  return whole;
}

}  // namespace penstock::media
