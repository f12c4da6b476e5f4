#include "delivery/playback_metadata.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"

namespace penstock::delivery {

std::string PlaybackMetadata(const media::Asset& asset, const media::Presentation& presentation) {
  const auto top = std::find_if(presentation.renditions.begin(), presentation.renditions.end(),
                                [](const media::Rendition& rendition) {
                                  return rendition.kind == media::RenditionKind::kVideo;
                                });
  const bool video = top != presentation.renditions.end();
  return fmt::format(
      R"({{"title":{},"duration":{:.3f},"kind":"{}","width":{},"height":{},)"
      R"("has_thumbnail":{},"has_storyboard":{},"has_waveform":{},"complete":{},"created":"{}"}})",
      JsonQuote(asset.title),
      media::ToSeconds(presentation.complete ? presentation.duration : asset.duration),
      video ? "video" : "audio", video ? std::to_string(top->width) : "null",
      video ? std::to_string(top->height) : "null", !presentation.poster_object.empty(),
      presentation.storyboard.has_value(), !presentation.waveform_object.empty(),
      presentation.complete, FormatRfc3339(asset.created));
}

}  // namespace penstock::delivery
