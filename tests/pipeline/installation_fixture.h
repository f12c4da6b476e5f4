// A catalog, a store and a workshop below one temporary directory.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "base/file.h"
#include "catalog/accounts.h"
#include "catalog/assets.h"
#include "catalog/holds.h"
#include "catalog/rechecks.h"
#include "catalog/references.h"
#include "catalog/tasks.h"
#include "catalog/uploads.h"
#include "pipeline/steps.h"
#include "storage/filesystem_store.h"
#include "storage/object_layout.h"
#include "tests/support/temporary_directory.h"

namespace penstock::pipeline {

class InstallationFixture : public ::testing::Test {
 protected:
  InstallationFixture() {
    shop_.inspect_sandbox.program = shop_.sandbox.program = PENSTOCK_PROGRAM;
    shop_.sandbox.limits = {
        .memory_bytes = 4ULL << 30, .cpu_seconds = 120, .output_bytes = 1 << 30, .descriptors = 0};
    shop_.inspect_sandbox.limits = shop_.sandbox.limits;
    shop_.ladder.preset = "ultrafast";
  }

  // An asset whose bytes are the file's, as a finished upload leaves it.
  media::AssetId Upload(const std::filesystem::path& file) {
    media::Upload upload;
    upload.id = media::UploadId::Generate();
    upload.asset = media::AssetId::Generate();
    upload.owner = owner_;
    upload.title = file.filename().string();
    upload.file_name = file.filename().string();
    upload.expires = clock_.Now() + std::chrono::hours(1);
    EXPECT_TRUE(uploads_.Create(upload).has_value());
    const auto key = storage::SourceKey(upload.asset.text());
    EXPECT_TRUE(store_->PutBytes(key, ReadFile(file, 1 << 30).value()).has_value());
    EXPECT_TRUE(uploads_.Complete(upload.id, 1, "00", key.text()).has_value());
    return upload.asset;
  }

  testing::TemporaryDirectory directory_;
  SystemClock clock_;
  std::unique_ptr<catalog::Database> database_ =
      catalog::Database::Open("sqlite://" + (directory_.path() / "catalog.db").string()).value();
  std::unique_ptr<storage::FilesystemStore> store_ =
      storage::FilesystemStore::Open(directory_.path() / "objects").value();
  catalog::Accounts accounts_{*database_, clock_};
  catalog::Assets assets_{*database_, clock_};
  catalog::Rechecks rechecks_{*database_, clock_};
  catalog::References references_{*database_, clock_};
  catalog::Holds holds_{*database_, references_, clock_};
  catalog::Tasks tasks_{*database_, clock_};
  catalog::Uploads uploads_{*database_, clock_};
  media::AccountId owner_ = accounts_.FindOrCreate("owner").value().id;
  std::unique_ptr<ReferenceMatcher> matcher_ =
      ReferenceMatcher::Open(references_, directory_.path() / "index").value();
  std::unique_ptr<ScratchDirectory> scratch_ =
      ScratchDirectory::Make(directory_.path() / "scratch").value();
  std::atomic<std::uint64_t> free_space_ = 1 << 30;  // as admission measures it
  Admission admission_{
      {.memory = 8ULL << 30, .low_water = 1 << 20, .high_water = 2 << 20, .free_space = [this] {
         return Result<std::uint64_t>(free_space_.load());
       }}};
  Workshop ShopWith(Admission& admission) {
    return {.assets = assets_,
            .tasks = tasks_,
            .references = references_,
            .rechecks = rechecks_,
            .holds = holds_,
            .store = *store_,
            .matcher = *matcher_,
            .scratch = *scratch_,
            .admission = admission,
            .clock = clock_,
            .inspect_sandbox = {},
            .sandbox = {},
            .limits = {},
            .ladder = {},
            .rules = {}};
  }
  Workshop shop_ = ShopWith(admission_);
};

}  // namespace penstock::pipeline
