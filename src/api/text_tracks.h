// Text tracks of an asset: list, add, remove.
#pragma once

#include "api/dependencies.h"
#include "http/router.h"

namespace penstock::api {

// GET and POST /v1/assets/{id}/text-tracks; DELETE /v1/assets/{id}/text-tracks/{track}.
void RegisterTextTracks(http::Router& router, const Dependencies& dependencies);

}  // namespace penstock::api
