// Signing in by a one-time link, and the session that comes of it.
#pragma once

#include "api/dependencies.h"
#include "http/router.h"

namespace penstock::api {

inline constexpr std::chrono::hours kSessionLifetime{30 * 24};

// GET /sign-in?token=..., GET and DELETE /v1/session.
void RegisterSessions(http::Router& router, const Dependencies& dependencies);

}  // namespace penstock::api
