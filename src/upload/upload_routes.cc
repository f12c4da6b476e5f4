#include "upload/upload_routes.h"

#include <utility>

#include "upload/answer.h"
#include "upload/one_request.h"
#include "upload/refusals.h"
#include "upload/tus_handlers.h"
#include "upload/tus_protocol.h"
#include "upload/upload_json.h"

namespace penstock::upload {
namespace {

constexpr std::string_view kCollection = "/v1/uploads";
constexpr std::string_view kResource = "/v1/uploads/{id}";

Result<media::AccountId> Authorize(const access::Authenticator& authenticator,
                                   const http::Request& request) {
  const http::Headers& headers = request.headers;
  access::Credentials credentials;
  credentials.authorization = headers.Get("Authorization");
  credentials.cookie = headers.Get("Cookie");
  credentials.changes_state =
      request.method != http::Method::kGet && request.method != http::Method::kHead;
  credentials.origin = headers.Get("Origin");
  credentials.sec_fetch_site = headers.Get("Sec-Fetch-Site");
  credentials.host = headers.Get("Host");
  PENSTOCK_TRY(const access::Principal principal, authenticator.Authenticate(credentials));
  PENSTOCK_CHECK(principal.Require(access::kUploadsWrite));
  return media::AccountId::FromTrusted(principal.account);
}

// Calls handle(owner, request) for a sender who may, else refuses.
template <typename Handle>
auto Authorized(const access::Authenticator& authenticator, Handle handle) {
  using Answer = std::invoke_result_t<Handle, const media::AccountId&, const http::Request&>;
  return [&authenticator, handle](const http::Request& request) -> Answer {
    const auto owner = Authorize(authenticator, request);
    if (!owner) return AnswerFrame(request).Refuse(owner.error());
    return handle(*owner, request);
  };
}

http::Response JsonResponse(std::string body) {
  http::Response response;
  response.headers.Set("Content-Type", "application/json");
  response.headers.Set("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

Result<ShownUpload> Show(UploadStore& store, const media::Upload& upload) {
  PENSTOCK_TRY(const std::uint64_t offset, store.Offset(upload));
  return ShownUpload{upload, offset};
}

Result<http::Response> List(UploadStore& store, const media::AccountId& owner) {
  PENSTOCK_TRY(const std::vector<media::Upload> waiting, store.ListWaiting(owner));
  std::vector<ShownUpload> shown;
  for (const media::Upload& upload : waiting) {
    PENSTOCK_TRY(ShownUpload one, Show(store, upload));
    shown.push_back(std::move(one));
  }
  return JsonResponse(UploadListJson(shown));
}

Result<http::Response> Read(UploadStore& store, const media::AccountId& owner,
                            const http::Request& request) {
  PENSTOCK_TRY(const media::Upload upload, store.Get(owner, request.Parameter("id")));
  PENSTOCK_TRY(const ShownUpload shown, Show(store, upload));
  return JsonResponse(UploadJson(shown));
}

http::Response Answered(const http::Request& request, Result<http::Response> response) {
  const AnswerFrame frame(request);
  return response ? frame.Apply(*std::move(response)) : frame.Refuse(response.error());
}

// POST on an upload, by a client that cannot send PATCH, DELETE or HEAD.
BodyAnswer Override(UploadStore& store, const media::AccountId& owner,
                    const http::Request& request) {
  const auto method = OverriddenMethod(request);
  if (!method) return AnswerFrame(request).Refuse(method.error());
  if (*method == http::Method::kHead) return TusHead(store, owner, request);
  if (*method == http::Method::kDelete) return TusDelete(store, owner, request);
  return TusPatch(store, owner, request);
}

}  // namespace

void RegisterUploadRoutes(http::Router& router, UploadStore& store,
                          const access::Authenticator& authenticator) {
  using http::Method;
  using http::Request;
  using media::AccountId;
  const auto options = [&store](const Request& request) {
    return AnswerOptions(request, store.options().max_size);
  };
  ShareUploads(router);
  router.Add(Method::kOptions, kCollection, options);
  router.Add(Method::kOptions, kResource, options);

  const auto guard = [&authenticator](auto handle) { return Authorized(authenticator, handle); };
  router.AddStreaming(Method::kPost, kCollection,
                      guard([&store](const AccountId& owner, const Request& request) -> BodyAnswer {
                        const bool tus = request.headers.Has("Tus-Resumable");
                        return tus ? TusCreate(store, owner, request)
                                   : PostWhole(store, owner, request);
                      }));
  // curl -T sends PUT.
  router.AddStreaming(Method::kPut, kCollection,
                      guard([&store](const AccountId& owner, const Request& request) {
                        return PostWhole(store, owner, request);
                      }));
  router.AddStreaming(Method::kPost, kResource,
                      guard([&store](const AccountId& owner, const Request& request) {
                        return Override(store, owner, request);
                      }));
  router.AddStreaming(Method::kPatch, kResource,
                      guard([&store](const AccountId& owner, const Request& request) {
                        return TusPatch(store, owner, request);
                      }));
  router.Add(Method::kHead, kResource,
             guard([&store](const AccountId& owner, const Request& request) {
               return TusHead(store, owner, request);
             }));
  router.Add(Method::kDelete, kResource,
             guard([&store](const AccountId& owner, const Request& request) {
               return TusDelete(store, owner, request);
             }));
  router.Add(Method::kGet, kCollection,
             guard([&store](const AccountId& owner, const Request& request) {
               return Answered(request, List(store, owner));
             }));
  router.Add(Method::kGet, kResource,
             guard([&store](const AccountId& owner, const Request& request) {
               return Answered(request, Read(store, owner, request));
             }));
}

}  // namespace penstock::upload
