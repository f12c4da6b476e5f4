// What operators look at: the tasks of the pipeline and who works on them.
#pragma once

#include "api/dependencies.h"
#include "http/router.h"

namespace penstock::api {

// GET /v1/jobs and /v1/workers, of all accounts; POST /v1/jobs/{asset}/retry.
void RegisterOperations(http::Router& router, const Dependencies& dependencies);

}  // namespace penstock::api
