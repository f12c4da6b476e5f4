#include "catalog/part_rows.h"

#include <string>
#include <utility>
#include <vector>

#include "media/json.h"

namespace penstock::catalog {

void SumUpPercent(soci::session& sql, const media::AssetId& asset) {
  sql << "UPDATE assets SET percent = (SELECT SUM(cost * percent) / SUM(cost) FROM parts WHERE "
         "parts.asset = assets.id) WHERE id = :asset",
      soci::use(asset.text(), "asset");
}

Result<media::Presentation> JoinParts(soci::session& sql, const media::AssetId& asset) {
  std::vector<media::Presentation> parts;
  int pictures = 0;
  std::string result;
  Query query(sql);
  query.Into(pictures).Into(result).Use(asset.text(), "asset");
  query.Run("SELECT pictures, result FROM parts WHERE asset = :asset ORDER BY position");
  bool pictures_go_on = true;
  while (query.Next()) {
    if (result.empty()) {
      if (pictures != 0) pictures_go_on = false;
      continue;
    }
    if (pictures != 0 && !pictures_go_on) continue;
    PENSTOCK_TRY(media::Presentation part, media::FromJson<media::Presentation>(result));
    parts.push_back(std::move(part));
  }
  return media::Join(std::move(parts));
}

}  // namespace penstock::catalog
