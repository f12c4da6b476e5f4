#include "api/list_export.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "fingerprint/reference_list.h"

namespace penstock::api {
namespace {

constexpr std::size_t kBatch = 200;

}  // namespace

Status ExportList(const media::ListId& id, std::int64_t version, catalog::References& references,
                  const std::function<Status(std::string_view)>& sink) {
  PENSTOCK_TRY(const media::ReferenceList list, references.GetList(id));
  if (version == 0) version = list.version;
  PENSTOCK_TRY(const std::vector<media::ListVersion> versions, references.Versions(id));
  const auto kept = std::find_if(versions.begin(), versions.end(), [&](const auto& candidate) {
    return candidate.version == version && candidate.available;
  });
  if (kept == versions.end()) {
    return Error(ErrorKind::kNotFound, "version_not_found",
                 "the list has no version of this number that is still kept");
  }
  fingerprint::ListFileHeader header;
  header.holder = list.holder;
  header.list = list.name;
  header.policy = list.policy;
  header.version = version;
  header.created = FormatRfc3339(kept->created);
  PENSTOCK_CHECK(sink(fingerprint::FormatListHeader(header)));
  PENSTOCK_TRY(const std::vector<media::ReferenceId> members, references.Members(id, version));
  for (std::span<const media::ReferenceId> rest = members; !rest.empty();) {
    const std::size_t count = std::min(rest.size(), kBatch);
    PENSTOCK_TRY(const std::vector<media::Reference> batch, references.Load(rest.first(count)));
    std::string text;
    for (const media::Reference& reference : batch) text += fingerprint::FormatListRow(reference);
    PENSTOCK_CHECK(sink(text));
    rest = rest.subspan(count);
  }
  return {};
}

}  // namespace penstock::api
