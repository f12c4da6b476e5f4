#include "transcoder/libav.h"

#include <array>
#include <cstdlib>
#include <mutex>
#include <string>

namespace penstock::transcoder {

Error LibavError(ErrorKind kind, std::string_view code, std::string_view what, int error) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> words{};
  av_strerror(error, words.data(), words.size());
  std::string message = std::string(what) + ": " + words.data();
  if (error == AVERROR(ENOSPC)) return {ErrorKind::kOutOfSpace, std::move(message)};
  if (error == AVERROR(ENOMEM)) return {ErrorKind::kInternal, std::move(message)};
  return {kind, std::string(code), std::move(message)};
}

void SilenceLibav() {
  static std::once_flag once;
  std::call_once(once, [] {
    av_log_set_callback([](void*, int, const char*, va_list) {});
    setenv("SVT_LOG", "-2", 1);  // SVT-AV1 prints by itself
  });
}

}  // namespace penstock::transcoder
