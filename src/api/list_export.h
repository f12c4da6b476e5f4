// Writing a list as a file that can be imported again: one way for the API and the command line.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "catalog/references.h"
#include "media/ids.h"

namespace penstock::api {

// Gives sink the list's header and then its rows, in memory of some of them. version 0 is the
// active one. Errors: kNotFound "list_not_found", "version_not_found"; those of sink.
Status ExportList(const media::ListId& id, std::int64_t version, catalog::References& references,
                  const std::function<Status(std::string_view)>& sink);

}  // namespace penstock::api
