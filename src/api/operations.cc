#include "api/operations.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "api/assets.h"
#include "api/endpoint.h"
#include "api/json_mapping.h"

namespace penstock::api {

using nlohmann::json;

namespace {

Result<http::Response> ListJobs(const Dependencies& dependencies, const http::Request& request,
                                const access::Principal&) {
  PENSTOCK_TRY(const int limit, LimitOf(request, 100, 500));
  const bool with_errored = request.Query("errored").value_or("true") != "false";
  PENSTOCK_TRY(const std::vector<catalog::Task> tasks,
               dependencies.tasks.List(with_errored, limit));
  json items = json::array();
  for (const catalog::Task& task : tasks) items.push_back(ToJson(task));
  return JsonResponse(200, Dump(Page(std::move(items), "")));
}

Result<http::Response> RetryJob(const Dependencies& dependencies, const http::Request& request,
                                const access::Principal& principal) {
  // An operator may restart everybody's work: that takes both rights.
  PENSTOCK_CHECK(principal.Require(access::kAssetsWrite));
  const Result<media::AssetId> id = media::AssetId::Parse(request.Parameter("asset"));
  if (!id.has_value()) {
    return Error(ErrorKind::kNotFound, "asset_not_found", "there is no such asset");
  }
  PENSTOCK_CHECK(RetryAsset(dependencies, *id));
  return JsonResponse(202, Dump({{"asset", id->text()}}));
}

Result<http::Response> ListWorkers(const Dependencies& dependencies, const http::Request&,
                                   const access::Principal&) {
  PENSTOCK_TRY(const std::vector<catalog::WorkerRow> workers, dependencies.workers.Alive());
  json items = json::array();
  for (const catalog::WorkerRow& worker : workers) items.push_back(ToJson(worker));
  return JsonResponse(200, Dump(Page(std::move(items), "")));
}

}  // namespace

void RegisterOperations(http::Router& router, const Dependencies& dependencies) {
  const Routes routes(router, dependencies);
  routes.Add(http::Method::kGet, "/v1/jobs", access::kWorkersRead, ListJobs);
  routes.Add(http::Method::kPost, "/v1/jobs/{asset}/retry", access::kWorkersRead, RetryJob);
  routes.Add(http::Method::kGet, "/v1/workers", access::kWorkersRead, ListWorkers);
}

}  // namespace penstock::api
