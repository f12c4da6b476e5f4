// The child's half of media_task.h: everything below runs on foreign bytes, locked down.
#include <signal.h>
#include <unistd.h>

#include <deque>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/encoding.h"
#include "base/file.h"
#include "fingerprint/audio_fingerprinter.h"
#include "fingerprint/video_fingerprinter.h"
#include "media/json.h"
#include "pipeline/lockdown.h"
#include "pipeline/media_task.h"
#include "pipeline/media_task_json.h"
#include "pipeline/transcode_plan_json.h"
#include "transcoder/decode.h"
#include "transcoder/probe.h"

namespace penstock::pipeline {
namespace {

using Json = nlohmann::json;

constexpr int kSource = 3;

void Answer(const Json& line) {
  const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  // When the worker is gone there is nobody left to tell.
  if (!WriteAll(STDOUT_FILENO, text)) _exit(1);
}

void AnswerProgress(int percent) { Answer({{"progress", percent}}); }

std::string ReadTask() {
  std::string text;
  char block[16 * 1024];
  ssize_t got = 0;
  while ((got = read(STDIN_FILENO, block, sizeof block)) > 0) {
    text.append(block, static_cast<std::size_t>(got));
  }
  return text;
}

Result<Json> Inspect(const Json& task) {
  PENSTOCK_TRY(const media::MediaInfo info,
               transcoder::Probe(kSource, LimitsFromJson(task.at("limits"))));
  return Json::parse(media::ToJson(info));
}

Result<Json> Fingerprint(const Json& task) {
  PENSTOCK_TRY(const media::MediaInfo info,
               media::FromJson<media::MediaInfo>(task.at("info").get_ref<const std::string&>()));
  std::deque<fingerprint::AudioFingerprinter> tracks(info.AudioTracks().size());
  std::vector<media::AudioConsumer*> audio;
  audio.reserve(tracks.size());
  for (fingerprint::AudioFingerprinter& track : tracks) audio.push_back(&track);
  fingerprint::VideoFingerprinter video;
  PENSTOCK_TRY(
      const media::SourceIndex index,
      transcoder::Decode(kSource, info, LimitsFromJson(task.at("limits")), audio,
                         info.First(media::StreamKind::kVideo) != nullptr ? &video : nullptr,
                         AnswerProgress));
  Json fingerprints = Json::array();
  const auto add = [&](const media::Fingerprint& found) {
    if (!found.empty()) fingerprints.push_back(Base64Encode(media::SerializeFingerprint(found)));
  };
  for (fingerprint::AudioFingerprinter& track : tracks) {
    PENSTOCK_TRY(const media::Fingerprint sound, track.Finish());
    add(sound);
  }
  add(video.Finish());
  return Json{{"fingerprints", std::move(fingerprints)},
              {"index", Json::parse(media::ToJson(index))}};
}

Result<Json> Transcode(const Json& task) {
  PENSTOCK_TRY(const media::MediaInfo info,
               media::FromJson<media::MediaInfo>(task.at("info").get_ref<const std::string&>()));
  PENSTOCK_TRY(const transcoder::TranscodePlan plan,
               PlanFromText(task.at("plan").get_ref<const std::string&>()));
  transcoder::OutputFiles outputs;
  int next = kSource + 1;
  for (std::size_t i = 0; i < plan.video.size(); ++i) outputs.video.push_back(next++);
  for (std::size_t i = 0; i < plan.audio.size(); ++i) outputs.audio.push_back(next++);
  for (std::size_t i = 0; i < plan.text.size(); ++i) outputs.text.push_back(next++);
  if (plan.poster) outputs.poster = next++;
  if (plan.storyboard) outputs.storyboard = next++;
  if (plan.waveform) outputs.waveform = next++;
  PENSTOCK_TRY(const media::Presentation presentation,
               transcoder::Transcode(kSource, info, plan, LimitsFromJson(task.at("limits")),
                                     outputs, AnswerProgress));
  return Json::parse(media::ToJson(presentation));
}

Result<Json> Dispatch(const Json& task) {
  const Json& sandbox = task.at("sandbox");
  if (sandbox.at("enabled").get<bool>()) {
    LockdownLimits limits;
    sandbox.at("memory_bytes").get_to(limits.memory_bytes);
    sandbox.at("cpu_seconds").get_to(limits.cpu_seconds);
    sandbox.at("output_bytes").get_to(limits.output_bytes);
    sandbox.at("descriptors").get_to(limits.descriptors);
    PENSTOCK_CHECK(LockDown(limits));
  }
  const std::string name = task.at("task").get<std::string>();
  if (name == "inspect") return Inspect(task);
  if (name == "fingerprint") return Fingerprint(task);
  if (name == "transcode") return Transcode(task);
  return Error(ErrorKind::kInvalidArgument, "the media task \"" + name + "\" is not known");
}

Result<Json> DispatchText(const std::string& text) {
  try {
    return Dispatch(Json::parse(text));
  } catch (const Json::exception& error) {
    return Error(ErrorKind::kInternal, std::string("read the media task: ") + error.what());
  } catch (const std::bad_alloc&) {
    return Error(ErrorKind::kTooLarge, "media_memory_limit",
                 "the file needs more memory than one file may");
  }
}

}  // namespace

int RunMediaTask() {
  signal(SIGPIPE, SIG_IGN);
  const Result<Json> result = DispatchText(ReadTask());
  if (result) {
    Answer({{"result", *result}});
  } else {
    Answer({{"error",
             {{"kind", ErrorKindName(result.error().kind)},
              {"code", result.error().code},
              {"message", result.error().message}}}});
  }
  // Codecs' exit handlers have nothing to add, and the filter would refuse some of what they do.
  _exit(0);
}

}  // namespace penstock::pipeline
