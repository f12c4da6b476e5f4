// The pages of the web application.
#pragma once

#include <string>
#include <string_view>

#include "api/dependencies.h"
#include "api/web_files.h"
#include "http/router.h"
#include "media/asset.h"

namespace penstock::api {

// GET / and the application's own addresses answer index.html (503, code "web_application_missing",
// without one); /static/{rest...} answers hashed files for good; other files of the root by their
// name. /watch/{playback} carries Open Graph tags of a public, ready asset. A browser's GET of any
// other path answers the page with status 404. The files must outlive the router.
void RegisterWebPages(http::Router& router, const Dependencies& dependencies,
                      const WebFiles& files);

// The page with Open Graph tags (ogp.me) in its head; a picture only when the work has a poster.
std::string WithOpenGraph(std::string_view page, const media::Asset& asset,
                          std::string_view playback, bool has_poster, std::string_view public_url);

}  // namespace penstock::api
