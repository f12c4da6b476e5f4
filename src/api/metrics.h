// What is counted, in the text format of Prometheus.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "fingerprint/reference_index.h"
#include "http/server.h"
#include "media/asset.h"
#include "media/rights.h"

namespace penstock::api {

// Thread-safe. No label grows without bound: routes are patterns, never paths.
class Metrics {
 public:
  explicit Metrics(std::string_view version);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // A figure that is asked for whenever the text is made; what read uses must outlive this.
  void AddGauge(const std::string& name, const std::string& help, std::function<double()> read);

  void ObserveExchange(const http::Exchange& exchange);
  void UploadCompleted(std::uint64_t bytes);
  // outcome: "done", "retried", "errored", "lease_lost", "released"; a short closed set of the
  // caller.
  void TaskFinished(media::Stage stage, std::string_view outcome, double seconds);
  void MediaFingerprinted(double seconds_of_media);
  void AssetDecided(media::RightsState state);
  // A list that came over HTTP. outcome: "imported", "tested" (a dry run) or "refused".
  void ListReceived(std::string_view outcome, std::int64_t accepted, std::int64_t rejected);
  // A text track that was sent. outcome: "taken" or "refused".
  void TextTrackReceived(std::string_view outcome);
  void IndexMeasured(const fingerprint::ReferenceIndex::Extent& extent);
  // outcome: of an asset that was compared again with changed lists: "unchanged", or the name of
  // the state that it was given.
  void AssetRechecked(std::string_view outcome);

  // The exposition format 0.0.4.
  std::string Text() const;

 private:
  struct Families;
  const std::unique_ptr<Families> families_;
};

}  // namespace penstock::api
