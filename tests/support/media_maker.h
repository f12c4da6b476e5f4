// Small media, made by FFmpeg's own program.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace penstock::testing {

// Runs `ffmpeg <arguments> <path>`; fails the test when it does not work.
inline void MakeMedia(const std::string& arguments, const std::filesystem::path& path) {
  const std::string command =
      "ffmpeg -nostdin -loglevel error -y " + arguments + " '" + path.string() + "' </dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

}  // namespace penstock::testing
