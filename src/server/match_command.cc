#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "api/json_mapping.h"
#include "fingerprint/reference_index.h"
#include "pipeline/reference_matcher.h"
#include "server/commands.h"
#include "server/installation.h"
#include "server/match_drawing.h"
#include "server/media_file.h"
#include "server/terminal.h"

namespace penstock::server {
namespace {

using media::MatchEvidence;

// Matches against the works of the files themselves, without a catalog.
Result<std::vector<MatchEvidence>> MatchFiles(const config::Config& config,
                                              const FingerprintedFile& upload,
                                              const std::vector<std::filesystem::path>& works) {
  fingerprint::ReferenceIndex index;
  std::map<media::ReferenceId, MatchEvidence> described;
  for (const std::filesystem::path& path : works) {
    PENSTOCK_TRY(auto work, FingerprintFile(config, path));
    const std::vector<std::string> keys = WorkKeys(work);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      media::Fingerprint& fingerprint = work.fingerprints[i];
      const auto kind = media::FingerprintKindName(fingerprint.kind);
      const auto id = media::ReferenceId::FromTrusted(fmt::format("{}-{}", keys[i], kind));
      described[id].reference_title = work.title;
      described[id].holder_key = work.key;
      PENSTOCK_CHECK(index.Add(id, std::move(fingerprint)));
    }
  }
  std::vector<MatchEvidence> found;
  for (const media::Fingerprint& query : upload.fingerprints) {
    for (media::Match& match : index.Match(query)) {
      found.push_back(described[match.reference]);
      found.back().match = std::move(match);
    }
  }
  return found;
}

Result<std::vector<MatchEvidence>> MatchCatalog(const config::Config& config,
                                                const FingerprintedFile& upload) {
  PENSTOCK_TRY(const auto installation, Installation::Open(config));
  PENSTOCK_TRY(const auto matcher, pipeline::ReferenceMatcher::Open(installation->references,
                                                                    installation->data / "index"));
  return matcher->Match(upload.fingerprints);
}

int TimelineColumns() {
  constexpr int kBeside = 24;  // names and durations
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) size.ws_col = 96;
  return std::clamp(size.ws_col - kBeside, 20, 120);
}

std::string Describe(const MatchEvidence& found, const FingerprintedFile& upload) {
  const auto& match = found.match;
  const auto query = std::find_if(upload.fingerprints.begin(), upload.fingerprints.end(),
                                  [&](const auto& own) { return own.kind == match.kind; });
  std::string text =
      fmt::format("{}: \"{}\"", media::FingerprintKindName(match.kind), found.reference_title);
  if (!found.list_name.empty()) {
    text += fmt::format(" in list \"{}\" of {}, policy {}", found.list_name, found.holder,
                        media::PolicyName(found.policy));
  }
  return text + fmt::format(", {:.1f} s the same, score {:.2f}\n{}\n",
                            media::ToSeconds(match.Matched()), match.score,
                            DrawMatch(match, {.title = found.reference_title,
                                              .upload_duration = query->duration,
                                              .columns = TimelineColumns()}));
}

Status Match(const config::Config& config, const MatchArguments& arguments) {
  PENSTOCK_TRY(const auto upload, FingerprintFile(config, arguments.file));
  PENSTOCK_TRY(const auto found, arguments.works.empty()
                                     ? MatchCatalog(config, upload)
                                     : MatchFiles(config, upload, arguments.works));
  if (arguments.json) {
    auto matches = nlohmann::json::array();
    for (const MatchEvidence& evidence : found) matches.push_back(api::ToJson(evidence));
    return Print("{}\n", nlohmann::json{{"matches", std::move(matches)}}.dump());
  }
  if (found.empty()) return Print("nothing the same was found\n");
  std::string text;
  for (const MatchEvidence& evidence : found) text += Describe(evidence, upload);
  return WriteOutput(text);
}

}  // namespace

int MatchFile(const config::Config& config, const MatchArguments& arguments) {
  return ExitStatus(Match(config, arguments));
}

}  // namespace penstock::server
