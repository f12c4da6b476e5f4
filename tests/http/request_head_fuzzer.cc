#include <cstdlib>
#include <string_view>

#include "http/request_head.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto end = penstock::http::FindHeadEnd(bytes);
  if (!end) return 0;
  if (*end > size) std::abort();
  const auto head = penstock::http::ParseRequestHead(bytes.substr(0, *end));
  if (const auto* parsed = std::get_if<penstock::http::RequestHead>(&head)) {
    if (parsed->request.headers.Has("Transfer-Encoding")) std::abort();
    for (const auto& [name, value] : parsed->request.headers.lines()) {
      if (name.empty() || value.find_first_of("\r\n") != std::string::npos) std::abort();
    }
  }
  return 0;
}
