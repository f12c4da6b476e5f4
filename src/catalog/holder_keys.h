// The public keys by which the lists of a rights holder are known to be his.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"

namespace penstock::catalog {

struct HolderKey {
  std::string holder;
  std::string id;          // of the key; unique with the holder
  std::string public_key;  // its bytes
  Time created{};
};

// From a holder's first key on, only signed lists are taken in his name; with the last one, that
// ends. Several keys let a holder change over from one to the next.
class HolderKeys {
 public:
  HolderKeys(Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // Event "holder_key.added". Errors: kConflict "key_exists".
  Status Add(const std::string& holder, const std::string& id, const std::string& public_key);
  // Event "holder_key.removed". Errors: kNotFound "key_not_found".
  Status Remove(const std::string& holder, const std::string& id);
  Result<std::vector<HolderKey>> Of(const std::string& holder);
  Result<std::vector<HolderKey>> All();  // by holder, the oldest first

 private:
  Result<std::vector<HolderKey>> Read(const std::string& holder);  // "": of all

  Database& database_;
  const Clock& clock_;
};

}  // namespace penstock::catalog
