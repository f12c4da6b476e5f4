#include "transcoder/mp4_box.h"

namespace penstock::transcoder {

void BoxWriter::Begin(std::string_view type) {
  open_.push_back(bytes_.size());
  U32(0);
  Text(type);
}

void BoxWriter::BeginFull(std::string_view type, std::uint8_t version, std::uint32_t flags) {
  Begin(type);
  U32(std::uint32_t{version} << 24 | flags);
}

void BoxWriter::End() {
  const std::size_t start = open_.back();
  open_.pop_back();
  PatchU32(start, static_cast<std::uint32_t>(bytes_.size() - start));
}

void BoxWriter::U16(std::uint16_t value) {
  U8(static_cast<std::uint8_t>(value >> 8));
  U8(static_cast<std::uint8_t>(value));
}

void BoxWriter::U32(std::uint32_t value) {
  U16(static_cast<std::uint16_t>(value >> 16));
  U16(static_cast<std::uint16_t>(value));
}

void BoxWriter::U64(std::uint64_t value) {
  U32(static_cast<std::uint32_t>(value >> 32));
  U32(static_cast<std::uint32_t>(value));
}

void BoxWriter::PatchU32(std::size_t at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) {
    bytes_[at + static_cast<std::size_t>(i)] = static_cast<char>(value >> (24 - 8 * i));
  }
}

}  // namespace penstock::transcoder
