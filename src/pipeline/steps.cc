#include "pipeline/steps.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/file.h"
#include "base/log.h"
#include "pipeline/media_task.h"
#include "pipeline/output_set.h"
#include "pipeline/transcode_plan_json.h"
#include "storage/object_layout.h"
#include "transcoder/copy_through.h"
#include "transcoder/transcode.h"
#include "transcoder/transcode_parts.h"

namespace penstock::pipeline {
namespace {

// Of chunks that one decoder cannot play in a row.
constexpr std::string_view kChunksDiffer = "chunks_differ";

// Tells the catalog of progress, at most twice a second.
std::function<void(int)> ProgressReporter(const StepCall& call) {
  auto last = std::make_shared<std::chrono::steady_clock::time_point>();
  return [&call, last](int percent) {
    const auto now = std::chrono::steady_clock::now();
    if (now - *last < std::chrono::milliseconds(500)) return;
    *last = now;
    const Status told = call.shop.tasks.Progress(call.lease, percent);
    if (!told && told.error().kind != ErrorKind::kLeaseLost) {
      LogFailure(LogLevel::kWarning, "task.progress_failed", told.error(),
                 {{"asset", call.lease.asset.text()}});
    }
  };
}

Result<storage::OpenedObject> OpenSource(const StepCall& call) {
  PENSTOCK_TRY(const media::Asset asset, call.shop.assets.Get(call.lease.asset));
  PENSTOCK_TRY(const auto key, storage::ObjectKey::Parse(asset.source_object));
  return call.shop.store.Open(key);
}

Result<media::MediaInfo> KnownMediaInfo(const StepCall& call) {
  PENSTOCK_TRY(auto info, call.shop.assets.GetMediaInfo(call.lease.asset));
  if (!info) return Error(ErrorKind::kInternal, "the asset has no media information");
  return std::move(*info);
}

std::set<std::string> ObjectsOf(const media::Presentation& presentation) {
  std::set<std::string> objects;
  for (const media::Rendition& rendition : presentation.renditions) {
    objects.insert(rendition.objects.begin(), rendition.objects.end());
  }
  for (const media::TextTrack& track : presentation.text_tracks) objects.insert(track.object);
  if (!presentation.poster_object.empty()) objects.insert(presentation.poster_object);
  if (presentation.storyboard) objects.insert(presentation.storyboard->object);
  if (!presentation.waveform_object.empty()) objects.insert(presentation.waveform_object);
  return objects;
}

// True for assets/<asset>/<recipe>/<name>.
bool IsOf(const std::string& recipe, const std::string& key) {
  return key.find("/" + recipe + "/") != std::string::npos;
}

// Garbage is no failure of the step: what cannot be deleted now costs space only.
void DeleteOutputs(const StepCall& call, const std::function<bool(const std::string&)>& garbage) {
  const auto keys = call.shop.store.List(storage::OutputPrefix(call.lease.asset.text()));
  if (!keys) return;
  for (const storage::ObjectKey& key : *keys) {
    if (!garbage(key.text())) continue;
    if (const Status deleted = call.shop.store.Delete(key); !deleted) {
      LogFailure(LogLevel::kWarning, "object.delete_failed", deleted.error(),
                 {{"key", key.text()}});
    }
  }
}

// More tracks of sound than are published.
void LogLeftOut(const StepCall& call, const media::MediaInfo& info) {
  const auto sounds =
      std::ranges::count(info.streams, media::StreamKind::kAudio, &media::StreamInfo::kind);
  const std::size_t published = info.AudioTracks().size();
  if (static_cast<std::size_t>(sounds) == published) return;
  LogWarning("media.sound_left_out",
             {{"asset", call.lease.asset.text()}, {"tracks", sounds}, {"published", published}});
}

// Rungs of which nothing could be decoded.
void LogSilent(const StepCall& call, const transcoder::TranscodePlan& plan,
               const media::Presentation& made) {
  for (const transcoder::PlannedAudio& audio : plan.audio) {
    if (made.Find(audio.rung.name) != nullptr) continue;
    LogWarning("media.sound_not_decoded", {{"asset", call.lease.asset.text()},
                                           {"stream", audio.stream},
                                           {"rendition", audio.rung.name}});
  }
}

}  // namespace

Status InspectStep(const StepCall& call) {
  PENSTOCK_TRY(const auto source, OpenSource(call));
  PENSTOCK_TRY(const auto info, InspectMedia({.sandbox = call.shop.inspect_sandbox,
                                              .limits = call.shop.limits,
                                              .source = source.fd.get(),
                                              .progress = {},
                                              .cancelled = call.cancelled}));
  return call.shop.tasks.CompleteInspect(call.lease, info);
}

Status FingerprintStep(const StepCall& call) {
  PENSTOCK_TRY(const auto source, OpenSource(call));
  PENSTOCK_TRY(const auto info, KnownMediaInfo(call));
  LogLeftOut(call, info);
  const auto started = std::chrono::steady_clock::now();
  PENSTOCK_TRY(const auto found, FingerprintMedia({.sandbox = call.shop.sandbox,
                                                   .limits = call.shop.limits,
                                                   .source = source.fd.get(),
                                                   .progress = ProgressReporter(call),
                                                   .cancelled = call.cancelled},
                                                  info));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  LogInfo("media.fingerprinted", {{"asset", call.lease.asset.text()},
                                  {"media_seconds", media::ToSeconds(info.duration)},
                                  {"seconds", took.count()},
                                  {"x_realtime", media::ToSeconds(info.duration) / took.count()}});
  return call.shop.tasks.CompleteFingerprint(call.lease, found.fingerprints, found.index);
}

Status MatchStep(const StepCall& call) {
  PENSTOCK_TRY(const auto fingerprints, call.shop.assets.GetFingerprints(call.lease.asset));
  PENSTOCK_TRY(const std::int64_t generation, call.shop.references.Generation());
  PENSTOCK_TRY(const auto matches, call.shop.matcher.Match(fingerprints));
  return call.shop.tasks.CompleteMatch(call.lease, matches, generation);
}

Status DecideStep(const StepCall& call) {
  PENSTOCK_TRY(const auto matches, call.shop.assets.GetMatches(call.lease.asset));
  const media::Decision decision =
      rights::Decide(matches, call.shop.rules, fingerprint::kMatcherVersion, call.shop.clock.Now());
  return call.shop.tasks.CompleteDecide(call.lease, decision);
}

// A work this short is done as a whole before a viewer grows impatient.
constexpr media::Millis kShort{30'000};

// What has to be there before anything plays: the beginning of one rung, and the sound.
bool IsOpening(const transcoder::TranscodePlan& plan) {
  if (plan.video.empty()) return !plan.audio.empty() && plan.audio.front().is_default;
  const bool whole = !plan.chunk || plan.chunk->end == transcoder::Chunk().end;
  return plan.chunk.value_or(transcoder::Chunk()).begin == 0 && (whole || plan.video.size() == 1);
}

// Leaves the sound that was compared with the references: nothing else may be published.
void KeepJudged(const std::optional<media::SourceIndex>& index, media::MediaInfo& info) {
  std::vector<int> judged;
  if (index && index->audio) {
    judged = *index->audio;
  } else if (const auto* first = info.First(media::StreamKind::kAudio)) {
    judged = {first->index};
  }
  std::erase_if(info.streams, [&](const media::StreamInfo& stream) {
    return stream.kind == media::StreamKind::kAudio &&
           std::ranges::find(judged, stream.index) == judged.end();
  });
}

Status PlanStep(const StepCall& call) {
  PENSTOCK_TRY(auto info, KnownMediaInfo(call));
  PENSTOCK_TRY(const auto known, call.shop.assets.GetSourceIndex(call.lease.asset));
  KeepJudged(known, info);
  auto whole = transcoder::PlanLadder(info, call.shop.ladder);
  const media::SourceIndex index = known.value_or(media::SourceIndex());
  if (call.shop.ladder.copy_through) {
    transcoder::CopyThrough(info, index, call.shop.ladder, whole);
  }
  std::vector<catalog::Part> parts;
  for (const auto& plan : known ? transcoder::PlanParts(whole, index) : std::vector{whole}) {
    const bool pictures = !plan.video.empty();
    const bool beginning = pictures ? plan.chunk && plan.chunk->begin == 0 : !whole.video.empty();
    parts.push_back({.plan = PlanToText(plan),
                     .pictures = pictures,
                     .cost = transcoder::CostOf(plan, index, info.duration),
                     .prompt = beginning || info.duration <= kShort,
                     .opening = IsOpening(plan)});
  }
  return call.shop.tasks.CompletePlan(call.lease, parts);
}

// The index promised more than holds: pictures that decode, or that are met at the same place
// however the source is entered.
bool IsBrokenPromise(const Error& error) {
  return error.code == transcoder::kCopyRefused || error.code == transcoder::kEntryRefused;
}

Status PlanWithoutPromise(const StepCall& call, const Error& broken) {
  PENSTOCK_TRY(auto index, call.shop.assets.GetSourceIndex(call.lease.asset));
  if (!index) return Error(ErrorKind::kInternal, "the asset has no source index");
  LogFailure(LogLevel::kWarning, "transcode.planned_anew", broken,
             {{"asset", call.lease.asset.text()}});
  index->copy_bit_rate = 0;
  if (broken.code == transcoder::kEntryRefused || broken.code == kChunksDiffer) {
    index->key_frames.clear();
    index->positions.clear();
  }
  return call.shop.tasks.Replan(call.lease, *index);
}

// Whether a part failed by what it was given, and not for want of the machine.
bool LiesInTheFile(const Error& error) {
  return error.kind == ErrorKind::kMalformed || error.kind == ErrorKind::kUnsupported ||
         error.kind == ErrorKind::kTooLarge || error.kind == ErrorKind::kInternal;
}

// Text is an addition: a work whose text cannot be read plays without it.
Result<media::Presentation> WithoutText(const StepCall& call, Error error) {
  if (!LiesInTheFile(error)) return error;
  LogFailure(LogLevel::kWarning, "text.failed", error, {{"asset", call.lease.asset.text()}});
  media::Presentation presentation;
  presentation.warnings = {
      {"text_unreadable", "the subtitles in the file could not be read: " + error.code}};
  return presentation;
}

Result<media::Presentation> MakePart(const StepCall& call, const transcoder::TranscodePlan& plan,
                                     const OutputSet& outputs) {
  PENSTOCK_TRY(const auto source, OpenSource(call));
  PENSTOCK_TRY(const auto info, KnownMediaInfo(call));
  auto presentation = TranscodeMedia({.sandbox = call.shop.sandbox,
                                      .limits = call.shop.limits,
                                      .source = source.fd.get(),
                                      .progress = ProgressReporter(call),
                                      .cancelled = call.cancelled},
                                     info, plan, outputs.files());
  if (!presentation && plan.IsTextAlone())
    return WithoutText(call, std::move(presentation.error()));
  return presentation;
}

Status PartStep(const StepCall& call) {
  PENSTOCK_TRY(const auto plan, PlanFromText(call.lease.plan));
  PENSTOCK_TRY(OutputSet outputs, OutputSet::Make(call.shop.scratch, plan));
  auto presentation = MakePart(call, plan, outputs);
  if (!presentation && IsBrokenPromise(presentation.error())) {
    return PlanWithoutPromise(call, presentation.error());
  }
  if (!presentation) return presentation.error();
  LogSilent(call, plan, *presentation);
  // Two encodings of the same source need not be equal byte for byte, so each lease writes names of
  // its own: a stale worker can never change what a presentation points to.
  const std::string recipe =
      "p" + std::to_string(*call.lease.part) + "f" + std::to_string(call.lease.fence);
  Status stored = outputs.Store(call.shop.store, call.lease.asset, recipe, *presentation);
  Status committed = stored ? call.shop.tasks.CompletePart(call.lease, *presentation) : stored;
  if (!committed) DeleteOutputs(call, [&](const std::string& key) { return IsOf(recipe, key); });
  return committed;
}

Status TranscodeStep(const StepCall& call) {
  return call.lease.part ? PartStep(call) : PlanStep(call);
}

// Players read the header of the first chunk alone.
Status CheckHeaders(const StepCall& call, const media::Rendition& rendition) {
  std::string first;
  for (const std::string& object : rendition.objects) {
    PENSTOCK_TRY(const auto key, storage::ObjectKey::Parse(object));
    PENSTOCK_TRY(const auto opened, call.shop.store.Open(key));
    PENSTOCK_TRY(std::string header,
                 ReadAt(opened.fd.get(), rendition.init.offset, rendition.init.length));
    if (first.empty()) first = header;
    if (header == first) continue;
    return Error(ErrorKind::kInternal, std::string(kChunksDiffer),
                 "publish rung " + rendition.name + ": its chunks need different decoders");
  }
  return {};
}

Status PublishStep(const StepCall& call) {
  PENSTOCK_TRY(const auto presentation, call.shop.assets.GetPresentation(call.lease.asset));
  if (!presentation) return Error(ErrorKind::kInternal, "the asset has no presentation");
  const std::set<std::string> kept = ObjectsOf(*presentation);
  for (const std::string& object : kept) {
    PENSTOCK_TRY(const auto key, storage::ObjectKey::Parse(object));
    PENSTOCK_CHECK(call.shop.store.Stat(key));
  }
  for (const media::Rendition& rendition : presentation->renditions) {
    const Status same = CheckHeaders(call, rendition);
    if (!same && same.error().code == kChunksDiffer) return PlanWithoutPromise(call, same.error());
    PENSTOCK_CHECK(same);
  }
  PENSTOCK_TRY(const auto decision, call.shop.assets.GetDecision(call.lease.asset));
  std::optional<std::int64_t> generation;
  if (!rights::IsManual(decision)) {
    // Transcoding takes its time; what was imported or changed meanwhile counts.
    PENSTOCK_TRY(generation, call.shop.references.Generation());
    PENSTOCK_TRY(const auto decided, call.shop.assets.GetMatches(call.lease.asset));
    PENSTOCK_TRY(const auto fingerprints, call.shop.assets.GetFingerprints(call.lease.asset));
    PENSTOCK_TRY(const auto matches, call.shop.matcher.Match(fingerprints));
    if (!rights::SameClaims(matches, decided)) return call.shop.tasks.Reconsider(call.lease);
  }
  PENSTOCK_CHECK(call.shop.tasks.CompletePublish(call.lease, generation));
  // What cut runs left behind.
  DeleteOutputs(call, [&](const std::string& key) { return !kept.contains(key); });
  return {};
}

Status RunStep(const StepCall& call) {
  switch (call.lease.stage) {
    case media::Stage::kInspect:
      return InspectStep(call);
    case media::Stage::kFingerprint:
      return FingerprintStep(call);
    case media::Stage::kMatch:
      return MatchStep(call);
    case media::Stage::kDecide:
      return DecideStep(call);
    case media::Stage::kTranscode:
      return TranscodeStep(call);
    case media::Stage::kPublish:
      return PublishStep(call);
    default:
      break;
  }
  return Error(ErrorKind::kInternal, "the stage is not a task");
}

}  // namespace penstock::pipeline
