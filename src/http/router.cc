#include "http/router.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace penstock::http {
namespace {

// Rank of a match part by part; the greatest wins.
enum class PartRank : char { kRest = 'a', kCapture = 'b', kLiteral = 'c' };

std::vector<std::string> Split(std::string_view path) {
  std::vector<std::string> parts;
  if (path.starts_with('/')) path.remove_prefix(1);
  while (true) {
    const std::size_t slash = path.find('/');
    parts.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

bool IsCapture(std::string_view part) { return part.starts_with('{') && part.ends_with('}'); }
bool IsRest(std::string_view part) { return part.starts_with('{') && part.ends_with("...}"); }

std::string Join(const std::vector<std::string>& parts, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < parts.size(); ++i) {
    if (i > from) text += '/';
    text += parts[i];
  }
  return text;
}

struct Found {
  std::string rank;
  std::map<std::string, std::string, std::less<>> parameters;
};

std::optional<Found> MatchParts(const std::vector<std::string>& pattern,
                                const std::vector<std::string>& path) {
  Found found;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string& part = pattern[i];
    if (IsRest(part)) {
      found.rank += static_cast<char>(PartRank::kRest);
      found.parameters[part.substr(1, part.size() - 5)] = Join(path, i);
      return found;
    }
    if (i >= path.size()) return std::nullopt;
    if (IsCapture(part)) {
      if (path[i].empty()) return std::nullopt;
      found.rank += static_cast<char>(PartRank::kCapture);
      found.parameters[part.substr(1, part.size() - 2)] = path[i];
    } else {
      if (part != path[i]) return std::nullopt;
      found.rank += static_cast<char>(PartRank::kLiteral);
    }
  }
  if (path.size() != pattern.size()) return std::nullopt;
  return found;
}

bool Answers(const Router::Route& route, Method method) {
  return route.method == method || (route.method == Method::kGet && method == Method::kHead);
}

bool CatchesAll(const Router::Route& route) {
  return route.parts.size() == 1 && IsRest(route.parts.front());
}

std::string AllowList(std::vector<Method> methods) {
  if (std::find(methods.begin(), methods.end(), Method::kGet) != methods.end()) {
    methods.push_back(Method::kHead);
  }
  std::sort(methods.begin(), methods.end());
  methods.erase(std::unique(methods.begin(), methods.end()), methods.end());
  std::string list;
  for (const Method method : methods) {
    if (!list.empty()) list += ", ";
    list += MethodName(method);
  }
  return list;
}

}  // namespace

Error NoSuchRoute() {
  return Error(ErrorKind::kNotFound, "no_such_route", "Nothing is served at this path.");
}

void Router::Add(Method method, std::string_view pattern, Handler handler,
                 std::uint64_t body_limit) {
  routes_.push_back({method, Split(pattern), std::move(handler), body_limit, std::string(pattern)});
}

void Router::AddStreaming(Method method, std::string_view pattern, BodyHandler handler) {
  routes_.push_back({method, Split(pattern), std::move(handler), 0, std::string(pattern)});
}

void Router::AddWebSocket(std::string_view pattern, WebSocketHandler handler) {
  routes_.push_back({Method::kGet, Split(pattern), std::move(handler), 0, std::string(pattern)});
}

void Router::ApplySharing(const Request& request, Response& response) const {
  const CrossOrigin* longest = nullptr;
  for (const CrossOrigin& rule : shared_) {
    if (!rule.Covers(request.path)) continue;
    if (longest == nullptr || rule.prefix.size() > longest->prefix.size()) longest = &rule;
  }
  if (longest != nullptr) longest->Apply(request, response);
}

Result<Router::Match> Router::Find(Method method, std::string_view path, bool websocket) const {
  const std::vector<std::string> parts = Split(path);
  Match best;
  std::string best_rank;
  bool best_is_exact = false;
  std::vector<Method> allowed;
  for (const Route& route : routes_) {
    if (std::holds_alternative<WebSocketHandler>(route.handler) != websocket) continue;
    std::optional<Found> found = MatchParts(route.parts, parts);
    if (!found) continue;
    if (!CatchesAll(route)) allowed.push_back(route.method);
    if (!Answers(route, method)) continue;
    // A HEAD route goes before the GET route of the same pattern.
    const bool exact = route.method == method;
    if (best.route == nullptr || found->rank > best_rank ||
        (found->rank == best_rank && exact && !best_is_exact)) {
      best = {&route, std::move(found->parameters)};
      best_rank = std::move(found->rank);
      best_is_exact = exact;
    }
  }
  if (best.route != nullptr && (allowed.empty() || !CatchesAll(*best.route))) return best;
  if (allowed.empty()) {
    return NoSuchRoute();
  }
  std::string message = "This path does not answer " + std::string(MethodName(method)) + ".";
  return Error(ErrorKind::kUnsupported, "method_not_allowed", std::move(message))
      .At(AllowList(std::move(allowed)), "must be one of the allowed methods");
}

}  // namespace penstock::http
