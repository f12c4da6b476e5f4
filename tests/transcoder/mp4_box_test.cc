#include "transcoder/mp4_box.h"

#include <gtest/gtest.h>

namespace penstock::transcoder {
namespace {

using namespace std::string_literals;

TEST(BoxWriter, FillsInTheSizesOfNestedBoxes) {
  BoxWriter out;
  out.Begin("traf");
  out.BeginFull("tfdt", 1, 0);
  out.U64(90000);
  out.End();
  out.End();
  EXPECT_EQ(out.bytes(), "\0\0\0\x1Ctraf\0\0\0\x14tfdt\1\0\0\0\0\0\0\0\0\x01\x5F\x90"s);
}

}  // namespace
}  // namespace penstock::transcoder
