#include "api/health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/world.h"

namespace penstock::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::Send;
using testing::Text;

constexpr auto kGet = http::Method::kGet;

TEST(HealthTest, AProcessThatAnswersIsAlive) {
  const Metrics metrics("1.2.3");
  http::Router router;
  RegisterHealth(router, {}, metrics);
  EXPECT_EQ(Send(router, kGet, "/healthz").status, 200);
}

TEST(HealthTest, ItIsReadyWhenEveryCheckPasses) {
  const Metrics metrics("1.2.3");
  Status disk;
  http::Router router;
  RegisterHealth(router,
                 {{.name = "catalog", .check = [] { return Status(); }},
                  {.name = "disk", .check = [&disk] { return disk; }}},
                 metrics);
  EXPECT_EQ(Send(router, kGet, "/readyz").status, 200);
  disk = Error(ErrorKind::kOutOfSpace, "write /secret/path: no space left");
  const http::Response answer = Send(router, kGet, "/readyz");
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(Text(answer), HasSubstr("\"code\":\"not_ready\""));
  EXPECT_THAT(Text(answer), HasSubstr("disk"));
  EXPECT_THAT(Text(answer), Not(HasSubstr("catalog")));
  EXPECT_THAT(Text(answer), Not(HasSubstr("/secret/path")));
}

TEST(MetricsTest, WhatHappenedIsCounted) {
  Metrics metrics("1.2.3");
  metrics.AddGauge("penstock_queue_jobs", "Jobs that wait in the queue.", [] { return 4.0; });
  metrics.ObserveExchange({.method = http::Method::kGet,
                           .route = "/v1/assets/{id}",
                           .path = "/v1/assets/abc",
                           .peer = "127.0.0.1",
                           .status = 200,
                           .bytes_in = 0,
                           .bytes_out = 512,
                           .duration = std::chrono::milliseconds(3)});
  metrics.UploadCompleted(1000);
  metrics.TaskFinished(media::Stage::kTranscode, "done", 12.5);
  metrics.MediaFingerprinted(90.5);
  metrics.AssetDecided(media::RightsState::kBlocked);
  http::Router router;
  RegisterHealth(router, {}, metrics);
  const http::Response answer = Send(router, kGet, "/metrics");
  EXPECT_THAT(std::string(answer.headers.Get("Content-Type")), HasSubstr("text/plain"));
  const std::string text = Text(answer);
  EXPECT_THAT(text, HasSubstr("penstock_build_info{version=\"1.2.3\"} 1"));
  EXPECT_THAT(text,
              HasSubstr("penstock_http_requests_total{method=\"GET\",route=\"/v1/assets/{id}\","
                        "status=\"200\"} 1"));
  EXPECT_THAT(text, HasSubstr("penstock_http_sent_bytes_total{route=\"/v1/assets/{id}\"} 512"));
  EXPECT_THAT(text, HasSubstr("penstock_uploads_completed_total 1"));
  EXPECT_THAT(text,
              HasSubstr("penstock_tasks_finished_total{outcome=\"done\",stage=\"transcode\"} 1"));
  EXPECT_THAT(text, HasSubstr("penstock_task_seconds_sum{stage=\"transcode\"} 12.5"));
  EXPECT_THAT(text, HasSubstr("penstock_fingerprinted_media_seconds_total 90.5"));
  EXPECT_THAT(text, HasSubstr("penstock_assets_decided_total{decision=\"blocked\"} 1"));
  EXPECT_THAT(text, HasSubstr("penstock_queue_jobs 4"));
  EXPECT_THAT(text, Not(HasSubstr("/v1/assets/abc")));
}

}  // namespace
}  // namespace penstock::api
