#include "media/media_time.h"

#include <fmt/format.h>

namespace penstock::media {

std::string WebVttTime(Millis time) {
  const std::int64_t ms = time.count();
  return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60,
                     ms % 1000);
}

}  // namespace penstock::media
