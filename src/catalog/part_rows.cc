#include "catalog/part_rows.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "media/json.h"

namespace penstock::catalog {

namespace {

double EndOf(const media::Rendition& rendition) {
  const media::Segment& last = rendition.segments.back();
  return static_cast<double>(last.start + last.duration) / rendition.timescale;
}

// Players take a stream for as long as its longest track.
void TrimSound(media::Presentation& presentation) {
  double end = 0;
  for (const media::Rendition& rendition : presentation.renditions) {
    if (rendition.kind != media::RenditionKind::kVideo || rendition.segments.empty()) continue;
    end = std::max(end, EndOf(rendition));
  }
  if (end == 0) return;
  for (media::Rendition& rendition : presentation.renditions) {
    if (rendition.kind != media::RenditionKind::kAudio) continue;
    std::erase_if(rendition.segments, [&](const media::Segment& segment) {
      return static_cast<double>(segment.start) / rendition.timescale >= end;
    });
  }
  presentation.duration = media::Millis(std::llround(end * 1000));
}

}  // namespace

void SumUpPercent(soci::session& sql, const media::AssetId& asset) {
  sql << "UPDATE assets SET percent = COALESCE((SELECT SUM(cost * percent) / SUM(cost) FROM parts "
         "WHERE parts.asset = assets.id), 0) WHERE id = :asset",
      soci::use(asset.text(), "asset");
}

Result<media::Presentation> JoinParts(soci::session& sql, const media::AssetId& asset) {
  std::vector<media::Presentation> parts;
  int pictures = 0;
  std::string result;
  Query query(sql);
  query.Into(pictures).Into(result).Use(asset.text(), "asset");
  query.Run("SELECT pictures, result FROM parts WHERE asset = :asset ORDER BY position");
  bool complete = true;
  bool pictures_go_on = true;
  while (query.Next()) {
    if (result.empty()) {
      complete = false;
      if (pictures != 0) pictures_go_on = false;
      continue;
    }
    if (pictures != 0 && !pictures_go_on) continue;
    PENSTOCK_TRY(media::Presentation part, media::FromJson<media::Presentation>(result));
    parts.push_back(std::move(part));
  }
  media::Presentation joined = media::Join(std::move(parts));
  joined.complete = complete;
  if (!complete) TrimSound(joined);
  return joined;
}

}  // namespace penstock::catalog
