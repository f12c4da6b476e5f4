#include "api/web_pages.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "api/endpoint.h"
#include "api/json_mapping.h"
#include "base/encoding.h"
#include "http/range.h"

namespace penstock::api {

namespace {

constexpr std::array<std::string_view, 7> kPagePatterns{
    "/", "/index.html", "/library", "/lists", "/lists/{id}", "/a/{id}", "/watch/{playback}"};

constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; media-src 'self' blob: data:; img-src 'self' data: blob:; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

std::string HtmlEscape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

void Protect(http::Response& response) {
  response.headers.Set("Content-Security-Policy", std::string(kContentSecurityPolicy));
  response.headers.Set("Referrer-Policy", "strict-origin-when-cross-origin");
  response.headers.Set("X-Content-Type-Options", "nosniff");
}

http::Response FileAnswer(const http::Request& request, const WebFile& file,
                          std::string cache_control) {
  http::Response response =
      http::TextResponse(request, file.bytes, file.type, file.etag, std::move(cache_control));
  Protect(response);
  return response;
}

// index.html for the request, with tags when it is a public work's page.
std::string PageFor(const Dependencies& dependencies, const http::Request& request,
                    const WebFile& index) {
  const Result<media::PlaybackId> id = media::PlaybackId::Parse(request.Parameter("playback"));
  if (!id.has_value()) return index.bytes;
  const Result<media::Asset> asset = dependencies.assets.FindByPlaybackId(*id);
  if (!asset.has_value() || !media::IsPlayable(*asset) ||
      asset->visibility != media::Visibility::kPublic) {
    return index.bytes;
  }
  const auto presentation = dependencies.assets.GetPresentation(asset->id);
  const bool has_poster =
      presentation.has_value() && *presentation && !(*presentation)->poster_object.empty();
  return WithOpenGraph(index.bytes, *asset, id->text(), has_poster, dependencies.public_url);
}

http::Response Page(const Dependencies& dependencies, const http::Request& request,
                    const WebFiles& files) {
  const WebFile* index = files.Find("index.html");
  if (index == nullptr) {
    return Refuse(request, Error(ErrorKind::kUnavailable, "web_application_missing",
                                 "the web application is not built; the API answers without it"));
  }
  std::string page = PageFor(dependencies, request, *index);
  std::string etag = EtagOf(page);
  http::Response response =
      http::TextResponse(request, std::move(page), index->type, std::move(etag), "no-cache");
  Protect(response);
  return response;
}

// An address that nothing answers: the application says so to a person, a problem document to a
// program.
http::Response MissingPage(const Dependencies& dependencies, const http::Request& request,
                           const WebFiles& files) {
  const std::string_view path = request.path;
  const bool page = request.headers.Get("Accept").find("text/html") != std::string_view::npos &&
                    !path.starts_with("/v1/") && !path.starts_with("/p/");
  if (!page) return Refuse(request, http::NoSuchRoute());
  http::Response response = Page(dependencies, request, files);
  if (response.status == 200) response.status = 404;
  return response;
}

http::Response StaticFile(const http::Request& request, const WebFiles& files) {
  const WebFile* file = files.Find("static/" + std::string(request.Parameter("rest")));
  if (file == nullptr) {
    return Refuse(request, Error(ErrorKind::kNotFound, "file_not_found",
                                 "the web application has no such file"));
  }
  return FileAnswer(request, *file, "public, max-age=31536000, immutable");
}

}  // namespace

std::string WithOpenGraph(std::string_view page, const media::Asset& asset,
                          std::string_view playback, bool has_poster, std::string_view public_url) {
  const std::size_t head = page.find("</head>");
  if (head == std::string_view::npos) return std::string(page);
  const std::string title = HtmlEscape(asset.title);
  const std::string site = HtmlEscape(public_url);
  const std::string id = HtmlEscape(PercentEncode(playback));
  std::string tags = fmt::format(
      "<meta property=\"og:title\" content=\"{0}\">"
      "<meta property=\"og:type\" content=\"video.other\">"
      "<meta property=\"og:url\" content=\"{1}/watch/{2}\">"
      "<meta name=\"twitter:card\" content=\"{3}\">"
      "<meta name=\"twitter:title\" content=\"{0}\">",
      title, site, id, has_poster ? "summary_large_image" : "summary");
  if (has_poster) {
    tags += fmt::format("<meta property=\"og:image\" content=\"{}/p/{}/thumbnail.jpg\">", site, id);
  }
  return std::string(page.substr(0, head)) + tags + std::string(page.substr(head));
}

void RegisterWebPages(http::Router& router, const Dependencies& dependencies,
                      const WebFiles& files) {
  for (const std::string_view pattern : kPagePatterns) {
    router.Add(http::Method::kGet, pattern, [&dependencies, &files](const http::Request& request) {
      return Page(dependencies, request, files);
    });
  }
  router.Add(http::Method::kGet, "/{rest...}",
             [&dependencies, &files](const http::Request& request) {
               return MissingPage(dependencies, request, files);
             });
  router.Add(http::Method::kGet, "/static/{rest...}",
             [&files](const http::Request& request) { return StaticFile(request, files); });
  for (const auto& [name, file] : files.files()) {
    // Names with a slash lie below static/; a brace would be a pattern.
    if (name == "index.html" || name.find_first_of("/{}") != std::string::npos) continue;
    router.Add(http::Method::kGet, "/" + name, [&file = file](const http::Request& request) {
      return FileAnswer(request, file, "public, max-age=3600");
    });
  }
}

}  // namespace penstock::api
