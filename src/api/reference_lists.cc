#include "api/reference_lists.h"

#include <fcntl.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/endpoint.h"
#include "api/json_body.h"
#include "api/json_mapping.h"
#include "api/list_export.h"
#include "api/list_import.h"
#include "base/file.h"
#include "base/log.h"

namespace penstock::api {

using nlohmann::json;

namespace {

Error InvalidPolicy(const std::string& field) {
  return Error(ErrorKind::kInvalidArgument, "invalid_field", field + " is not a policy")
      .At(field, "one of allow, track, review, block");
}

Result<media::ListId> ListOf(const http::Request& request) {
  Result<media::ListId> id = media::ListId::Parse(request.Parameter("id"));
  if (id.has_value()) return id;
  return Error(ErrorKind::kNotFound, "list_not_found", "there is no such reference list");
}

Result<ListOverrides> OverridesOf(const http::Request& request,
                                  const access::Principal& principal) {
  ListOverrides overrides{.holder = request.Query("holder"),
                          .list = request.Query("list"),
                          .policy = std::nullopt,
                          .full = std::nullopt,
                          .fallback_holder = principal.account_name};
  if (const auto policy = request.Query("policy")) {
    const Result<media::Policy> parsed = media::ParsePolicy(*policy);
    if (!parsed.has_value()) return InvalidPolicy("policy");
    overrides.policy = *parsed;
  }
  if (const auto mode = request.Query("mode")) {
    if (*mode != "full" && *mode != "delta") {
      return Error(ErrorKind::kInvalidArgument, "invalid_parameter",
                   "the query parameter mode is not known")
          .At("mode", "full or delta");
    }
    overrides.full = *mode == "full";
  }
  return overrides;
}

// Errors: kInvalidArgument unless the query parameter is missing, true or false.
Result<bool> FlagOf(const http::Request& request, const std::string& name) {
  const std::string value = request.Query(name).value_or("false");
  if (value == "true" || value == "false") return value == "true";
  return Error(ErrorKind::kInvalidArgument, "invalid_parameter",
               "the query parameter " + name + " is neither true nor false")
      .At(name, "true or false");
}

Result<http::Response> ImportFile(const Dependencies& dependencies, const http::Request& request,
                                  const access::Principal& principal) {
  if (request.headers.Get("Content-Type").starts_with("multipart/")) {
    return Error(ErrorKind::kUnsupported, "unsupported_media_type",
                 "a list is the body of the request itself, not a field of a form")
        .At("Content-Type", "application/x-ndjson, text/csv, text/plain or application/gzip");
  }
  ImportOptions options;
  PENSTOCK_TRY(options.overrides, OverridesOf(request, principal));
  PENSTOCK_TRY(options.dry_run, FlagOf(request, "dry_run"));
  options.limits.max_rows = dependencies.list_rows;
  if (const std::string_view line = request.headers.Get("Penstock-Signature"); !line.empty()) {
    options.signature = std::string(line);
  }
  auto taken = ImportList(request.body, options, dependencies.references, dependencies.holder_keys);
  if (!taken) {
    dependencies.metrics.ListReceived("refused", 0, 0);
    return std::move(taken.error());
  }
  const ImportedList& imported = *taken;
  dependencies.metrics.ListReceived(imported.dry_run ? "tested" : "imported",
                                    imported.receipt.accepted, imported.receipt.rejected);
  http::Response response = JsonResponse(imported.dry_run ? 200 : 201, ReceiptJson(imported));
  if (!imported.dry_run) {
    response.headers.Set("Location", "/v1/reference-lists/" + imported.list.id.text());
  }
  return response;
}

Result<http::Response> ListLists(const Dependencies& dependencies, const http::Request&,
                                 const access::Principal&) {
  PENSTOCK_TRY(const std::vector<media::ReferenceList> lists, dependencies.references.Lists());
  json items = json::array();
  for (const media::ReferenceList& list : lists) items.push_back(ToJson(list));
  return JsonResponse(200, Dump(Page(std::move(items), "")));
}

Result<http::Response> ReadList(const Dependencies& dependencies, const http::Request& request,
                                const access::Principal&) {
  PENSTOCK_TRY(const media::ListId id, ListOf(request));
  PENSTOCK_TRY(const media::ReferenceList list, dependencies.references.GetList(id));
  return JsonResponse(200, Dump(ToJson(list)));
}

Result<http::Response> ChangeList(const Dependencies& dependencies, const http::Request& request,
                                  const access::Principal& principal) {
  PENSTOCK_TRY(const media::ListId id, ListOf(request));
  PENSTOCK_TRY(const json change, JsonBody(request, {"policy"}));
  if (!change.contains("policy") || !change["policy"].is_string()) return InvalidPolicy("policy");
  const Result<media::Policy> policy =
      media::ParsePolicy(change["policy"].get_ref<const std::string&>());
  if (!policy.has_value()) return InvalidPolicy("policy");
  PENSTOCK_CHECK(dependencies.references.SetPolicy(id, *policy));
  LogInfo("list.policy_changed", {{"list", id.text()},
                                  {"policy", media::PolicyName(*policy)},
                                  {"account", principal.account}});
  return ReadList(dependencies, request, principal);
}

Result<http::Response> DeleteList(const Dependencies& dependencies, const http::Request& request,
                                  const access::Principal& principal) {
  PENSTOCK_TRY(const media::ListId id, ListOf(request));
  PENSTOCK_CHECK(dependencies.references.DeleteList(id));
  LogInfo("list.deleted", {{"list", id.text()}, {"account", principal.account}});
  return http::Response{.status = 204, .headers = {}, .body = std::string()};
}

Result<http::Response> ReadReceipt(const Dependencies& dependencies, const http::Request& request,
                                   const access::Principal&) {
  PENSTOCK_TRY(const media::ListId id, ListOf(request));
  PENSTOCK_TRY(const std::optional<std::int64_t> version, NumberOf(request, "version"));
  ImportedList imported;
  PENSTOCK_TRY(imported.list, dependencies.references.GetList(id));
  PENSTOCK_TRY(imported.receipt, dependencies.references.GetReceipt(id, version.value_or(0)));
  return JsonResponse(200, ReceiptJson(imported));
}

Result<http::Response> ListVersions(const Dependencies& dependencies, const http::Request& request,
                                    const access::Principal&) {
  PENSTOCK_TRY(const media::ListId id, ListOf(request));
  PENSTOCK_TRY(const std::vector<media::ListVersion> versions,
               dependencies.references.Versions(id));
  json items = json::array();
  for (const media::ListVersion& version : versions) items.push_back(ToJson(version));
  return JsonResponse(200, Dump(Page(std::move(items), "")));
}

Result<http::Response> RollBack(const Dependencies& dependencies, const http::Request& request,
                                const access::Principal& principal) {
  PENSTOCK_TRY(const media::ListId id, ListOf(request));
  PENSTOCK_TRY(const json body, JsonBody(request, {"version"}));
  if (!body.contains("version") || !body["version"].is_number_unsigned()) {
    return InvalidField("version", "must be a whole number");
  }
  const auto version = body["version"].get<std::int64_t>();
  PENSTOCK_CHECK(dependencies.references.Rollback(id, version));
  LogInfo("list.rolled_back",
          {{"list", id.text()}, {"version", version}, {"account", principal.account}});
  return ReadList(dependencies, request, principal);
}

Result<http::Response> ReadRechecks(const Dependencies& dependencies, const http::Request&,
                                    const access::Principal&) {
  PENSTOCK_TRY(const catalog::RecheckProgress progress, dependencies.rechecks.Progress());
  return JsonResponse(200, Dump({{"waiting", progress.waiting}, {"assets", progress.resting}}));
}

// A file without a name, so that a list of any size is sent in little memory.
Result<http::Response> Export(const Dependencies& dependencies, const http::Request& request,
                              const access::Principal&) {
  PENSTOCK_TRY(const media::ListId id, ListOf(request));
  PENSTOCK_TRY(const std::optional<std::int64_t> version, NumberOf(request, "version"));
  PENSTOCK_TRY(UniqueFd file, OpenFile(std::filesystem::temp_directory_path(), O_TMPFILE | O_RDWR));
  PENSTOCK_CHECK(ExportList(id, version.value_or(0), dependencies.references,
                            [&](std::string_view text) { return WriteAll(file.get(), text); }));
  PENSTOCK_TRY(const std::uint64_t size, FileSize(file.get()));
  http::Response response;
  response.headers.Set("Content-Type", "application/x-ndjson");
  response.headers.Set("Content-Disposition", "attachment; filename=\"" + id.text() + ".ndjson\"");
  response.headers.Set("Cache-Control", "no-store");
  response.body =
      http::FileBody{std::make_shared<const UniqueFd>(std::move(file)), ByteRange{0, size}};
  return response;
}

// The cursor is how many references came before.
Result<http::Response> ListReferences(const Dependencies& dependencies,
                                      const http::Request& request, const access::Principal&) {
  constexpr std::int64_t kLastOffset = 1'000'000'000;
  PENSTOCK_TRY(const media::ListId id, ListOf(request));
  PENSTOCK_TRY(const int limit, LimitOf(request, 100, 500));
  PENSTOCK_TRY(const std::optional<std::int64_t> cursor, NumberOf(request, "cursor"));
  const int offset = static_cast<int>(std::min(cursor.value_or(0), kLastOffset));
  PENSTOCK_CHECK(dependencies.references.GetList(id));
  PENSTOCK_TRY(const std::vector<media::Reference> references,
               dependencies.references.ListReferences(id, limit, offset));
  json items = json::array();
  for (const media::Reference& reference : references) items.push_back(ToJson(reference));
  const bool more = references.size() == static_cast<std::size_t>(limit);
  return JsonResponse(
      200, Dump(Page(std::move(items), more ? std::to_string(offset + limit) : std::string())));
}

}  // namespace

void RegisterReferenceLists(http::Router& router, const Dependencies& dependencies) {
  using http::Method;
  const Routes routes(router, dependencies);
  routes.Add(Method::kGet, "/v1/reference-lists", access::kReferencesRead, ListLists);
  routes.Add(Method::kPost, "/v1/reference-lists", access::kReferencesWrite, ImportFile,
             dependencies.list_bytes);
  routes.Add(Method::kGet, "/v1/reference-lists/{id}", access::kReferencesRead, ReadList);
  routes.Add(Method::kPatch, "/v1/reference-lists/{id}", access::kReferencesWrite, ChangeList);
  routes.Add(Method::kDelete, "/v1/reference-lists/{id}", access::kReferencesWrite, DeleteList);
  routes.Add(Method::kGet, "/v1/reference-lists/{id}/receipt", access::kReferencesRead,
             ReadReceipt);
  routes.Add(Method::kGet, "/v1/reference-lists/{id}/versions", access::kReferencesRead,
             ListVersions);
  routes.Add(Method::kPost, "/v1/reference-lists/{id}/rollback", access::kReferencesWrite,
             RollBack);
  routes.Add(Method::kGet, "/v1/reference-lists/{id}/export", access::kReferencesRead, Export);
  routes.Add(Method::kGet, "/v1/rechecks", access::kReferencesRead, ReadRechecks);
  routes.Add(Method::kGet, "/v1/reference-lists/{id}/references", access::kReferencesRead,
             ListReferences);
}

}  // namespace penstock::api
