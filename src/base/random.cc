#include "base/random.h"

#include <sys/random.h>

#include <cstdlib>
#include <string_view>

#include "base/id.h"

namespace penstock {

std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got = getrandom(bytes.data() + done, count - done, 0);
    if (got <= 0) std::abort();
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string RandomAlphanumeric(std::size_t count) {
  constexpr std::string_view kAlphabet =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  // Bytes from 248 up are drawn again, else the first letters would come up more often.
  constexpr unsigned kLimit = 256 / kAlphabet.size() * kAlphabet.size();
  std::string text;
  text.reserve(count);
  while (text.size() < count) {
    for (const char byte : RandomBytes(count - text.size())) {
      const unsigned value = static_cast<unsigned char>(byte);
      if (value < kLimit) text.push_back(kAlphabet[value % kAlphabet.size()]);
    }
  }
  return text;
}

std::string RandomIdText() { return RandomAlphanumeric(22); }

bool IsIdText(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  return text.find_first_not_of(
             "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-") ==
         std::string_view::npos;
}

}  // namespace penstock
