#include "media/asset.h"

#include <array>
#include <utility>

namespace penstock::media {
namespace {

constexpr std::array<std::pair<Stage, std::string_view>, 10> kStageNames = {{
    {Stage::kInspect, "inspect"},
    {Stage::kFingerprint, "fingerprint"},
    {Stage::kMatch, "match"},
    {Stage::kDecide, "decide"},
    {Stage::kReview, "review"},
    {Stage::kTranscode, "transcode"},
    {Stage::kPublish, "publish"},
    {Stage::kReady, "ready"},
    {Stage::kBlocked, "blocked"},
    {Stage::kErrored, "errored"},
}};

}  // namespace

std::string_view StageName(Stage stage) {
  for (const auto& [value, name] : kStageNames) {
    if (value == stage) return name;
  }
  return "errored";
}

Result<Stage> ParseStage(std::string_view name) {
  for (const auto& [value, known] : kStageNames) {
    if (known == name) return value;
  }
  return Error(ErrorKind::kInvalidArgument, "the stage is not known");
}

bool IsTask(Stage stage) { return stage != Stage::kReview && !IsFinal(stage); }

bool IsFinal(Stage stage) {
  return stage == Stage::kReady || stage == Stage::kBlocked || stage == Stage::kErrored;
}

bool IsPlayable(const Asset& asset) {
  if (!MayPublish(asset.rights)) return false;
  if (asset.stage == Stage::kReady) return true;
  return asset.opened != Time() &&
         (asset.stage == Stage::kTranscode || asset.stage == Stage::kPublish);
}

std::string_view VisibilityName(Visibility visibility) {
  return visibility == Visibility::kPublic ? "public" : "private";
}

Result<Visibility> ParseVisibility(std::string_view name) {
  if (name == "public") return Visibility::kPublic;
  if (name == "private") return Visibility::kPrivate;
  return Error(ErrorKind::kInvalidArgument, "invalid_visibility", "the visibility is not known")
      .At("visibility", "public or private");
}

}  // namespace penstock::media
