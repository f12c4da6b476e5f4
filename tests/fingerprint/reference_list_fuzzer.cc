#include <cstdint>
#include <cstdlib>
#include <variant>

#include "fingerprint/reference_list.h"

using penstock::fingerprint::FormatListRow;
using penstock::fingerprint::ParseList;
using penstock::media::Reference;

// What was read as a reference is read again from what is written of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto list = ParseList(text, {.max_line_bytes = 1 << 16, .max_rows = 64});
  if (!list) return 0;
  for (const auto& row : list->rows) {
    const auto* reference = std::get_if<Reference>(&row.content);
    if (reference == nullptr) continue;
    const auto again = ParseList(FormatListRow(*reference));
    const auto* copy = again ? std::get_if<Reference>(&again->rows.at(0).content) : nullptr;
    if (copy == nullptr || copy->fingerprint != reference->fingerprint ||
        copy->holder_key != reference->holder_key || copy->title != reference->title) {
      std::abort();
    }
  }
  return 0;
}
