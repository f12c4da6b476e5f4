// Puts an asset into a state that no transaction of the catalog leads to yet, past its rules.
#pragma once

#include <string>

#include "base/clock.h"
#include "catalog/database.h"
#include "media/ids.h"

namespace penstock::testing {

// stage and rights as they stand in the catalog's columns.
void OverrideState(catalog::Database& database, const media::AssetId& asset,
                   const std::string& stage, const std::string& rights);

// Lets the asset have played from its beginning on since then, while the rest was being made.
void OverrideOpened(catalog::Database& database, const media::AssetId& asset, Time opened);

}  // namespace penstock::testing
