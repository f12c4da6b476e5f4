#include "fingerprint/compressed_fingerprint.h"

#include <chromaprint.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/fingerprint/made_media.h"

namespace penstock::fingerprint {
namespace {

std::string Encode(const std::vector<std::uint32_t>& items, int algorithm = 1) {
  char* text = nullptr;
  int size = 0;
  EXPECT_EQ(chromaprint_encode_fingerprint(items.data(), static_cast<int>(items.size()), algorithm,
                                           &text, &size, 1),
            1);
  std::string copy(text, static_cast<std::size_t>(size));
  chromaprint_dealloc(text);
  return copy;
}

// What the library makes of the text.
std::vector<std::uint32_t> LibraryDecode(const std::string& text) {
  std::uint32_t* items = nullptr;
  int count = 0;
  int algorithm = 0;
  EXPECT_EQ(chromaprint_decode_fingerprint(text.data(), static_cast<int>(text.size()), &items,
                                           &count, &algorithm, 1),
            1);
  std::vector<std::uint32_t> copy(items, items + count);
  chromaprint_dealloc(items);
  return copy;
}

TEST(CompressedFingerprint, IsReadAsTheLibraryReadsIt) {
  std::vector<std::vector<std::uint32_t>> cases = {FingerprintOf(MakeMusic(1, 20)).audio,
                                                   FingerprintOf(MakeMusic(2, 7)).audio,
                                                   {},
                                                   {0},
                                                   {0x80000000},
                                                   {0xFFFFFFFF, 0, 0xFFFFFFFF}};
  std::mt19937 random(1);
  for (std::size_t length = 1; length < 40; ++length) {
    auto& items = cases.emplace_back();
    // Sparse, dense and ordinary differences.
    for (std::size_t i = 0; i < length; ++i) {
      const auto one = static_cast<std::uint32_t>(random());
      const auto other = static_cast<std::uint32_t>(random());
      items.push_back(length % 3 == 0   ? one
                      : length % 3 == 1 ? one & other & (one >> 7)
                                        : one | other);
    }
  }
  for (const auto& items : cases) {
    const std::string text = Encode(items);
    const auto decoded = DecodeCompressedFingerprint(text);
    ASSERT_TRUE(decoded.has_value()) << text;
    EXPECT_EQ(*decoded, items);
    EXPECT_EQ(*decoded, LibraryDecode(text));
  }
}

TEST(CompressedFingerprint, AnotherAlgorithmIsRefused) {
  EXPECT_EQ(DecodeCompressedFingerprint(Encode({1, 2, 3}, 2)).error().code, "unknown_algorithm");
}

TEST(CompressedFingerprint, NoPieceOfOneIsTakenForAWhole) {
  const std::string text = Encode(FingerprintOf(MakeMusic(1, 7)).audio);
  for (std::size_t size = 0; size + 2 < text.size(); ++size) {
    EXPECT_FALSE(DecodeCompressedFingerprint(text.substr(0, size)).has_value()) << size;
  }
}

TEST(CompressedFingerprint, WhatIsNotOneIsRefused) {
  EXPECT_EQ(DecodeCompressedFingerprint("").error().code, "malformed_row");
  EXPECT_EQ(DecodeCompressedFingerprint("a b!").error().code, "malformed_row");
  // It states 16,777,215 items, and has none.
  EXPECT_EQ(DecodeCompressedFingerprint("Af___w").error().code, "malformed_row");
  // One item, whose only distance is 7 + 31.
  EXPECT_EQ(DecodeCompressedFingerprint("AQAAAQcf").error().code, "malformed_row");
}

}  // namespace
}  // namespace penstock::fingerprint
