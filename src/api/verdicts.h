// Why an asset was published or not, and settling a review.
#pragma once

#include "api/dependencies.h"
#include "http/router.h"

namespace penstock::api {

// GET /v1/assets/{id}/matches; GET and POST /v1/assets/{id}/decision.
void RegisterVerdicts(http::Router& router, const Dependencies& dependencies);

}  // namespace penstock::api
