// The event log: read page by page, or live over a WebSocket.
#pragma once

#include "api/dependencies.h"
#include "api/event_feed.h"
#include "http/router.h"

namespace penstock::api {

// GET /v1/events and the WebSocket /v1/events/stream; a principal sees the events of its own
// account. The feed must outlive the router.
void RegisterEvents(http::Router& router, const Dependencies& dependencies, EventFeed& feed);

}  // namespace penstock::api
