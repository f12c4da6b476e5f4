#include "delivery/playback_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

#include "base/file.h"
#include "tests/api/world.h"
#include "tests/delivery/override_state.h"

namespace penstock::delivery {
namespace {

using http::Method;
using media::Visibility;
using testing::Bearer;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::OverrideState;
using testing::Rest;
using testing::Send;
using ::testing::StartsWith;
using testing::Text;
using testing::World;

// Every address of a work.
constexpr std::array<const char*, 13> kAddresses = {
    "/index.m3u8",       "/manifest.mpd",    "/thumbnail.jpg", "/storyboard.jpg", "/storyboard.vtt",
    "/metadata.json",    "/720p/index.m3u8", "/720p/init.mp4", "/720p/0.m4s",     "/720p/1.m4s",
    "/captions/s2.m3u8", "/captions/s2.vtt", "/waveform.json"};

class PlaybackHandlerTest : public ::testing::Test {
 protected:
  PlaybackHandlerTest() {
    world_.makes_text = true;
    handler_.Register(router_);
  }

  http::Response Get(const std::string& path, http::Headers headers = {}) {
    return Send(router_, Method::kGet, path, std::move(headers));
  }
  std::string Playback(const media::AssetId& asset) {
    return "/p/" + world_.PlaybackOf(asset).text();
  }
  // The bytes of a file answer.
  static std::string Bytes(const http::Response& response) {
    const auto* body = std::get_if<http::FileBody>(&response.body);
    if (body == nullptr) return "<no file>";
    return ReadAt(body->file->get(), body->range.offset, body->range.length).value_or("<short>");
  }
  // What a stranger learns of a work that is not to be shown.
  static void ExpectNothing(const http::Response& response, const std::string& address) {
    EXPECT_EQ(response.status, 404) << address;
    EXPECT_EQ(response.headers.Get("Content-Type"), "application/problem+json") << address;
    EXPECT_THAT(Text(response), HasSubstr("\"code\":\"playback_not_found\"")) << address;
    EXPECT_EQ(response.headers.Get("Cache-Control"), "no-store") << address;
    EXPECT_FALSE(response.headers.Has("ETag")) << address;
  }

  World world_;
  PlaybackHandler handler_{world_.assets, *world_.store, world_.authenticator, world_.clock};
  http::Router router_;
};

TEST_F(PlaybackHandlerTest, ThatAWorkHasGrownToItsEndIsToldAMomentLaterAndOnce) {
  const media::AssetId asset = world_.MakeAsset(Rest::kReady);
  testing::OverrideOpened(*world_.database, asset, world_.clock.Now());
  const std::string address = Playback(asset) + "/manifest.mpd";
  EXPECT_THAT(Text(Get(address)), HasSubstr("type=\"dynamic\""));
  world_.clock.Advance(std::chrono::seconds(10));
  EXPECT_THAT(Text(Get(address)), HasSubstr("type=\"static\""));
  World::Must(world_.assets.Update(asset, "Another title", std::nullopt));
  world_.clock.Advance(Shelf::kAssetLifetime);
  EXPECT_THAT(Text(Get(address)), HasSubstr("type=\"static\""));
}

// One case for each address.
class DefaultDenyTest : public PlaybackHandlerTest,
                        public ::testing::WithParamInterface<const char*> {};

TEST_P(DefaultDenyTest, NothingIsServedOfAWorkThatDoesNotExist) {
  const std::string address = GetParam();
  ExpectNothing(Get("/p/nosuchplayback" + address), address);
  ExpectNothing(Get("/p/..%2f..%2fetc" + address), address);
}

// Before publication there is no playback id at all; the asset's own id is none.
TEST_P(DefaultDenyTest, NothingIsServedOfAWorkThatWasNeverPublished) {
  for (const Rest rest : {Rest::kPreparing, Rest::kReview, Rest::kBlocked, Rest::kErrored}) {
    const media::AssetId asset = world_.MakeAsset(rest);
    EXPECT_TRUE(world_.assets.PlaybackIds(asset).value().empty());
    ExpectNothing(Get("/p/" + asset.text() + GetParam()), GetParam());
  }
}

// A published work that is taken back keeps its playback id.
TEST_P(DefaultDenyTest, NothingIsServedOfAPublishedWorkThatIsTakenBack) {
  const media::AssetId asset = world_.MakeAsset(Rest::kReady);
  const std::string address = Playback(asset) + GetParam();
  for (const auto& [stage, rights] : {std::pair("transcode", "clear"),
                                      {"review", "review"},
                                      {"blocked", "blocked"},
                                      {"errored", "clear"},
                                      {"ready", "blocked"},
                                      {"ready", "pending"}}) {
    OverrideState(*world_.database, asset, stage, rights);
    world_.clock.Advance(Shelf::kAssetLifetime);
    ExpectNothing(Get(address), address + " " + stage + " " + rights);
  }
  OverrideState(*world_.database, asset, "ready", "claimed");
  world_.clock.Advance(Shelf::kAssetLifetime);
  EXPECT_EQ(Get(address).status, 200);
}

TEST_P(DefaultDenyTest, APublicWorkIsServedUntilTwoSecondsAfterItWasMadePrivateOrDeleted) {
  const media::AssetId asset = world_.MakeAsset(Rest::kReady);
  const std::string address = Playback(asset) + GetParam();
  const http::Response shown = Get(address);
  EXPECT_EQ(shown.status, 200);
  EXPECT_THAT(std::string(shown.headers.Get("Cache-Control")), StartsWith("public, "));
  EXPECT_EQ(shown.headers.Get("Access-Control-Allow-Origin"), "*");
  EXPECT_TRUE(shown.headers.Has("ETag"));

  World::Must(world_.assets.Update(asset, std::nullopt, Visibility::kPrivate));
  world_.clock.Advance(Shelf::kAssetLifetime);
  ExpectNothing(Get(address), address);

  World::Must(world_.assets.Update(asset, std::nullopt, Visibility::kPublic));
  world_.clock.Advance(Shelf::kAssetLifetime);
  EXPECT_EQ(Get(address).status, 200);
  World::Must(world_.assets.Delete(asset));
  world_.clock.Advance(Shelf::kAssetLifetime);
  ExpectNothing(Get(address), address);
}

TEST_P(DefaultDenyTest, NothingOfAPrivateWorkIsServedToAnybodyButItsOwner) {
  const media::AssetId asset = world_.MakeAsset(Rest::kReady, Visibility::kPrivate);
  const std::string address = Playback(asset) + GetParam();
  ExpectNothing(Get(address), address);
  ExpectNothing(Get(address, Bearer(world_.Token(world_.stranger))), address);
  ExpectNothing(Get(address, Bearer("pst_wrong")), address);
  ExpectNothing(Get(address, Bearer(world_.Token(world_.owner, "uploads:write"))), address);
  const http::Response shown = Get(address, Bearer(world_.Token(world_.owner)));
  EXPECT_EQ(shown.status, 200) << address;
  EXPECT_THAT(std::string(shown.headers.Get("Cache-Control")), StartsWith("private, "));
  EXPECT_FALSE(shown.headers.Has("Access-Control-Allow-Origin"));
}

INSTANTIATE_TEST_SUITE_P(EveryAddress, DefaultDenyTest, ::testing::ValuesIn(kAddresses));

TEST_P(DefaultDenyTest, ADeletedWorkThatIsStillKeptAtHandIsMissingWhereItsObjectsAreGone) {
  const media::AssetId asset = world_.MakeAsset(Rest::kReady);
  const std::string playback = Playback(asset);
  EXPECT_EQ(Get(playback + "/index.m3u8").status, 200);
  World::Must(world_.assets.Delete(asset));
  const auto keys = world_.store->List("").value();
  for (const storage::ObjectKey& key : keys) World::Must(world_.store->Delete(key));
  const http::Response response = Get(playback + GetParam());
  if (response.status != 200) ExpectNothing(response, GetParam());
}

TEST_P(DefaultDenyTest, AWorkThatIsDeletedBeforeItsPresentationWasReadIsMissing) {
  const media::AssetId asset = world_.MakeAsset(Rest::kReady);
  const std::string playback = Playback(asset);
  World::Must(world_.assets.Update(asset, std::nullopt, Visibility::kPrivate));
  ExpectNothing(Get(playback + "/index.m3u8"), "");  // the asset alone is kept at hand
  World::Must(world_.assets.Delete(asset));
  ExpectNothing(Get(playback + GetParam(), Bearer(world_.Token(world_.owner))), GetParam());
}

TEST_F(PlaybackHandlerTest, AnUnknownAddressOfAWorkIsAnsweredLikeAMissingWork) {
  const std::string playback = Playback(world_.MakeAsset(Rest::kReady));
  ExpectNothing(Get(playback), "");
  ExpectNothing(Get(playback + "/720p.mp4"), "/720p.mp4");
  ExpectNothing(Get(playback + "/a/b/c"), "/a/b/c");
}

TEST_F(PlaybackHandlerTest, ManifestsHaveTheirTypesAndAreShortLived) {
  const std::string playback = Playback(world_.MakeAsset(Rest::kReady));
  const http::Response hls = Get(playback + "/index.m3u8");
  EXPECT_EQ(hls.headers.Get("Content-Type"), "application/vnd.apple.mpegurl");
  EXPECT_EQ(hls.headers.Get("Cache-Control"), "public, max-age=0, s-maxage=5");
  EXPECT_THAT(Text(hls), HasSubstr("720p/index.m3u8"));
  const http::Response dash = Get(playback + "/manifest.mpd");
  EXPECT_EQ(dash.headers.Get("Content-Type"), "application/dash+xml");
  EXPECT_THAT(Text(dash), HasSubstr("<MPD"));
  EXPECT_THAT(Text(Get(playback + "/720p/index.m3u8")), HasSubstr("1.m4s"));
}

TEST_F(PlaybackHandlerTest, SegmentsAreRangesOfTheRenditionsObjectAndNeverChange) {
  const std::string playback = Playback(world_.MakeAsset(Rest::kReady));
  const http::Response init = Get(playback + "/720p/init.mp4");
  EXPECT_EQ(Bytes(init), "INIT");
  EXPECT_EQ(init.headers.Get("Content-Type"), "video/mp4");
  EXPECT_EQ(init.headers.Get("Cache-Control"), "public, max-age=31536000, immutable");
  const http::Response first = Get(playback + "/720p/0.m4s");
  const http::Response second = Get(playback + "/720p/1.m4s");
  EXPECT_EQ(Bytes(first), "segment-zero");
  EXPECT_EQ(Bytes(second), "segment-one!");
  EXPECT_NE(first.headers.Get("ETag"), second.headers.Get("ETag"));
}

TEST_F(PlaybackHandlerTest, ARangeOfASegmentIsCountedFromTheSegment) {
  const std::string playback = Playback(world_.MakeAsset(Rest::kReady));
  const http::Response part = Get(playback + "/720p/1.m4s", {{"Range", "bytes=8-"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.headers.Get("Content-Range"), "bytes 8-11/12");
  EXPECT_EQ(Bytes(part), "one!");
  EXPECT_EQ(Get(playback + "/720p/1.m4s", {{"Range", "bytes=12-"}}).status, 416);
}

TEST_F(PlaybackHandlerTest, AKnownEtagIsAnswered304) {
  const std::string address = Playback(world_.MakeAsset(Rest::kReady)) + "/720p/0.m4s";
  const std::string etag(Get(address).headers.Get("ETag"));
  const http::Response again = Get(address, {{"If-None-Match", etag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.headers.Get("Access-Control-Allow-Origin"), "*");
}

TEST_F(PlaybackHandlerTest, AMissingPartHasACodeOfItsOwn) {
  const std::string playback = Playback(world_.MakeAsset(Rest::kReady));
  EXPECT_THAT(Text(Get(playback + "/1080p/0.m4s")), HasSubstr("rendition_not_found"));
  for (const char* name :
       {"2.m4s", "00.m4s", "-1.m4s", "0.mp4", "99999999999999999999.m4s", ".m4s"}) {
    const http::Response answer = Get(playback + "/720p/" + name);
    EXPECT_EQ(answer.status, 404) << name;
    EXPECT_THAT(Text(answer), HasSubstr("segment_not_found")) << name;
  }
}

TEST_F(PlaybackHandlerTest, PicturesAndCuesHaveTheirTypes) {
  const std::string playback = Playback(world_.MakeAsset(Rest::kReady));
  EXPECT_EQ(Bytes(Get(playback + "/thumbnail.jpg")), "poster");
  EXPECT_EQ(Bytes(Get(playback + "/storyboard.jpg")), "tiles");
  EXPECT_EQ(Get(playback + "/thumbnail.jpg").headers.Get("Content-Type"), "image/jpeg");
  const http::Response cues = Get(playback + "/storyboard.vtt");
  EXPECT_EQ(cues.headers.Get("Content-Type"), "text/vtt; charset=utf-8");
  EXPECT_THAT(Text(cues), StartsWith("WEBVTT"));
}

TEST_F(PlaybackHandlerTest, AWaveformIsJson) {
  const http::Response answer = Get(Playback(world_.MakeAsset(Rest::kReady)) + "/waveform.json");
  EXPECT_EQ(Bytes(answer), "{\"version\":2}");
  EXPECT_EQ(answer.headers.Get("Content-Type"), "application/json");
}

TEST_F(PlaybackHandlerTest, AWorkOfATimeWithoutWaveformsPlaysAndHasNone) {
  world_.makes_waveforms = false;
  const std::string playback = Playback(world_.MakeAsset(Rest::kReady));
  EXPECT_EQ(Get(playback + "/720p/0.m4s").status, 200);
  EXPECT_THAT(Text(Get(playback + "/metadata.json")), HasSubstr("\"has_waveform\":false"));
  const http::Response answer = Get(playback + "/waveform.json");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(Text(answer), HasSubstr("\"code\":\"waveform_not_found\""));
}

TEST_F(PlaybackHandlerTest, MetadataTellsAPlayerWhatToShow) {
  const media::AssetId asset =
      world_.MakeAsset(Rest::kReady, Visibility::kPublic, "A \"film\" \xC3\xA4");
  EXPECT_EQ(Text(Get(Playback(asset) + "/metadata.json")),
            "{\"title\":\"A \\\"film\\\" \xC3\xA4\",\"duration\":6.000,\"kind\":\"video\","
            "\"width\":1280,\"height\":720,\"has_thumbnail\":true,\"has_storyboard\":true,"
            "\"has_waveform\":true,\"complete\":true,\"created\":\"" +
                FormatRfc3339(world_.clock.Now()) + "\"}");
}

TEST_F(PlaybackHandlerTest, HeadIsAnsweredLikeGet) {
  const std::string playback = Playback(world_.MakeAsset(Rest::kReady));
  EXPECT_EQ(Send(router_, Method::kHead, playback + "/720p/0.m4s").status, 200);
}

TEST_F(PlaybackHandlerTest, APreflightAllowsRangesFromAnyOrigin) {
  const http::Response answer = Send(router_, Method::kOptions, "/p/anything/720p/0.m4s");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.headers.Get("Access-Control-Allow-Origin"), "*");
  EXPECT_THAT(std::string(answer.headers.Get("Access-Control-Allow-Headers")), HasSubstr("Range"));
}

TEST_F(PlaybackHandlerTest, ALostObjectIsOurFaultAndHiddenBehindASentence) {
  const media::AssetId asset = world_.MakeAsset(Rest::kReady);
  World::Must(world_.store->Delete(storage::OutputKey(asset.text(), "r1", "720p.mp4").value()));
  const http::Response answer = Get(Playback(asset) + "/720p/0.m4s");
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(Text(answer), ::testing::Not(HasSubstr("720p.mp4")));
}

TEST_F(PlaybackHandlerTest, ATextTrackIsAPlaylistAndAFile) {
  const std::string base = Playback(world_.MakeAsset(Rest::kReady));
  EXPECT_THAT(Text(Get(base + "/index.m3u8")), HasSubstr("URI=\"captions/s2.m3u8\""));
  EXPECT_THAT(Text(Get(base + "/manifest.mpd")), HasSubstr("<BaseURL>captions/s2.vtt</BaseURL>"));
  EXPECT_THAT(Text(Get(base + "/captions/s2.m3u8")), HasSubstr("#EXTINF:6.000,\ns2.vtt\n"));
  const http::Response file = Get(base + "/captions/s2.vtt");
  EXPECT_EQ(Bytes(file), "WEBVTT\n");
  EXPECT_EQ(file.headers.Get("Content-Type"), "text/vtt; charset=utf-8");
  for (const char* missing : {"/captions/s3.vtt", "/captions/s2.txt", "/captions/s2"}) {
    const http::Response answer = Get(base + missing);
    EXPECT_EQ(answer.status, 404) << missing;
    EXPECT_THAT(Text(answer), HasSubstr("text_track_not_found")) << missing;
  }
}

TEST_F(PlaybackHandlerTest, AnUploadedTextTrackComesAndGoesAtOnceForWhoeverBegins) {
  const media::AssetId asset = world_.MakeAsset(Rest::kReady);
  const std::string base = Playback(asset);
  EXPECT_THAT(Text(Get(base + "/index.m3u8")), Not(HasSubstr("t1.m3u8")));
  const auto key = storage::TextTrackKey(asset.text(), "t1").value();
  World::Must(world_.store->PutBytes(key, "WEBVTT\n"));
  media::TextTrack track;
  track.id = "t1";
  track.object = key.text();
  world_.clock.Advance(std::chrono::milliseconds(1));
  ASSERT_TRUE(world_.assets.AddTextTrack(asset, track).has_value());
  EXPECT_THAT(Text(Get(base + "/index.m3u8")), HasSubstr("t1.m3u8"));
  EXPECT_EQ(Get(base + "/captions/t1.vtt").status, 200);

  world_.clock.Advance(std::chrono::milliseconds(1));
  ASSERT_TRUE(world_.assets.RemoveTextTrack(asset, "t1").has_value());
  World::Must(world_.store->Delete(key));
  EXPECT_THAT(Text(Get(base + "/index.m3u8")), Not(HasSubstr("t1.m3u8")));
  EXPECT_THAT(Text(Get(base + "/manifest.mpd")), Not(HasSubstr("t1.vtt")));
  EXPECT_EQ(Get(base + "/captions/t1.vtt").status, 404);
}

}  // namespace
}  // namespace penstock::delivery
