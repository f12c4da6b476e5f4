#include "api/holder_keys.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "api/endpoint.h"
#include "api/json_body.h"
#include "api/json_mapping.h"
#include "base/ed25519.h"
#include "base/log.h"
#include "fingerprint/list_signature.h"

namespace penstock::api {

using nlohmann::json;

namespace {

constexpr std::size_t kNameLimit = 200;  // characters

Result<http::Response> ListKeys(const Dependencies& dependencies, const http::Request& request,
                                const access::Principal&) {
  const auto holder = request.Query("holder");
  PENSTOCK_TRY(const std::vector<catalog::HolderKey> keys,
               holder ? dependencies.holder_keys.Of(*holder) : dependencies.holder_keys.All());
  json items = json::array();
  for (const catalog::HolderKey& key : keys) items.push_back(ToJson(key));
  return JsonResponse(200, Dump(Page(std::move(items), "")));
}

Result<http::Response> AddKey(const Dependencies& dependencies, const http::Request& request,
                              const access::Principal& principal) {
  PENSTOCK_TRY(const json body, JsonBody(request, {"holder", "public_key"}));
  for (const char* field : {"holder", "public_key"}) {
    if (!body.contains(field) || !body[field].is_string()) {
      return InvalidField(field, "must be a string");
    }
  }
  const auto holder = body["holder"].get<std::string>();
  PENSTOCK_CHECK(CheckName("holder", holder, kNameLimit));
  PENSTOCK_TRY(const std::string key,
               ParseEd25519PublicKey(body["public_key"].get_ref<const std::string&>()));
  const std::string id = fingerprint::KeyId(key);
  PENSTOCK_CHECK(dependencies.holder_keys.Add(holder, id, key));
  LogInfo("holder_key.added", {{"holder", holder}, {"key", id}, {"account", principal.account}});
  return JsonResponse(201, Dump({{"id", id}, {"holder", holder}}));
}

Result<http::Response> RemoveKey(const Dependencies& dependencies, const http::Request& request,
                                 const access::Principal& principal) {
  const std::string id(request.Parameter("key"));
  const std::string holder = request.Query("holder").value_or("");
  PENSTOCK_CHECK(dependencies.holder_keys.Remove(holder, id));
  LogInfo("holder_key.removed", {{"holder", holder}, {"key", id}, {"account", principal.account}});
  return http::Response{.status = 204, .headers = {}, .body = std::string()};
}

}  // namespace

void RegisterHolderKeys(http::Router& router, const Dependencies& dependencies) {
  const Routes routes(router, dependencies);
  routes.Add(http::Method::kGet, "/v1/holder-keys", access::kReferencesRead, ListKeys);
  routes.Add(http::Method::kPost, "/v1/holder-keys", access::kHoldersWrite, AddKey);
  routes.Add(http::Method::kDelete, "/v1/holder-keys/{key}", access::kHoldersWrite, RemoveKey);
}

}  // namespace penstock::api
