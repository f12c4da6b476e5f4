#include <cstdint>
#include <cstdlib>

#include "access/authenticator.h"

// Foreign headers never make a principal unless they hold the one known token.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view first = text.substr(0, size / 2);
  const std::string_view second = text.substr(size / 2);
  const penstock::access::Authenticator authenticator(
      [](penstock::access::TokenKind,
         const std::string&) -> penstock::Result<std::optional<penstock::access::Principal>> {
        return std::optional<penstock::access::Principal>();
      });
  if (authenticator.Authenticate({.authorization = first, .cookie = second}).has_value()) {
    std::abort();
  }
  if (authenticator
          .Authenticate({.cookie = first, .changes_state = true, .origin = second, .host = "h"})
          .has_value()) {
    std::abort();
  }
  return 0;
}
