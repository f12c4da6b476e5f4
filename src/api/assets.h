// Assets: list, read, change, delete, explain, settle a review, try again.
#pragma once

#include "access/principal.h"
#include "api/dependencies.h"
#include "http/message.h"
#include "http/router.h"

namespace penstock::api {

// GET /v1/assets; GET, PATCH, DELETE /v1/assets/{id}; GET /playback-ids and POST /retry below it. A
// principal sees the assets of its own account; those of others do not exist for it.
void RegisterAssets(http::Router& router, const Dependencies& dependencies);

// The asset that the route names, when it belongs to the principal. Errors: kNotFound, code
// "asset_not_found".
Result<media::Asset> OwnAsset(const Dependencies& dependencies, const http::Request& request,
                              const access::Principal& principal);
// The whole shape of GET /v1/assets/{id}, as JSON.
Result<std::string> DescribeAsset(const Dependencies& dependencies, const media::AssetId& id);
// Puts an errored asset back to the stage it failed at, and into the queue.
Status RetryAsset(const Dependencies& dependencies, const media::AssetId& id);

}  // namespace penstock::api
