#include "api/events.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "api/endpoint.h"
#include "api/json_mapping.h"

namespace penstock::api {

using nlohmann::json;

namespace {

Result<http::Response> ListEvents(const Dependencies& dependencies, const http::Request& request,
                                  const access::Principal& principal) {
  PENSTOCK_TRY(const int limit, LimitOf(request, 100, 500));
  PENSTOCK_TRY(const std::optional<std::int64_t> after, NumberOf(request, "after"));
  PENSTOCK_TRY(const std::int64_t latest, dependencies.events.Latest());
  if (after.value_or(0) > latest) {
    return Error(ErrorKind::kGone, "cursor_unknown",
                 "there was no event with this cursor; read anew what the events are about")
        .At("after", "at most " + std::to_string(latest));
  }
  PENSTOCK_TRY(const std::vector<catalog::Event> events,
               dependencies.events.After(after.value_or(0), principal.account, limit));
  json items = json::array();
  for (const catalog::Event& event : events) items.push_back(ToJson(event));
  const bool more = events.size() == static_cast<std::size_t>(limit);
  return JsonResponse(200, Dump(Page(std::move(items),
                                     more ? std::to_string(events.back().cursor) : std::string())));
}

// A page of another site can open a WebSocket with our cookie, so that the upgrade is held to the
// rules of a change.
Result<access::Principal> Subscriber(const Dependencies& dependencies,
                                     const http::Request& request) {
  access::Credentials credentials = CredentialsOf(request);
  credentials.changes_state = true;
  PENSTOCK_TRY(access::Principal principal, dependencies.authenticator.Authenticate(credentials));
  PENSTOCK_CHECK(principal.Require(access::kAssetsRead));
  return principal;
}

Status CheckSubscription(const Dependencies& dependencies, const http::Request& request) {
  PENSTOCK_CHECK(Subscriber(dependencies, request));
  PENSTOCK_CHECK(NumberOf(request, "after"));
  return {};
}

Status Subscribe(const Dependencies& dependencies, const http::Request& request,
                 const std::shared_ptr<http::WebSocket>& socket, EventFeed& feed) {
  PENSTOCK_TRY(const access::Principal principal, Subscriber(dependencies, request));
  PENSTOCK_TRY(const std::optional<std::int64_t> after, NumberOf(request, "after"));
  PENSTOCK_TRY(const std::int64_t latest, dependencies.events.Latest());
  const std::int64_t start = std::min(after.value_or(latest), latest);
  // A cursor of another life of the catalog, such as before a backup was restored.
  if (after.value_or(0) > latest) {
    socket->Send(Dump(ToJson(catalog::Event{.cursor = latest,
                                            .time = dependencies.clock.Now(),
                                            .name = "events.reset",
                                            .owner = principal.account,
                                            .subject = "",
                                            .data = "{}"})));
  }
  feed.Listen(socket, principal.account, start,
              [&dependencies, request] { return Subscriber(dependencies, request).has_value(); });
  return {};
}

}  // namespace

void RegisterEvents(http::Router& router, const Dependencies& dependencies, EventFeed& feed) {
  const Routes routes(router, dependencies);
  routes.Add(http::Method::kGet, "/v1/events", access::kAssetsRead, ListEvents);
  router.AddWebSocket(
      "/v1/events/stream",
      {.accept = [&dependencies](
                     const http::Request& request) -> std::variant<std::monostate, http::Response> {
         const Status status = CheckSubscription(dependencies, request);
         if (!status.has_value()) return Refuse(request, status.error());
         return std::monostate();
       },
       .open =
           [&dependencies, &feed](const http::Request& request,
                                  const std::shared_ptr<http::WebSocket>& socket) {
             constexpr int kInternalError = 1011;  // RFC 6455 7.4.1
             const Status status = Subscribe(dependencies, request, socket, feed);
             if (!status.has_value()) socket->Close(kInternalError, status.error().code);
           },
       .closed = [&feed](const std::shared_ptr<http::WebSocket>& socket) { feed.Leave(socket); }});
}

}  // namespace penstock::api
