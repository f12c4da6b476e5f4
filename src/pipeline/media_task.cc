#include "pipeline/media_task.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "media/json.h"
#include "pipeline/media_task_json.h"

namespace penstock::pipeline {
namespace {

using Json = nlohmann::json;

Result<std::string> Run(const MediaCall& call, const Json& task, std::vector<int> outputs) {
  return RunInSandbox(call.sandbox, {.task = task.dump(),
                                     .source = call.source,
                                     .outputs = std::move(outputs),
                                     .progress = call.progress,
                                     .cancelled = call.cancelled});
}

}  // namespace

Result<media::MediaInfo> InspectMedia(const MediaCall& call) {
  PENSTOCK_TRY(const std::string answer,
               Run(call, {{"task", "inspect"}, {"limits", LimitsToJson(call.limits)}}, {}));
  return media::FromJson<media::MediaInfo>(answer);
}

Result<std::vector<media::Fingerprint>> FingerprintMedia(const MediaCall& call,
                                                         const media::MediaInfo& info) {
  PENSTOCK_TRY(const std::string answer, Run(call,
                                             {{"task", "fingerprint"},
                                              {"limits", LimitsToJson(call.limits)},
                                              {"info", media::ToJson(info)}},
                                             {}));
  const Json json = Json::parse(answer, nullptr, false);
  std::vector<media::Fingerprint> fingerprints;
  for (const Json& text : json) {
    if (!text.is_string()) return Error(ErrorKind::kMalformed, "the fingerprint is no text");
    PENSTOCK_TRY(const std::string bytes, Base64Decode(text.get_ref<const std::string&>()));
    PENSTOCK_TRY(auto fingerprint, media::ParseFingerprint(bytes));
    fingerprints.push_back(std::move(fingerprint));
  }
  return fingerprints;
}

Result<media::Presentation> TranscodeMedia(const MediaCall& call, const media::MediaInfo& info,
                                           const transcoder::LadderProfile& profile,
                                           const transcoder::OutputFiles& outputs) {
  std::vector<int> descriptors = outputs.video;
  descriptors.insert(descriptors.end(), outputs.audio.begin(), outputs.audio.end());
  if (outputs.poster >= 0) descriptors.push_back(outputs.poster);
  if (outputs.storyboard >= 0) descriptors.push_back(outputs.storyboard);
  PENSTOCK_TRY(const std::string answer, Run(call,
                                             {{"task", "transcode"},
                                              {"limits", LimitsToJson(call.limits)},
                                              {"info", media::ToJson(info)},
                                              {"profile", ProfileToJson(profile)}},
                                             std::move(descriptors)));
  return media::FromJson<media::Presentation>(answer);
}

}  // namespace penstock::pipeline
