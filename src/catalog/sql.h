// Statements as this folder writes them. For the sources of the catalog only.
//
// Values are bound by reference: they must live until the statement has run, so they are never
// temporaries.
#pragma once

#include <soci/soci.h>

#include <string>

#include "catalog/database.h"

namespace penstock::catalog {

// A query whose columns and parameters are gathered one by one, and whose rows are read one by one.
class Query {
 public:
  explicit Query(soci::session& sql) : statement_(sql) {}

  // The next column of the result.
  template <typename T>
  Query& Into(T& value) {
    statement_.exchange(soci::into(value));
    return *this;
  }
  template <typename T>
  Query& Use(const T& value, const char* name) {
    statement_.exchange(soci::use(value, name));
    return *this;
  }
  void Run(const std::string& text) {
    statement_.alloc();
    statement_.prepare(text);
    statement_.define_and_bind();
    statement_.execute();
  }
  // Fills the columns from the next row; false when there is none.
  bool Next() { return statement_.fetch(); }

 private:
  soci::statement statement_;
};

// Rows that the statement changed.
inline long long Execute(soci::statement&& statement) {
  statement.execute(true);
  return statement.get_affected_rows();
}

}  // namespace penstock::catalog
