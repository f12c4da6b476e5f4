#include "api/web_pages.h"

#include <filesystem>
#include <fstream>

#include "tests/api/api_world.h"

namespace penstock::api {
namespace {

using http::Method;
using media::Visibility;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Rest;
using testing::Text;

class WebPagesTest : public testing::ApiTest {
 protected:
  WebPagesTest() {
    Write("index.html", "<html><head><title>Penstock</title></head><body></body></html>");
    Write("favicon.svg", "<svg/>");
    Write("static/app-1f.js", "export {}");
    Write(".env", "secret");
    std::filesystem::create_symlink("/etc/passwd", root_ / "static/passwd");
  }

  void Write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << text;
  }
  http::Response Visit(std::string_view target) {
    if (!loaded_) {
      files_ = WebFiles::Load(root_).value();
      RegisterWebPages(router_, dependencies_, files_);
      loaded_ = true;
    }
    return testing::Send(router_, Method::kGet, target);
  }

  const std::filesystem::path root_ = world_.directory.path() / "web";
  WebFiles files_;
  bool loaded_ = false;
};

TEST_F(WebPagesTest, EveryAddressOfTheApplicationAnswersThePage) {
  for (const char* path : {"/", "/library", "/lists", "/lists/abc", "/a/abc", "/watch/abc"}) {
    const http::Response page = Visit(path);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_EQ(page.headers.Get("Content-Type"), "text/html; charset=utf-8") << path;
    EXPECT_EQ(page.headers.Get("Cache-Control"), "no-cache") << path;
    EXPECT_THAT(std::string(page.headers.Get("Content-Security-Policy")),
                HasSubstr("frame-ancestors 'none'"))
        << path;
    EXPECT_TRUE(page.headers.Has("Referrer-Policy")) << path;
  }
}

TEST_F(WebPagesTest, AnAddressThatLeadsNowhereIsAPageForAPersonAndAProblemForAProgram) {
  EXPECT_EQ(Visit("/no/such/page").headers.Get("Content-Type"), "application/problem+json");
  const auto browse = [&](std::string_view target) {
    http::Headers headers;
    headers.Set("Accept", "text/html,*/*");
    return testing::Send(router_, Method::kGet, target, std::move(headers));
  };
  const http::Response page = browse("/no/such/page");
  EXPECT_EQ(page.status, 404);
  EXPECT_EQ(page.headers.Get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(browse("/v1/no-such-route").headers.Get("Content-Type"), "application/problem+json");
}

TEST_F(WebPagesTest, HashedFilesStayForGood) {
  const http::Response script = Visit("/static/app-1f.js");
  EXPECT_EQ(Text(script), "export {}");
  EXPECT_EQ(script.headers.Get("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(script.headers.Get("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_TRUE(script.headers.Has("ETag"));
  EXPECT_EQ(Visit("/favicon.svg").headers.Get("Content-Type"), "image/svg+xml");
}

TEST_F(WebPagesTest, OnlyRegularFilesOfTheRootAreServed) {
  for (const char* path : {"/static/passwd", "/static/", "/static/../.env", "/static/../index.html",
                           "/static//etc/passwd", "/.env"}) {
    EXPECT_EQ(Visit(path).status, 404) << path;
  }
}

TEST_F(WebPagesTest, ThePageOfAPublicWorkIntroducesIt) {
  const media::AssetId asset =
      world_.MakeAsset(Rest::kReady, Visibility::kPublic, "\"><script>alert(1)</script>");
  const std::string playback = world_.PlaybackOf(asset).text();
  const std::string page = Text(Visit("/watch/" + playback));
  EXPECT_THAT(page, HasSubstr("<meta property=\"og:title\" content=\"&quot;&gt;&lt;script&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("<script>")));
  EXPECT_THAT(page,
              HasSubstr("content=\"https://media.example/p/" + playback + "/thumbnail.jpg\""));
}

TEST_F(WebPagesTest, TheIntroductionOfAWorkWithoutAPictureNamesNone) {
  world_.makes_posters = false;
  const std::string playback = world_.PlaybackOf(world_.MakeAsset(Rest::kReady)).text();
  const std::string page = Text(Visit("/watch/" + playback));
  EXPECT_THAT(page, HasSubstr("<meta property=\"og:title\""));
  EXPECT_THAT(page, HasSubstr("<meta name=\"twitter:card\" content=\"summary\">"));
  EXPECT_THAT(page, Not(HasSubstr("og:image")));
}

TEST_F(WebPagesTest, ThePageOfAPrivateWorkTellsNothing) {
  const media::AssetId asset = world_.MakeAsset(Rest::kReady, Visibility::kPrivate, "Hidden");
  EXPECT_EQ(Text(Visit("/watch/" + world_.PlaybackOf(asset).text())), Text(Visit("/")));
}

TEST_F(WebPagesTest, WithoutABuildThePagesSaySo) {
  const WebFiles none;
  http::Router router;
  RegisterWebPages(router, dependencies_, none);
  ExpectProblem(testing::Send(router, Method::kGet, "/library"), 503, "web_application_missing");
}

TEST_F(WebPagesTest, ARootWithoutAPageIsAnError) {
  EXPECT_EQ(WebFiles::Load(root_ / "static").error().code, "web_root_without_index");
  EXPECT_EQ(WebFiles::Load(root_ / "nowhere").error().code, "web_root_unreadable");
}

}  // namespace
}  // namespace penstock::api
