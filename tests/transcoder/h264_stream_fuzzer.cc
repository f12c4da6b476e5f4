#include <cstdlib>
#include <string_view>

#include "transcoder/h264_stream.h"

// The first byte says how many bytes of the input are the container's extradata; the rest is a
// packet.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using penstock::transcoder::H264Stream;
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string_view extradata = input.substr(0, data[0]);
  const auto stream = H264Stream::Open(extradata);
  if (!stream) return 0;
  // What we make of a configuration is one that we take, as it is.
  const auto again = H264Stream::Open(stream->config());
  if (!again || again->config() != stream->config()) std::abort();
  const auto picture = stream->Read(input.substr(extradata.size()));
  if (picture && !again->Read(picture->data)) std::abort();
  return 0;
}
