#include "http/cross_origin.h"

namespace penstock::http {

bool IsPreflight(const Request& request) {
  return request.method == Method::kOptions && request.headers.Has("Origin") &&
         request.headers.Has("Access-Control-Request-Method");
}

void CrossOrigin::Apply(const Request& request, Response& response) const {
  if (!request.headers.Has("Origin")) return;
  if (IsPreflight(request)) {
    if (response.status >= 400) response = {.status = 204, .headers = {}, .body = std::string()};
    response.headers.Set("Access-Control-Allow-Methods", methods);
    response.headers.Set("Access-Control-Allow-Headers", accepted);
    response.headers.Set("Access-Control-Max-Age", "86400");
  }
  response.headers.Set("Access-Control-Allow-Origin", "*");
  response.headers.Set("Access-Control-Expose-Headers", exposed);
}

}  // namespace penstock::http
