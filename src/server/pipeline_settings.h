// From the configuration to what the pipeline works with.
#pragma once

#include "config/config.h"
#include "pipeline/admission.h"
#include "pipeline/media_sandbox.h"
#include "pipeline/worker.h"
#include "rights/decide.h"
#include "transcoder/ladder.h"
#include "transcoder/limits.h"

namespace penstock::server {

// Of the profile that config.transcode.profile names. The rungs' text ("720p:2800k", "128k") was
// checked when the configuration was loaded.
transcoder::LadderProfile LadderOf(const config::Config& config);
transcoder::Limits LimitsOf(const config::SandboxConfig& config);
pipeline::SandboxOptions SandboxOf(const config::SandboxConfig& config);
// The same with the time-out of a probe.
pipeline::SandboxOptions InspectSandboxOf(const config::SandboxConfig& config);
pipeline::WorkerOptions WorkerOptionsOf(const config::PipelineConfig& config);
// Without a place to measure: options.free_space is the caller's.
pipeline::AdmissionOptions AdmissionOptionsOf(const config::PipelineConfig& config);

}  // namespace penstock::server
