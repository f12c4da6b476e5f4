// A media file of the person at the terminal, taken through the sandbox.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "media/fingerprint.h"

namespace penstock::server {

struct FingerprintedFile {
  // The start of the content's SHA-256: stable, so that importing a list again replaces the row.
  std::string key;
  std::string title;  // the file's name without its ending
  // One for each track of sound and one for the pictures, as far as they have content; not empty.
  std::vector<media::Fingerprint> fingerprints;
  media::Millis duration{0};              // as the file says
  std::chrono::duration<double> took{0};  // the fingerprint pass, without the inspection
};

// Errors, with the file's name: what opening and inspecting say; kUnsupported, code
// "nothing_to_fingerprint".
Result<FingerprintedFile> FingerprintFile(const config::Config& config,
                                          const std::filesystem::path& file);

// A key for each fingerprint: the file's own for the first of a kind, "<key>-2" for the sound of a
// second track.
std::vector<std::string> WorkKeys(const FingerprintedFile& file);

}  // namespace penstock::server
