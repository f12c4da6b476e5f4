// The three things that are done to foreign bytes, as tasks for the sandbox: inspect, fingerprint,
// transcode.
//
// The functions are called by the worker and run the task in a child process; RunMediaTask is that
// child.
#pragma once

#include <functional>
#include <vector>

#include "base/result.h"
#include "media/fingerprint.h"
#include "media/media_info.h"
#include "media/presentation.h"
#include "media/source_index.h"
#include "pipeline/media_sandbox.h"
#include "transcoder/ladder.h"
#include "transcoder/limits.h"
#include "transcoder/transcode.h"

namespace penstock::pipeline {

// What every call has in common. source: a readable, seekable descriptor of the file.
struct MediaCall {
  const SandboxOptions& sandbox;
  const transcoder::Limits& limits;
  int source = -1;
  std::function<void(int percent)> progress;
  std::function<bool()> cancelled;
};

// Errors: those of transcoder/probe.h and of RunInSandbox.
Result<media::MediaInfo> InspectMedia(const MediaCall& call);
// What one pass over all of the media finds.
struct Fingerprinted {
  std::vector<media::Fingerprint> fingerprints;  // one for each track of sound, and one for the
                                                 // pictures, as far as they have content
  media::SourceIndex index;
};
Result<Fingerprinted> FingerprintMedia(const MediaCall& call, const media::MediaInfo& info);
// outputs: as transcoder::Transcode wants them for the plan.
Result<media::Presentation> TranscodeMedia(const MediaCall& call, const media::MediaInfo& info,
                                           const transcoder::TranscodePlan& plan,
                                           const transcoder::OutputFiles& outputs);

// The child: `penstock media-task`. Reads the task, locks down, does it and answers. Returns the
// exit status.
int RunMediaTask();

}  // namespace penstock::pipeline
