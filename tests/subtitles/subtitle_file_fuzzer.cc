#include <cstdint>
#include <cstdlib>

#include "base/encoding.h"
#include "subtitles/subtitle_file.h"
#include "subtitles/webvtt.h"

// What is made of any file is WebVTT that means the same when it is read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace penstock::subtitles;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto cues = ParseSubtitleFile(bytes, {});
  if (!cues) return 0;
  const std::string text = RenderWebVtt(*cues);
  if (!penstock::IsUtf8Text(text)) std::abort();
  const auto again = ParseSubtitleFile(text, {});
  if (!again || RenderWebVtt(*again) != text) std::abort();
  return 0;
}
