#include "catalog/database.h"

#include <soci/sqlite3/soci-sqlite3.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "catalog/migrations.h"
#include "catalog/sql.h"

namespace penstock::catalog {
namespace {

constexpr std::string_view kScheme = "sqlite://";
constexpr std::chrono::milliseconds kBusyPatience{10'000};
// Result codes of sqlite3.h that are told apart.
constexpr int kBusy = 5;
constexpr int kLocked = 6;
constexpr int kFull = 13;

// The one place where the exceptions of SOCI become errors. The message leaves out SOCI's context,
// which holds the bound values.
Error FromException(const soci::soci_error& exception) {
  ErrorKind kind = ErrorKind::kInternal;
  if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&exception)) {
    if (sqlite->result() == kBusy || sqlite->result() == kLocked) kind = ErrorKind::kUnavailable;
    if (sqlite->result() == kFull) kind = ErrorKind::kOutOfSpace;
  }
  return Error(kind, "catalog: " + exception.get_error_message());
}

Status Guard(const std::function<Status()>& work) {
  try {
    return work();
  } catch (const soci::soci_error& exception) {
    return FromException(exception);
  } catch (const std::exception& exception) {
    return Error(ErrorKind::kInternal, std::string("catalog: ") + exception.what());
  }
}

// Some busy states, such as a switch of the journal mode or a snapshot left behind, come without
// SQLite's own waiting.
Status Patiently(const std::function<void()>& work) {
  const auto deadline = std::chrono::steady_clock::now() + kBusyPatience;
  while (true) {
    Status status = Guard([&]() -> Status {
      work();
      return {};
    });
    if (status.has_value() || status.error().kind != ErrorKind::kUnavailable ||
        std::chrono::steady_clock::now() >= deadline) {
      return status;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void Rollback(soci::session& sql) {
  // Fails when the statement that failed has ended the transaction already; then there is nothing
  // to undo.
  const Status ignored = Guard([&]() -> Status {
    sql << "ROLLBACK";
    return {};
  });
  static_cast<void>(ignored);
}

Status Transact(soci::session& sql, const std::function<Status(soci::session&)>& work) {
  // With the write lock taken first, nothing after it can be busy, so that only the beginning has
  // to be tried again.
  PENSTOCK_CHECK(Patiently([&] { sql << "BEGIN IMMEDIATE"; }));
  Status status = Guard([&] { return work(sql); });
  if (status.has_value()) {
    status = Guard([&]() -> Status {
      sql << "COMMIT";
      return {};
    });
  }
  if (!status.has_value()) Rollback(sql);
  return status;
}

Status Prepare(soci::session& sql, const std::string& path) {
  PENSTOCK_CHECK(Guard([&]() -> Status {
    sql.open(soci::sqlite3, "dbname=\"" + path + "\"");
    sql << "PRAGMA busy_timeout=" + std::to_string(kBusyPatience.count());
    return {};
  }));
  std::string mode;
  PENSTOCK_CHECK(Patiently([&] { sql << "PRAGMA journal_mode=WAL", soci::into(mode); }));
  if (mode != "wal") {
    return Error(ErrorKind::kUnavailable, "the file system does not carry SQLite's WAL mode");
  }
  return Guard([&]() -> Status {
    sql << "PRAGMA synchronous=FULL";
    sql << "PRAGMA foreign_keys=ON";
    return {};
  });
}

}  // namespace

class Database::Pool {
 public:
  // One session out of the pool, given back at the end of the scope.
  class Lease {
   public:
    explicit Lease(Pool& pool) : pool_(pool), session_(pool.Take()) {}
    ~Lease() { pool_.Give(session_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    soci::session& operator*() const { return *session_; }

   private:
    Pool& pool_;
    soci::session* const session_;
  };

  Status Fill(const std::string& path, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      auto session = std::make_unique<soci::session>();
      const Status opened = Prepare(*session, path);
      if (!opened.has_value()) {
        return Error(ErrorKind::kUnavailable,
                     "open catalog " + path + ": " + opened.error().message);
      }
      free_.push_back(session.get());
      sessions_.push_back(std::move(session));
    }
    return {};
  }

  // SQLite has one writer at a time. Writers of this process wait here, where the next is woken at
  // once, and not in SQLite, which sleeps and looks again; what is left to it are the writers of
  // other processes.
  std::mutex writers;

 private:
  soci::session* Take() {
    std::unique_lock lock(mutex_);
    given_back_.wait(lock, [&] { return !free_.empty(); });
    soci::session* const session = free_.back();
    free_.pop_back();
    return session;
  }
  void Give(soci::session* session) {
    {
      const std::lock_guard lock(mutex_);
      free_.push_back(session);
    }
    given_back_.notify_one();
  }

  std::vector<std::unique_ptr<soci::session>> sessions_;  // constant after Fill
  std::mutex mutex_;
  std::condition_variable given_back_;
  std::vector<soci::session*> free_;  // guarded by mutex_
};

Database::Database(std::unique_ptr<Pool> pool) : pool_(std::move(pool)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::Open(const std::string& url, unsigned sessions) {
  if (!url.starts_with(kScheme) || url.size() <= kScheme.size() + 1 || url[kScheme.size()] != '/' ||
      url.find('"') != std::string::npos || url.find('\0') != std::string::npos) {
    return Error(ErrorKind::kInvalidArgument, "invalid_catalog_url",
                 "the address of the catalog is not one that can be opened")
        .At("catalog", "sqlite:///absolute/path, without quotation marks");
  }
  auto pool = std::make_unique<Pool>();
  PENSTOCK_CHECK(pool->Fill(url.substr(kScheme.size()), sessions == 0 ? 1 : sessions));
  std::unique_ptr<Database> database(new Database(std::move(pool)));
  int found = 0;
  const Status migrated = database->Write([&](soci::session& sql) -> Status {
    found = Migrate(sql);
    return {};
  });
  if (!migrated.has_value()) return Error(migrated.error()).Within("migrate the catalog");
  if (found > NewestSchema()) {
    return Error(ErrorKind::kUnavailable, "catalog_too_new",
                 "the catalog was written by a later version of the program (schema " +
                     std::to_string(found) + ", known up to " + std::to_string(NewestSchema()) +
                     ")");
  }
  return database;
}

Status Database::Write(const std::function<Status(soci::session&)>& work) {
  const std::lock_guard lock(pool_->writers);
  const Pool::Lease session(*pool_);
  return Transact(*session, work);
}

Status Database::WriteToFree(const std::function<Status(soci::session&)>& work) {
  Status status = Write(work);
  if (status.has_value() || !relief_) return status;
  // SQLite tells a write-ahead log that does not grow as full, its shared memory as an I/O error.
  const ErrorKind kind = status.error().kind;
  const bool may_be_full = kind == ErrorKind::kOutOfSpace || kind == ErrorKind::kInternal;
  return may_be_full && relief_() ? Write(work) : status;
}

Status Database::Read(const std::function<Status(soci::session&)>& work) {
  const Pool::Lease session(*pool_);
  return Guard([&] { return work(*session); });
}

}  // namespace penstock::catalog
