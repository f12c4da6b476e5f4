#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "upload/multipart_parser.h"

namespace {

class Counter final : public penstock::upload::PartConsumer {
 public:
  penstock::Status BeginPart(const penstock::upload::PartHeader&) override { return {}; }
  penstock::Status PartBytes(std::string_view bytes) override {
    total += bytes.size();
    return {};
  }
  penstock::Status EndPart() override { return {}; }
  std::size_t total = 0;
};

}  // namespace

// The first byte says where the body is split; both ways must give the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t split = data[0] % (body.size() + 1);
  Counter whole;
  penstock::upload::MultipartParser once("XX", whole);
  const bool once_ok = once.Feed(body).has_value() && once.Finish().has_value();
  Counter pieces;
  penstock::upload::MultipartParser twice("XX", pieces);
  const bool twice_ok = twice.Feed(body.substr(0, split)).has_value() &&
                        twice.Feed(body.substr(split)).has_value() && twice.Finish().has_value();
  if (once_ok != twice_ok || (once_ok && whole.total != pieces.total)) std::abort();
  return 0;
}
