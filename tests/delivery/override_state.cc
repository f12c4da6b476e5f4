#include "tests/delivery/override_state.h"

#include <gtest/gtest.h>
#include <soci/soci.h>

namespace penstock::testing {

void OverrideState(catalog::Database& database, const media::AssetId& asset,
                   const std::string& stage, const std::string& rights) {
  const Status status = database.Write([&](soci::session& sql) -> Status {
    sql << "UPDATE assets SET stage = :stage, rights = :rights WHERE id = :id",
        soci::use(stage, "stage"), soci::use(rights, "rights"), soci::use(asset.text(), "id");
    return {};
  });
  ASSERT_TRUE(status.has_value()) << status.error().message;
}

void OverrideOpened(catalog::Database& database, const media::AssetId& asset, Time opened) {
  const std::int64_t millis = ToMillis(opened);
  const Status status = database.Write([&](soci::session& sql) -> Status {
    sql << "UPDATE assets SET opened = :opened WHERE id = :id", soci::use(millis, "opened"),
        soci::use(asset.text(), "id");
    return {};
  });
  ASSERT_TRUE(status.has_value()) << status.error().message;
}

}  // namespace penstock::testing
