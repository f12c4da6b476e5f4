// The JSON object that the body of a request has to be.
#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace penstock::api {

// kInvalidArgument, code "invalid_field": "title must be a string".
Error InvalidField(std::string_view field, std::string_view rule);
// Errors: InvalidField of "body" unless it is an object, and of the first field that is not among
// the known ones.
Result<nlohmann::json> JsonBody(const http::Request& request,
                                std::initializer_list<std::string_view> known);

}  // namespace penstock::api
