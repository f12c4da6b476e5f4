#include "catalog/database.h"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/catalog/catalog_fixture.h"
#include "tests/catalog/raw_sql.h"

namespace penstock::catalog {
namespace {

using ::testing::HasSubstr;

class DatabaseTest : public CatalogTest {
 protected:
  void SetUp() override { RunSql(*database_, "CREATE TABLE tally (n BIGINT NOT NULL)"); }
};

TEST_F(DatabaseTest, OnlyAnAbsoluteSqliteAddressIsOpened) {
  for (const char* url : {"", "postgresql://host/db", "sqlite://relative.db", "sqlite:///",
                          "sqlite://", "sqlite:///tmp/\"quoted\".db"}) {
    const auto opened = Database::Open(url);
    ASSERT_FALSE(opened.has_value()) << url;
    EXPECT_EQ(opened.error().kind, ErrorKind::kInvalidArgument) << url;
    EXPECT_EQ(opened.error().code, "invalid_catalog_url") << url;
  }
}

TEST_F(DatabaseTest, AFileThatCannotBeOpenedIsUnavailable) {
  const auto opened =
      Database::Open("sqlite://" + (directory_.path() / "missing" / "catalog.db").string());
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().kind, ErrorKind::kUnavailable);
  EXPECT_THAT(opened.error().message, HasSubstr("missing/catalog.db"));
}

TEST_F(DatabaseTest, AFileThatIsNoCatalogIsRefusedAndLeftAlone) {
  const auto path = directory_.path() / "notes.txt";
  std::ofstream(path) << std::string(4096, 'x');
  EXPECT_FALSE(Database::Open("sqlite://" + path.string()).has_value());
  EXPECT_EQ(std::filesystem::file_size(path), 4096U);
}

TEST_F(DatabaseTest, AnEmptyFileAndAPathWithSpacesAreOpened) {
  const auto path = directory_.path() / "an empty file.db";
  std::ofstream(path).close();
  const auto opened = Database::Open("sqlite://" + path.string());
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  EXPECT_GT(std::filesystem::file_size(path), 0U);
}

TEST_F(DatabaseTest, EverySessionIsDurableAndChecksItsReferences) {
  for (const auto& [pragma, value] :
       {std::pair("journal_mode", "wal"), {"synchronous", "2"}, {"foreign_keys", "1"}}) {
    EXPECT_EQ(QuerySql(*database_, std::string("PRAGMA ") + pragma), value);
  }
}

TEST_F(DatabaseTest, WorkThatFreesRoomIsTriedAgainOnceRoomWasMade) {
  int runs = 0;
  int calls = 0;
  bool has_room = true;
  database_->SetRelief([&] { return ++calls > 0 && has_room; });
  const auto insert_on_full_disk = [&](soci::session& sql) -> Status {
    sql << "INSERT INTO tally (n) VALUES (7)";
    if (++runs % 2 == 1) return Error(ErrorKind::kOutOfSpace, "database or disk is full");
    return {};
  };
  EXPECT_TRUE(database_->WriteToFree(insert_on_full_disk).has_value());
  EXPECT_EQ(QuerySql(*database_, "SELECT COUNT(*) FROM tally"), "1");
  EXPECT_EQ(calls, 1);

  has_room = false;
  EXPECT_EQ(database_->WriteToFree(insert_on_full_disk).error().kind, ErrorKind::kOutOfSpace);
  runs = 0;
  EXPECT_FALSE(database_->Write(insert_on_full_disk).has_value());
  const auto refuse = [](soci::session&) -> Status { return Error(ErrorKind::kNotFound, "no"); };
  EXPECT_FALSE(database_->WriteToFree(refuse).has_value());
  EXPECT_EQ(calls, 2);
}

TEST_F(DatabaseTest, ACatalogOfALaterProgramIsRefused) {
  RunSql(*database_, "INSERT INTO schema_migrations (version) VALUES (1000)");
  const auto opened = Database::Open(Url());
  EXPECT_EQ(CodeOf(opened), "catalog_too_new");
  EXPECT_THAT(opened.error().message, HasSubstr("1000"));
}

TEST_F(DatabaseTest, ReopeningKeepsEverything) {
  const auto asset = NewAsset("Kept");
  BringTo(asset, media::Stage::kReady);
  const auto playback = assets_.PlaybackIds(asset)->front();
  const std::int64_t latest = *events_.Latest();
  database_.reset();
  database_ = Open(Url());
  Assets assets(*database_, clock_);
  EXPECT_EQ(assets.Get(asset)->title, "Kept");
  EXPECT_EQ(assets.FindByPlaybackId(playback)->id, asset);
  EXPECT_EQ(*Events(*database_).Latest(), latest);
}

TEST_F(DatabaseTest, AnErrorOrAnExceptionRollsTheTransactionBack) {
  const Status refused = database_->Write([](soci::session& sql) -> Status {
    sql << "INSERT INTO tally VALUES (1)";
    return Error(ErrorKind::kConflict, "no", "No.");
  });
  EXPECT_EQ(CodeOf(refused), "no");
  const Status broken = database_->Write([](soci::session& sql) -> Status {
    sql << "INSERT INTO tally VALUES (1)";
    sql << "INSERT INTO no_such_table VALUES (1)";
    return {};
  });
  EXPECT_EQ(broken.error().kind, ErrorKind::kInternal);
  EXPECT_THAT(broken.error().message, HasSubstr("catalog: "));
  EXPECT_THAT(broken.error().message, HasSubstr("no_such_table"));
  const Status thrown = database_->Write([](soci::session& sql) -> Status {
    sql << "INSERT INTO tally VALUES (1)";
    throw std::runtime_error("thrown");
  });
  EXPECT_EQ(thrown.error().message, "catalog: thrown");
  EXPECT_EQ(QuerySql(*database_, "SELECT COUNT(*) FROM tally"), "0");
}

TEST_F(DatabaseTest, AMessageDoesNotShowTheValuesThatWereBound) {
  const std::string secret = "hash-of-a-token";
  const Status status = database_->Read([&](soci::session& sql) -> Status {
    sql << "SELECT missing FROM tokens WHERE hash = :hash", soci::use(secret, "hash");
    return {};
  });
  ASSERT_FALSE(status.has_value());
  EXPECT_THAT(status.error().message, ::testing::Not(HasSubstr(secret)));
}

TEST_F(DatabaseTest, TwoDatabasesAndManyThreadsLoseNoUpdate) {
  RunSql(*database_, "INSERT INTO tally VALUES (0)");
  const auto other = Open(Url());
  constexpr int kThreads = 6;
  constexpr int kRounds = 25;
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      Database& database = i % 2 == 0 ? *database_ : *other;
      for (int round = 0; round < kRounds; ++round) {
        const Status status = database.Write([](soci::session& sql) -> Status {
          long long n = 0;
          sql << "SELECT n FROM tally", soci::into(n);
          ++n;
          sql << "UPDATE tally SET n = :n", soci::use(n, "n");
          return {};
        });
        ASSERT_TRUE(status.has_value()) << status.error().message;
        const Status read = database.Read([](soci::session& sql) -> Status {
          long long n = 0;
          sql << "SELECT n FROM tally", soci::into(n);
          return {};
        });
        ASSERT_TRUE(read.has_value()) << read.error().message;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(QuerySql(*database_, "SELECT n FROM tally"), std::to_string(kThreads * kRounds));
}

TEST_F(DatabaseTest, AWriterThatIsKilledLeavesNothingHalfDone) {
  NewAsset();
  const std::int64_t latest = *events_.Latest();
  database_.reset();
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto database = Open(Url());
    RunSql(*database, "INSERT INTO tally VALUES (1)");
    static_cast<void>(database->Write([&](soci::session& sql) -> Status {
      sql << "INSERT INTO tally VALUES (2)";
      AppendEvent(sql, clock_.Now(), "a.made", "one", "subject", "{}");
      ::raise(SIGKILL);
      return {};
    }));
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));

  database_ = Open(Url());
  EXPECT_EQ(QuerySql(*database_, "SELECT SUM(n) FROM tally"), "1");
  EXPECT_EQ(*Events(*database_).Latest(), latest);
  RunSql(*database_, "INSERT INTO tally VALUES (4)");
}

TEST_F(DatabaseTest, ManyOpenOneNewFileAtOnce) {
  const std::string url = "sqlite://" + (directory_.path() / "new.db").string();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto opened = Database::Open(url, 2);
      ASSERT_TRUE(opened.has_value()) << opened.error().message;
    });
  }
}

TEST_F(DatabaseTest, WorkersOfTwoProcessesDoEveryTaskOnce) {
  constexpr int kAssets = 12;
  for (int i = 0; i < kAssets; ++i) NewAsset();
  const auto other = Open(Url());
  std::atomic<int> done = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      Tasks tasks(i % 2 == 0 ? *database_ : *other, clock_);
      while (true) {
        const auto runnable = tasks.Runnable(100);
        ASSERT_TRUE(runnable.has_value()) << runnable.error().message;
        bool waiting = false;
        for (const Task& task : *runnable) {
          if (task.stage != media::Stage::kInspect) continue;
          waiting = true;
          const auto lease = tasks.Acquire(task.asset, task.stage, "w" + std::to_string(i), kLease);
          ASSERT_TRUE(lease.has_value()) << lease.error().message;
          if (!lease->has_value()) continue;
          const Status status = tasks.CompleteInspect(**lease, {});
          ASSERT_TRUE(status.has_value()) << status.error().message;
          ++done;
        }
        if (!waiting) return;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(done, kAssets);
}

}  // namespace
}  // namespace penstock::catalog
