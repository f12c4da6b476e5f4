// Which handler answers which method and path.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "http/cross_origin.h"
#include "http/message.h"
#include "http/web_socket.h"

namespace penstock::http {

inline constexpr std::uint64_t kDefaultBodyLimit = 1 << 20;  // bytes, for buffered routes

// What Router::Find says of a path that no route matches.
Error NoSuchRoute();

// Filled before the server starts, then read by all threads.
class Router {
 public:
  // pattern: "/v1/assets/{id}/matches"; a capture matches one non-empty path part; "{rest...}" at
  // the end matches the rest, also empty. Literal parts win over captures. A GET route also answers
  // HEAD. "/{rest...}" alone catches what nothing else matches, and makes no path exist for another
  // method.
  void Add(Method method, std::string_view pattern, Handler handler,
           std::uint64_t body_limit = kDefaultBodyLimit);
  void AddStreaming(Method method, std::string_view pattern, BodyHandler handler);
  void AddWebSocket(std::string_view pattern, WebSocketHandler handler);

  // Shares the answers below a path with pages of other origins; of several rules that cover a path
  // the one with the longest prefix holds.
  void Share(CrossOrigin rule) { shared_.push_back(std::move(rule)); }
  // What the rules add to the answer of a request, also to a refusal that no handler has made.
  void ApplySharing(const Request& request, Response& response) const;

  struct Route {
    Method method = Method::kGet;
    std::vector<std::string> parts;
    std::variant<Handler, BodyHandler, WebSocketHandler> handler;
    std::uint64_t body_limit = 0;
    std::string pattern;  // for metrics and logs: low cardinality
  };
  struct Match {
    const Route* route = nullptr;
    std::map<std::string, std::string, std::less<>> parameters;
  };
  // Errors: kNotFound code "no_such_route"; kUnsupported code "method_not_allowed" (field holds the
  // Allow list). A WebSocket route answers only with websocket = true.
  Result<Match> Find(Method method, std::string_view path, bool websocket = false) const;

 private:
  std::vector<Route> routes_;
  std::vector<CrossOrigin> shared_;
};

}  // namespace penstock::http
