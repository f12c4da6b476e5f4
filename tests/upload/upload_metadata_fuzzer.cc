#include <cstdint>
#include <string_view>

#include "upload/upload_metadata.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto description =
      penstock::upload::ParseUploadMetadata({reinterpret_cast<const char*>(data), size});
  if (description) (void)penstock::upload::TitleOf(*description);
  return 0;
}
