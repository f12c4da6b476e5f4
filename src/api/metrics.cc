#include "api/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <sstream>
#include <utility>
#include <vector>

#include "base/guarded.h"

namespace penstock::api {

namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Histogram;

// Seconds.
Histogram::BucketBoundaries RequestBuckets() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600};
}
Histogram::BucketBoundaries TaskBuckets() {
  return {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200};
}

std::string RouteLabel(const http::Exchange& exchange) {
  return exchange.route.empty() ? "none" : exchange.route;
}

}  // namespace

struct Metrics::Families {
  struct Asked {
    prometheus::Gauge& gauge;
    std::function<double()> read;
  };

  prometheus::Registry registry;
  Guarded<std::vector<Asked>> asked;
  prometheus::Family<prometheus::Counter>& requests = BuildCounter()
                                                          .Name("penstock_http_requests_total")
                                                          .Help("Requests answered.")
                                                          .Register(registry);
  prometheus::Family<prometheus::Counter>& received =
      BuildCounter()
          .Name("penstock_http_received_bytes_total")
          .Help("Bytes of request bodies.")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& sent = BuildCounter()
                                                      .Name("penstock_http_sent_bytes_total")
                                                      .Help("Bytes of response bodies.")
                                                      .Register(registry);
  prometheus::Family<Histogram>& request_seconds =
      BuildHistogram()
          .Name("penstock_http_request_seconds")
          .Help("Time from a request's first line to the last byte of its answer.")
          .Register(registry);
  prometheus::Counter& uploads = BuildCounter()
                                     .Name("penstock_uploads_completed_total")
                                     .Help("Uploads that became assets.")
                                     .Register(registry)
                                     .Add({});
  prometheus::Counter& uploaded_bytes = BuildCounter()
                                            .Name("penstock_uploads_completed_bytes_total")
                                            .Help("Bytes of the uploads that became assets.")
                                            .Register(registry)
                                            .Add({});
  prometheus::Family<prometheus::Counter>& tasks =
      BuildCounter()
          .Name("penstock_tasks_finished_total")
          .Help("Tasks of the pipeline by stage and outcome.")
          .Register(registry);
  prometheus::Family<Histogram>& task_seconds = BuildHistogram()
                                                    .Name("penstock_task_seconds")
                                                    .Help("Time that a task took.")
                                                    .Register(registry);
  prometheus::Counter& fingerprinted =
      BuildCounter()
          .Name("penstock_fingerprinted_media_seconds_total")
          .Help("Playing time of the media that were fingerprinted.")
          .Register(registry)
          .Add({});
  prometheus::Family<prometheus::Counter>& decisions = BuildCounter()
                                                           .Name("penstock_assets_decided_total")
                                                           .Help("Assets by rights decision.")
                                                           .Register(registry);
  prometheus::Gauge& index_references =
      BuildGauge()
          .Name("penstock_index_references")
          .Help("References that the index holds, of all kept versions.")
          .Register(registry)
          .Add({});
  prometheus::Gauge& index_segments = BuildGauge()
                                          .Name("penstock_index_segments")
                                          .Help("Pieces that the index consists of.")
                                          .Register(registry)
                                          .Add({});
  prometheus::Gauge& index_bytes = BuildGauge()
                                       .Name("penstock_index_bytes")
                                       .Help("Bytes of the index.")
                                       .Register(registry)
                                       .Add({});
  prometheus::Family<prometheus::Counter>& lists = BuildCounter()
                                                       .Name("penstock_lists_received_total")
                                                       .Help("Reference lists sent over HTTP.")
                                                       .Register(registry);
  prometheus::Family<prometheus::Counter>& list_rows =
      BuildCounter()
          .Name("penstock_list_rows_received_total")
          .Help("Rows of reference lists sent over HTTP, by what became of list and row.")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& text_tracks =
      BuildCounter()
          .Name("penstock_text_tracks_received_total")
          .Help("Text tracks sent over HTTP, by what became of them.")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& rechecks =
      BuildCounter()
          .Name("penstock_assets_rechecked_total")
          .Help("Assets compared again with changed lists, by what was decided.")
          .Register(registry);
};

Metrics::Metrics(std::string_view version) : families_(std::make_unique<Families>()) {
  BuildGauge()
      .Name("penstock_build_info")
      .Help("Constantly 1, with the version as a label.")
      .Register(families_->registry)
      .Add({{"version", std::string(version)}})
      .Set(1);
}

Metrics::~Metrics() = default;

void Metrics::AddGauge(const std::string& name, const std::string& help,
                       std::function<double()> read) {
  prometheus::Gauge& gauge =
      BuildGauge().Name(name).Help(help).Register(families_->registry).Add({});
  families_->asked.With([&](auto& asked) { asked.push_back({gauge, std::move(read)}); });
}

void Metrics::ObserveExchange(const http::Exchange& exchange) {
  const std::string method(http::MethodName(exchange.method));
  const std::string route = RouteLabel(exchange);
  families_->requests
      .Add({{"method", method}, {"route", route}, {"status", std::to_string(exchange.status)}})
      .Increment();
  families_->received.Add({{"route", route}}).Increment(static_cast<double>(exchange.bytes_in));
  families_->sent.Add({{"route", route}}).Increment(static_cast<double>(exchange.bytes_out));
  families_->request_seconds.Add({{"method", method}, {"route", route}}, RequestBuckets())
      .Observe(std::chrono::duration<double>(exchange.duration).count());
}

void Metrics::UploadCompleted(std::uint64_t bytes) {
  families_->uploads.Increment();
  families_->uploaded_bytes.Increment(static_cast<double>(bytes));
}

void Metrics::TaskFinished(media::Stage stage, std::string_view outcome, double seconds) {
  const std::string name(media::StageName(stage));
  families_->tasks.Add({{"stage", name}, {"outcome", std::string(outcome)}}).Increment();
  families_->task_seconds.Add({{"stage", name}}, TaskBuckets()).Observe(seconds);
}

void Metrics::MediaFingerprinted(double seconds_of_media) {
  families_->fingerprinted.Increment(seconds_of_media);
}

void Metrics::AssetDecided(media::RightsState state) {
  families_->decisions.Add({{"decision", std::string(media::RightsStateName(state))}}).Increment();
}

void Metrics::ListReceived(std::string_view outcome, std::int64_t accepted, std::int64_t rejected) {
  const std::string name(outcome);
  families_->lists.Add({{"outcome", name}}).Increment();
  const auto rows = [&](const char* fate) -> prometheus::Counter& {
    return families_->list_rows.Add({{"outcome", name}, {"row", fate}});
  };
  rows("accepted").Increment(static_cast<double>(accepted));
  rows("rejected").Increment(static_cast<double>(rejected));
}

void Metrics::TextTrackReceived(std::string_view outcome) {
  families_->text_tracks.Add({{"outcome", std::string(outcome)}}).Increment();
}

void Metrics::IndexMeasured(const fingerprint::ReferenceIndex::Extent& extent) {
  families_->index_references.Set(static_cast<double>(extent.works));
  families_->index_segments.Set(static_cast<double>(extent.segments));
  families_->index_bytes.Set(static_cast<double>(extent.bytes));
}

void Metrics::AssetRechecked(std::string_view outcome) {
  families_->rechecks.Add({{"outcome", std::string(outcome)}}).Increment();
}

std::string Metrics::Text() const {
  families_->asked.With([](auto& asked) {
    for (const auto& [gauge, read] : asked) gauge.Set(read());
  });
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families_->registry.Collect());
  return text.str();
}

}  // namespace penstock::api
