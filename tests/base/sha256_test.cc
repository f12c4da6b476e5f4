#include "base/sha256.h"

#include <gtest/gtest.h>

namespace penstock {
namespace {

TEST(Sha256, MatchesTheVectorsOfFips180) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, IsTheSameInPieces) {
  const std::string text(100'000, 'x');
  Sha256 hash;
  for (std::size_t at = 0; at < text.size(); at += 777) {
    hash.Update(
        std::as_bytes(std::span(text).subspan(at, std::min<std::size_t>(777, text.size() - at))));
  }
  EXPECT_EQ(hash.FinishHex(), Sha256Hex(text));
}

}  // namespace
}  // namespace penstock
