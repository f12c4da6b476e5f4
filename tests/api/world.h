// A catalog on a temporary SQLite file, an object store and accounts with tokens: what handlers
// need to be driven with plain requests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "access/authenticator.h"
#include "access/token.h"
#include "catalog/accounts.h"
#include "catalog/assets.h"
#include "catalog/events.h"
#include "catalog/holder_keys.h"
#include "catalog/holds.h"
#include "catalog/rechecks.h"
#include "catalog/references.h"
#include "catalog/tasks.h"
#include "catalog/uploads.h"
#include "catalog/workers.h"
#include "cluster/local_queue.h"
#include "http/error_response.h"
#include "http/router.h"
#include "storage/filesystem_store.h"
#include "storage/object_layout.h"
#include "tests/support/fake_clock.h"
#include "tests/support/finish_transcode.h"
#include "tests/support/temporary_directory.h"

namespace penstock::testing {

// Where a made asset rests.
enum class Rest { kPreparing, kReview, kBlocked, kErrored, kReady };

inline constexpr std::string_view kEverything = "*";

struct World {
  TemporaryDirectory directory;
  FakeClock clock;
  std::unique_ptr<catalog::Database> database =
      catalog::Database::Open("sqlite://" + (directory.path() / "catalog.db").string(), 4).value();
  std::unique_ptr<storage::FilesystemStore> store =
      storage::FilesystemStore::Open(directory.path() / "objects").value();
  catalog::Accounts accounts{*database, clock};
  catalog::Uploads uploads{*database, clock};
  catalog::Assets assets{*database, clock};
  catalog::Tasks tasks{*database, clock};
  catalog::References references{*database, clock};
  catalog::HolderKeys holder_keys{*database, clock};
  catalog::Rechecks rechecks{*database, clock};
  catalog::Holds holds{*database, references, clock};
  catalog::Events events{*database};
  catalog::Workers workers{*database, clock};
  cluster::LocalQueue queue;
  access::Authenticator authenticator{
      [this](access::TokenKind kind, const std::string& hash) { return Lookup(kind, hash); }};
  catalog::Account owner = accounts.FindOrCreate("owner").value();
  catalog::Account stranger = accounts.FindOrCreate("stranger").value();

  bool makes_posters = true;  // of the assets that are made from now on
  bool makes_waveforms = true;
  bool makes_text = false;  // a text track "s2"

  // The secret of a fresh token.
  std::string Token(const catalog::Account& account, std::string_view scopes = kEverything,
                    access::TokenKind kind = access::TokenKind::kApi) {
    const std::string secret = access::NewTokenSecret(kind);
    EXPECT_TRUE(accounts
                    .AddToken({.hash = access::HashToken(secret),
                               .kind = std::string(access::TokenKindName(kind)),
                               .account = account.id,
                               .scopes = std::string(scopes),
                               .expires = clock.Now() + std::chrono::hours(1)})
                    .has_value());
    return secret;
  }

  // An asset with one video rendition of two segments, a poster and a storyboard, brought to its
  // rest by the same transactions as the pipeline's.
  media::AssetId MakeAsset(Rest rest, media::Visibility visibility = media::Visibility::kPublic,
                           const std::string& title = "A film") {
    media::Upload upload;
    upload.id = media::UploadId::Generate();
    upload.asset = media::AssetId::Generate();
    upload.owner = owner.id;
    upload.length = 5;
    upload.file_name = "film.mov";
    upload.title = title;
    upload.visibility = visibility;
    upload.created = clock.Now();
    upload.expires = clock.Now() + std::chrono::hours(1);
    Must(uploads.Create(upload));
    const storage::ObjectKey source = storage::SourceKey(upload.asset.text());
    Must(store->PutBytes(source, "bytes"));
    Must(uploads.Complete(upload.id, 5, std::string(64, 'a'), source.text()));
    if (rest != Rest::kPreparing) Advance(upload.asset, rest);
    return upload.asset;
  }

  media::PlaybackId PlaybackOf(const media::AssetId& asset) {
    return assets.PlaybackIds(asset).value().at(0);
  }

  media::Presentation MakePresentation(const media::AssetId& asset) {
    const auto put = [&](const std::string& name, std::string_view bytes) {
      const storage::ObjectKey key = storage::OutputKey(asset.text(), "r1", name).value();
      Must(store->PutBytes(key, bytes));
      return key.text();
    };
    media::Rendition rendition;
    rendition.name = "720p";
    rendition.codec = "avc1.64001f";
    rendition.peak_bandwidth = 3'000'000;
    rendition.average_bandwidth = 2'000'000;
    rendition.width = 1280;
    rendition.height = 720;
    rendition.frame_rate = {.numerator = 25, .denominator = 1};
    rendition.timescale = 1000;
    rendition.objects = {put("720p.mp4", "INITsegment-zerosegment-one!")};
    rendition.init = {.offset = 0, .length = 4};
    rendition.segments = {{.bytes = {.offset = 4, .length = 12}, .start = 0, .duration = 4000},
                          {.bytes = {.offset = 16, .length = 12}, .start = 4000, .duration = 2000}};
    media::Presentation presentation;
    presentation.duration = media::Millis(6000);
    presentation.renditions = {rendition};
    if (makes_text) {
      media::TextTrack& track = presentation.text_tracks.emplace_back();
      track.id = "s2";
      track.language = "en";
      track.object = put("s2.vtt", "WEBVTT\n");
      track.size = 7;
    }
    if (makes_posters) presentation.poster_object = put("poster.jpg", "poster");
    if (makes_waveforms) {
      presentation.waveform_object = put("waveform.json", R"({"version":2})");
    }
    presentation.storyboard = media::Storyboard{.object = put("storyboard.jpg", "tiles"),
                                                .tile_width = 160,
                                                .tile_height = 90,
                                                .columns = 2,
                                                .count = 3,
                                                .interval = media::Millis(2000)};
    return presentation;
  }

  static void Must(const Status& status) {
    ASSERT_TRUE(status.has_value()) << status.error().message;
  }

 private:
  Result<std::optional<access::Principal>> Lookup(access::TokenKind kind, const std::string& hash) {
    PENSTOCK_TRY(const auto row,
                 accounts.FindToken(std::string(access::TokenKindName(kind)), hash));
    if (!row) return std::optional<access::Principal>();
    PENSTOCK_TRY(const catalog::Account account, accounts.Get(row->account));
    PENSTOCK_TRY(auto scopes, access::ParseScopes(row->scopes));
    return std::optional(access::Principal{
        .account = account.id.text(), .account_name = account.name, .scopes = std::move(scopes)});
  }

  catalog::Lease Take(const media::AssetId& asset, media::Stage stage) {
    return tasks.Acquire(asset, stage, "test", std::chrono::seconds(30)).value().value();
  }

  static media::MatchEvidence Evidence(media::Policy policy) {
    media::MatchEvidence evidence;
    evidence.match.reference = media::ReferenceId::FromTrusted("reference1");
    evidence.match.score = 0.97;
    evidence.match.segments = {{.upload_start = media::Millis(12400),
                                .upload_end = media::Millis(40100),
                                .reference_start = media::Millis(71900),
                                .reference_end = media::Millis(99600),
                                .score = 0.97}};
    evidence.reference_title = "A song";
    evidence.holder_key = "song-1";
    evidence.list = media::ListId::FromTrusted("list1");
    evidence.list_name = "catalogue";
    evidence.holder = "A label";
    evidence.list_version = 2;
    evidence.policy = policy;
    return evidence;
  }

  void Advance(const media::AssetId& asset, Rest rest) {
    media::MediaInfo info;
    info.container = "mov,mp4";
    info.duration = media::Millis(6000);
    media::StreamInfo& stream = info.streams.emplace_back();
    stream.kind = media::StreamKind::kVideo;
    stream.codec = "h264";
    stream.width = 1280;
    stream.height = 720;
    if (rest == Rest::kErrored) {
      Must(tasks.Fail(Take(asset, media::Stage::kInspect),
                      Error(ErrorKind::kMalformed, "malformed_media", "the file is no media")));
      return;
    }
    Must(tasks.CompleteInspect(Take(asset, media::Stage::kInspect), info));
    Must(tasks.CompleteFingerprint(Take(asset, media::Stage::kFingerprint), {}, {}));
    media::Decision decision;
    decision.state = media::RightsState::kClear;
    decision.rule = "no_match";
    decision.reason = "Nothing in it is on a list.";
    decision.decided_by = "policy";
    decision.decided = clock.Now();
    decision.matcher = "matcher-1";
    if (rest == Rest::kReview || rest == Rest::kBlocked) {
      const bool review = rest == Rest::kReview;
      decision.state = review ? media::RightsState::kReview : media::RightsState::kBlocked;
      decision.rule = "list_policy";
      decision.reason = "It contains \"A song\" of A label.";
      decision.evidence = {Evidence(review ? media::Policy::kReview : media::Policy::kBlock)};
    }
    Must(tasks.CompleteMatch(Take(asset, media::Stage::kMatch), decision.evidence,
                             references.Generation().value()));
    Must(tasks.CompleteDecide(Take(asset, media::Stage::kDecide), decision));
    if (rest != Rest::kReady) return;
    Must(testing::FinishTranscode(tasks, asset, MakePresentation(asset)));
    Must(tasks.CompletePublish(Take(asset, media::Stage::kPublish),
                               references.Generation().value()));
  }
};

inline http::Response AnswerOf(const http::Router& router, http::Request request) {
  auto match = router.Find(request.method, request.path);
  if (!match.has_value()) return http::ErrorResponse(match.error());
  request.parameters = std::move(match->parameters);
  if (const auto* handler = std::get_if<http::Handler>(&match->route->handler)) {
    return (*handler)(request);
  }
  // A streaming route gets the body piece by piece, not with the request.
  const std::string sent = std::exchange(request.body, {});
  auto answer = std::get<http::BodyHandler>(match->route->handler)(request);
  if (auto* refusal = std::get_if<http::Response>(&answer)) return std::move(*refusal);
  auto& sink = std::get<std::unique_ptr<http::BodySink>>(answer);
  const Status written = sink->Write(std::as_bytes(std::span(sent)));
  return written ? sink->Finish() : http::ErrorResponse(written.error());
}

// One exchange without a socket: finds the route as the server does, and calls its handler.
inline http::Response Send(const http::Router& router, http::Method method, std::string_view target,
                           http::Headers headers = {}, std::string body = {}) {
  http::Request request;
  request.method = method;
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  request.headers = std::move(headers);
  request.peer = "127.0.0.1";
  if (!body.empty()) request.content_length = body.size();
  request.body = std::move(body);
  http::Response response = AnswerOf(router, request);
  router.ApplySharing(request, response);
  return response;
}

inline http::Headers Bearer(const std::string& secret) {
  return {{"Authorization", "Bearer " + secret}};
}

inline std::string Text(const http::Response& response) {
  const auto* text = std::get_if<std::string>(&response.body);
  return text == nullptr ? "<file>" : *text;
}

}  // namespace penstock::testing
