// SQL past the aggregates, for states that no call of theirs brings about.
#pragma once

#include <gtest/gtest.h>
#include <soci/soci.h>

#include <string>

#include "catalog/database.h"

namespace penstock::catalog {

inline void RunSql(Database& database, const std::string& statement) {
  const Status status = database.Write([&](soci::session& sql) -> Status {
    sql << statement;
    return {};
  });
  ASSERT_TRUE(status.has_value()) << status.error().message;
}

inline std::string QuerySql(Database& database, const std::string& statement) {
  std::string value;
  const Status status = database.Read([&](soci::session& sql) -> Status {
    sql << statement, soci::into(value);
    return {};
  });
  EXPECT_TRUE(status.has_value()) << status.error().message;
  return value;
}

}  // namespace penstock::catalog
