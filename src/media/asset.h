// An asset: one uploaded work on its way from bytes to a stream.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "media/ids.h"
#include "media/rights.h"

namespace penstock::media {

// Where an asset is on its way. Each of the first six is one task of the pipeline; the rest are
// resting places.
//   inspect -> fingerprint -> match -> decide -> transcode -> publish -> ready
//                                        |-> review (waits for a person) -> transcode | blocked
//                                        |-> blocked
//   any task -> errored
enum class Stage {
  kInspect,
  kFingerprint,
  kMatch,
  kDecide,
  kReview,
  kTranscode,
  kPublish,
  kReady,
  kBlocked,
  kErrored
};
std::string_view StageName(Stage stage);
Result<Stage> ParseStage(std::string_view name);
// True for the stages that a worker has to do something for.
bool IsTask(Stage stage);
// True for ready, blocked and errored.
bool IsFinal(Stage stage);

enum class Visibility { kPublic, kPrivate };
std::string_view VisibilityName(Visibility visibility);  // "public", "private"
Result<Visibility> ParseVisibility(std::string_view name);

struct Asset {
  AssetId id;
  AccountId owner;
  std::string title;
  Visibility visibility = Visibility::kPublic;
  Stage stage = Stage::kInspect;
  int percent = 0;  // of the stage
  RightsState rights = RightsState::kPending;
  std::string source_object;  // object key of the upload
  std::string file_name;      // as the client named it; for display only
  std::uint64_t source_size = 0;
  std::string source_sha256;
  Millis duration{0};
  std::string error_code;     // set when errored or blocked
  std::string error_message;  // a sentence for the uploader
  Time created{};
  Time updated{};
  Time opened{};     // since when its beginning plays while the rest is being made
  Time published{};  // since when all of it plays
};

// True when there is something to play, all of it or its beginning, and its rights allow that.
bool IsPlayable(const Asset& asset);

}  // namespace penstock::media
