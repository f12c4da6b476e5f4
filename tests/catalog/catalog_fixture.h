// An empty catalog in a file of its own, and assets brought to where a test needs them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "catalog/accounts.h"
#include "catalog/assets.h"
#include "catalog/events.h"
#include "catalog/holds.h"
#include "catalog/rechecks.h"
#include "catalog/references.h"
#include "catalog/tasks.h"
#include "catalog/uploads.h"
#include "catalog/workers.h"
#include "tests/support/fake_clock.h"
#include "tests/support/finish_transcode.h"
#include "tests/support/temporary_directory.h"

namespace penstock::catalog {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline constexpr seconds kLease{30};

class CatalogTest : public ::testing::Test {
 protected:
  std::string Url() const { return "sqlite://" + (directory_.path() / "catalog.db").string(); }

  static std::unique_ptr<Database> Open(const std::string& url) {
    Result<std::unique_ptr<Database>> database = Database::Open(url, 4);
    if (!database.has_value()) {
      ADD_FAILURE() << database.error().message;
      std::abort();
    }
    return std::move(*database);
  }

  media::Upload NewUpload(const std::string& title = "A title") {
    media::Upload upload;
    upload.id = media::UploadId::Generate();
    upload.asset = media::AssetId::Generate();
    upload.owner = owner_;
    upload.length = 4096;
    upload.file_name = "clip.mp4";
    upload.title = title;
    upload.metadata = "filename Y2xpcC5tcDQ=";
    upload.created = clock_.Now();
    upload.expires = clock_.Now() + std::chrono::hours(24);
    return upload;
  }

  // An asset at inspect.
  media::AssetId NewAsset(const std::string& title = "A title") {
    const media::Upload upload = NewUpload(title);
    EXPECT_TRUE(uploads_.Create(upload).has_value());
    EXPECT_TRUE(uploads_.Complete(upload.id, 4096, "00ff", "source/" + upload.asset.text()));
    return upload.asset;
  }

  Lease Acquire(const media::AssetId& asset, media::Stage stage, const std::string& worker = "w1") {
    const auto lease = tasks_.Acquire(asset, stage, worker, kLease);
    if (!lease.has_value() || !lease->has_value()) {
      ADD_FAILURE() << "no lease for " << media::StageName(stage);
      std::abort();
    }
    return **lease;
  }

  static media::Presentation SmallPresentation() {
    media::Presentation presentation;
    presentation.duration = milliseconds(6000);
    media::Rendition& rendition = presentation.renditions.emplace_back();
    rendition.name = "720p";
    rendition.codec = "avc1.64001f";
    rendition.segments = {{{812, 1000}, 0, 96000}, {{1812, 900}, 96000, 96000}};
    return presentation;
  }

  static media::Decision DecisionOf(media::RightsState state) {
    media::Decision decision;
    decision.state = state;
    decision.rule = state == media::RightsState::kClear ? "no_match" : "list_policy";
    decision.reason = "A sentence for the uploader.";
    decision.decided_by = "policy";
    decision.matcher = "penstock-matcher-1";
    return decision;
  }

  // Does the tasks before the stage.
  void BringTo(const media::AssetId& asset, media::Stage target) {
    media::MediaInfo info;
    info.duration = milliseconds(5900);
    while (true) {
      const media::Stage stage = assets_.Get(asset)->stage;
      if (stage == target) return;
      if (stage == media::Stage::kTranscode) {
        const Status done = testing::FinishTranscode(tasks_, asset, SmallPresentation());
        ASSERT_TRUE(done.has_value()) << done.error().message;
        continue;
      }
      const Lease lease = Acquire(asset, stage);
      Status status;
      switch (stage) {
        case media::Stage::kInspect:
          status = tasks_.CompleteInspect(lease, info);
          break;
        case media::Stage::kFingerprint:
          status = tasks_.CompleteFingerprint(lease, {}, {});
          break;
        case media::Stage::kMatch:
          status = tasks_.CompleteMatch(lease, {}, *references_.Generation());
          break;
        case media::Stage::kDecide:
          status = tasks_.CompleteDecide(
              lease, DecisionOf(target == media::Stage::kReview    ? media::RightsState::kReview
                                : target == media::Stage::kBlocked ? media::RightsState::kBlocked
                                                                   : media::RightsState::kClear));
          break;
        case media::Stage::kPublish:
          status = tasks_.CompletePublish(lease, *references_.Generation());
          break;
        default:
          FAIL() << "the asset rests at " << media::StageName(stage);
      }
      ASSERT_TRUE(status.has_value()) << status.error().message;
    }
  }

  std::vector<Event> AllEvents() { return *events_.After(0, "", 10'000); }
  std::vector<std::string> EventNames() {
    std::vector<std::string> names;
    for (const Event& event : AllEvents()) names.push_back(event.name);
    return names;
  }

  testing::TemporaryDirectory directory_;
  testing::FakeClock clock_;
  std::unique_ptr<Database> database_ = Open(Url());
  media::AccountId owner_ = media::AccountId::FromTrusted("owner-1");
  Uploads uploads_{*database_, clock_};
  Assets assets_{*database_, clock_};
  Tasks tasks_{*database_, clock_};
  References references_{*database_, clock_};
  Holds holds_{*database_, references_, clock_};
  Rechecks rechecks_{*database_, clock_};
  Accounts accounts_{*database_, clock_};
  Workers workers_{*database_, clock_};
  Events events_{*database_};
};

// The code of a failure, or "" on success.
template <typename T>
std::string CodeOf(const Result<T>& result) {
  return result.has_value() ? "" : result.error().code;
}

}  // namespace penstock::catalog
