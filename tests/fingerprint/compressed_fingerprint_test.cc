#include "fingerprint/compressed_fingerprint.h"

#include <chromaprint.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "tests/fingerprint/made_media.h"

namespace penstock::fingerprint {
namespace {

using Items = std::vector<std::uint32_t>;

std::string Compress(const Items& items, int algorithm = CHROMAPRINT_ALGORITHM_TEST2) {
  char* text = nullptr;
  int size = 0;
  EXPECT_EQ(chromaprint_encode_fingerprint(items.data(), static_cast<int>(items.size()), algorithm,
                                           &text, &size, 1),
            1);
  std::string copy(text, static_cast<std::size_t>(size));
  chromaprint_dealloc(text);
  return copy;
}

Items DecodeWithLibrary(const std::string& text) {
  std::uint32_t* items = nullptr;
  int count = 0;
  int algorithm = -1;
  EXPECT_EQ(chromaprint_decode_fingerprint(text.data(), static_cast<int>(text.size()), &items,
                                           &count, &algorithm, 1),
            1);
  Items copy(items, items + count);
  chromaprint_dealloc(items);
  return copy;
}

std::string UrlText(const std::string& bytes) {
  std::string text = Base64Encode(bytes);
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

std::string CodeOf(const std::string& text) {
  const auto items = ReadCompressedFingerprint(text);
  return items ? "" : items.error().code;
}

TEST(CompressedFingerprint, OfMusicIsReadAsTheLibraryReadsIt) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const std::string text = Compress(FingerprintOf(MakeMusic(seed, 60)).audio);
    const auto items = ReadCompressedFingerprint(text);
    ASSERT_TRUE(items) << items.error().message;
    EXPECT_GT(items->size(), 400U);
    EXPECT_EQ(*items, DecodeWithLibrary(text));
  }
}

TEST(CompressedFingerprint, OfAnyItemsIsReadAsTheLibraryReadsIt) {
  std::mt19937 random(7);
  for (std::size_t count = 1; count <= 200; ++count) {
    Items items(count);
    for (auto& item : items) {
      item = static_cast<std::uint32_t>(random());
      if (count % 2 == 0) item &= static_cast<std::uint32_t>(random() & random() & random());
    }
    const std::string text = Compress(items);
    const auto read = ReadCompressedFingerprint(text);
    ASSERT_TRUE(read) << count << " items: " << read.error().rule;
    EXPECT_EQ(*read, items);
    EXPECT_EQ(*read, DecodeWithLibrary(text));
  }
}

TEST(CompressedFingerprint, ReadsTheFirstAndTheLastBit) {
  const Items items = {1U, 0x80000000U, 0U, std::numeric_limits<std::uint32_t>::max()};
  const auto read = ReadCompressedFingerprint(Compress(items));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, items);
}

TEST(CompressedFingerprint, CutAnywhereIsRefused) {
  const std::string text = Compress(FingerprintOf(MakeMusic(5, 10)).audio);
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(CodeOf(text.substr(0, size)), "malformed_row") << size;
  }
}

TEST(CompressedFingerprint, WithMoreBytesThanItsItemsIsRefused) {
  EXPECT_EQ(CodeOf(UrlText(std::string("\1\0\0\0\0", 5))), "malformed_row");
}

TEST(CompressedFingerprint, ThatClaimsMillionsOfItemsInAFewBytesIsRefused) {
  EXPECT_EQ(CodeOf(UrlText(std::string("\1\xFF\xFF\xFF\0\0", 6))), "malformed_row");
}

TEST(CompressedFingerprint, WithABitPastTheThirtySecondIsRefused) {
  // One item: a distance of 7, its end; the excess is 31: bit 38.
  EXPECT_EQ(CodeOf(UrlText(std::string("\1\0\0\1\7\x1F", 6))), "malformed_row");
  // The same with an excess of 25 is bit 32.
  const auto items = ReadCompressedFingerprint(UrlText(std::string("\1\0\0\1\7\x19", 6)));
  ASSERT_TRUE(items);
  EXPECT_EQ(*items, Items{0x80000000U});
}

TEST(CompressedFingerprint, OfAnotherAlgorithmIsRefused) {
  EXPECT_EQ(CodeOf(Compress({1, 2, 3}, CHROMAPRINT_ALGORITHM_TEST3)), "unknown_algorithm");
}

TEST(CompressedFingerprint, InAnotherAlphabetIsRefused) {
  EXPECT_EQ(CodeOf("AQAA+w"), "malformed_row");
  EXPECT_EQ(CodeOf("AQAAAA=="), "malformed_row");
  EXPECT_EQ(CodeOf("no base64 at all"), "malformed_row");
}

}  // namespace
}  // namespace penstock::fingerprint
