// The rows of one version of a list on their way into the catalog. For the sources of the catalog
// only.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "catalog/references.h"
#include "catalog/sql.h"

namespace penstock::catalog {

struct StagedVersion {
  std::string list;
  std::string holder;
  bool full = true;
  std::int64_t active = 0;   // the version before
  std::int64_t version = 0;  // this one
};

// A row as the tables hold it; made before the transaction, since encoding takes longer than
// writing.
struct EncodedReference {
  explicit EncodedReference(const media::Reference& reference);
  std::string id, key, kind, title, artist, isrc, excluded, fingerprint, digest;
};

// Lives within one transaction; its statements bind the members.
class ReferenceWriter {
 public:
  ReferenceWriter(soci::session& sql, const StagedVersion& version);

  // The id of the reference in the list. settled: it may match beside another holder's. Errors: as
  // ListStaging::Add has them; kept is then the id of the row that was kept nonetheless, or "".
  Result<std::string> Write(const EncodedReference& reference, bool settled, Time now,
                            std::string& kept);
  Status Withdraw(const std::string& key, const std::string& kind);  // kind "" is every one
  // A full list keeps the work as it was, since its row could not be read.
  void Keep(const std::string& key);
  void SaveSequence();
  std::int64_t changes() const { return changes_; }

 private:
  // What the list has of a key and kind, beside what the version before had removed.
  struct Known {
    std::string id;
    bool brought = false;  // by this version, or withdrawn by it
    bool identical = false;
    bool cleared = false;  // the same sound or picture of this key matches already
    std::string state;     // of the identical row
  };
  Known Find(const EncodedReference& reference);
  Status CheckDuplicate(const EncodedReference& reference, bool others);
  std::string Confirm(const std::string& id);

  soci::session& sql_;
  const StagedVersion version_;
  const int delta_;
  std::int64_t changes_ = 0;
  std::int64_t sequence_ = 0;
  EncodedReference bound_{media::Reference{}};
  std::string state_;
  int checked_ = 0;
  struct {
    EncodedReference row{media::Reference{}};
    std::string state;
    std::int64_t version = 0, removed = 0, confirmed = 0;
  } found_;
  struct {
    std::string id, holder, list_name, key;
  } twin_;
  std::string conflict_;  // the other holder's reference of the last CheckDuplicate
  soci::statement find_, twins_, confirm_, remove_, insert_;
};

}  // namespace penstock::catalog
