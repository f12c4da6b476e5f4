#include "api/json_body.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace penstock::api {

Error InvalidField(std::string_view field, std::string_view rule) {
  return Error(ErrorKind::kInvalidArgument, "invalid_field", fmt::format("{} {}", field, rule))
      .At(std::string(field), std::string(rule));
}

Result<nlohmann::json> JsonBody(const http::Request& request,
                                std::initializer_list<std::string_view> known) {
  nlohmann::json body = nlohmann::json::parse(request.body, nullptr, false);
  if (!body.is_object()) return InvalidField("body", "must be a JSON object");
  for (const auto& [name, value] : body.items()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return InvalidField(name, fmt::format("is not known here, only {}", fmt::join(known, ", ")));
    }
  }
  return body;
}

}  // namespace penstock::api
