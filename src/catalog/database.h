// The catalog's SQL sessions: a pool over SQLite (WAL, synchronous FULL), with migrations run at
// opening.
//
// All statements are portable to PostgreSQL. Exceptions of SOCI stay inside this folder.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/result.h"

namespace soci {
class session;
}

namespace penstock::catalog {

// Thread-safe; owned by the wiring, outlives every aggregate. A call blocks while all sessions of
// the pool are in use.
class Database {
 public:
  // url: "sqlite:///absolute/path" (the file is made when missing). Errors: kInvalidArgument for
  // another scheme, kUnavailable when it cannot be opened, kInternal when a migration fails.
  static Result<std::unique_ptr<Database>> Open(const std::string& url, unsigned sessions = 8);
  ~Database();

  // Runs work in one transaction, which commits when it returns success and rolls back on an error
  // or an exception. Busy and locked states are tried again for up to 10 s. BEGIN IMMEDIATE on
  // SQLite, so that readers-turned-writers never fail.
  Status Write(const std::function<Status(soci::session&)>& work);
  // As Write, for work that frees room: on a full disk the relief is called, and when it has made
  // room for the transaction, that is tried once more.
  Status WriteToFree(const std::function<Status(soci::session&)>& work);
  // Set before other threads use the database. relief says whether it has made room.
  void SetRelief(std::function<bool()> relief) { relief_ = std::move(relief); }
  // Runs work outside a transaction.
  Status Read(const std::function<Status(soci::session&)>& work);

 private:
  class Pool;
  explicit Database(std::unique_ptr<Pool> pool);
  std::unique_ptr<Pool> pool_;
  std::function<bool()> relief_;
};

}  // namespace penstock::catalog
