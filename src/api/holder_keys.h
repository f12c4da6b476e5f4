// The keys with which rights holders sign their lists.
#pragma once

#include "api/dependencies.h"
#include "http/router.h"

namespace penstock::api {

// GET and POST /v1/holder-keys; DELETE /v1/holder-keys/{key}?holder=.
void RegisterHolderKeys(http::Router& router, const Dependencies& dependencies);

}  // namespace penstock::api
