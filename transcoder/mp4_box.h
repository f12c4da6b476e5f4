// Boxes of the ISO base media file format (ISO/IEC 14496-12 4.2), written into memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::transcoder {

// Big-endian bytes with open boxes whose sizes are filled in when they end.
class BoxWriter {
 public:
  void Begin(std::string_view type);
  // FullBox: version and 24 bits of flags follow the type.
  void BeginFull(std::string_view type, std::uint8_t version, std::uint32_t flags);
  void End();

  void U8(std::uint8_t value) { bytes_ += static_cast<char>(value); }
  void U16(std::uint16_t value);
  void U32(std::uint32_t value);
  void U64(std::uint64_t value);
  void Zeros(std::size_t count) { bytes_.append(count, '\0'); }
  void Text(std::string_view text) { bytes_ += text; }

  std::size_t size() const { return bytes_.size(); }
  // Overwrites four bytes that were written before.
  void PatchU32(std::size_t at, std::uint32_t value);
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  std::vector<std::size_t> open_;
};

}  // namespace penstock::transcoder
