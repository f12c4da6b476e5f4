#include "pipeline/media_task.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "media/json.h"
#include "pipeline/media_task_json.h"
#include "pipeline/transcode_plan_json.h"

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

Result<Fingerprinted> FingerprintMedia(const MediaCall& call, const media::MediaInfo& info) {
  PENSTOCK_TRY(const std::string answer, Run(call,
                                             {{"task", "fingerprint"},
                                              {"limits", LimitsToJson(call.limits)},
                                              {"info", media::ToJson(info)}},
                                             {}));
  const Json json = Json::parse(answer, nullptr, false);
  if (!json.is_object() || !json.contains("fingerprints") || !json.contains("index")) {
    return Error(ErrorKind::kInternal, "the media task gave a fingerprint of another form");
  }
  Fingerprinted found;
  PENSTOCK_TRY(found.index, media::FromJson<media::SourceIndex>(json["index"].dump()));
  for (const Json& text : json["fingerprints"]) {
    if (!text.is_string()) return Error(ErrorKind::kMalformed, "the fingerprint is no text");
    PENSTOCK_TRY(const std::string bytes, Base64Decode(text.get_ref<const std::string&>()));
    PENSTOCK_TRY(auto fingerprint, media::ParseFingerprint(bytes));
    found.fingerprints.push_back(std::move(fingerprint));
  }
  return found;
}

Result<media::Presentation> TranscodeMedia(const MediaCall& call, const media::MediaInfo& info,
                                           const transcoder::TranscodePlan& plan,
                                           const transcoder::OutputFiles& outputs) {
  std::vector<int> descriptors = outputs.video;
  descriptors.insert(descriptors.end(), outputs.audio.begin(), outputs.audio.end());
  descriptors.insert(descriptors.end(), outputs.text.begin(), outputs.text.end());
  if (outputs.poster >= 0) descriptors.push_back(outputs.poster);
  if (outputs.storyboard >= 0) descriptors.push_back(outputs.storyboard);
  if (outputs.waveform >= 0) descriptors.push_back(outputs.waveform);
  PENSTOCK_TRY(const std::string answer, Run(call,
                                             {{"task", "transcode"},
                                              {"limits", LimitsToJson(call.limits)},
                                              {"info", media::ToJson(info)},
                                              {"plan", PlanToText(plan)}},
                                             std::move(descriptors)));
  return media::FromJson<media::Presentation>(answer);
}

}  // namespace penstock::pipeline
