#include "base/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace penstock {
namespace {

TEST(Process, ALivingOneHasNotEnded) {
  ASSERT_FALSE(ThisProcess().empty());
  EXPECT_EQ(ThisProcess(), ThisProcess());
  EXPECT_FALSE(HasEnded(ThisProcess()));
}

TEST(Process, AKilledOneHasEnded) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string name = ThisProcess();
    static_cast<void>(!::write(ends[1], name.data(), name.size()));
    ::pause();
    ::_exit(0);
  }
  char text[256];
  const ssize_t length = ::read(ends[0], text, sizeof(text));
  ASSERT_GT(length, 0);
  const std::string name(text, static_cast<std::size_t>(length));
  EXPECT_NE(name, ThisProcess());
  EXPECT_FALSE(HasEnded(name));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(HasEnded(name));
}

TEST(Process, NothingIsKnownOfOtherMachines) {
  EXPECT_FALSE(HasEnded(""));
  EXPECT_FALSE(HasEnded("another-boot/pid:[1]/1/1"));
}

}  // namespace
}  // namespace penstock
