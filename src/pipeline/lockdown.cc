#include "pipeline/lockdown.h"

#include <fcntl.h>
#include <grp.h>
#include <malloc.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "pipeline/landlock.h"

namespace penstock::pipeline {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

Status SetLimit(int resource, std::uint64_t value, const char* name) {
  const rlimit limit{value, value};
  if (setrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0) {
    return Error(ErrorKind::kUnavailable, "sandbox_unavailable",
                 std::string("set resource limit ") + name + " of the media task failed");
  }
  return {};
}

// What memory, threads, clocks and open descriptors need. Nothing here takes a path or makes a
// connection.
constexpr int kAllowedCalls[] = {SCMP_SYS(read),
                                 SCMP_SYS(write),
                                 SCMP_SYS(readv),
                                 SCMP_SYS(writev),
                                 SCMP_SYS(pread64),
                                 SCMP_SYS(pwrite64),
                                 SCMP_SYS(lseek),
                                 SCMP_SYS(fstat),
                                 SCMP_SYS(ftruncate),
                                 SCMP_SYS(fdatasync),
                                 SCMP_SYS(fsync),
                                 SCMP_SYS(close),
                                 SCMP_SYS(poll),
                                 SCMP_SYS(ppoll),
                                 SCMP_SYS(mmap),
                                 SCMP_SYS(munmap),
                                 SCMP_SYS(mremap),
                                 SCMP_SYS(mprotect),
                                 SCMP_SYS(madvise),
                                 SCMP_SYS(brk),
                                 SCMP_SYS(futex),
                                 SCMP_SYS(set_robust_list),
                                 SCMP_SYS(rseq),
                                 SCMP_SYS(set_tid_address),
                                 SCMP_SYS(rt_sigaction),
                                 SCMP_SYS(rt_sigprocmask),
                                 SCMP_SYS(rt_sigreturn),
                                 SCMP_SYS(sigaltstack),
                                 SCMP_SYS(sched_yield),
                                 SCMP_SYS(sched_getaffinity),
                                 SCMP_SYS(sched_getparam),
                                 SCMP_SYS(sched_getscheduler),
                                 SCMP_SYS(sched_get_priority_max),
                                 SCMP_SYS(sched_get_priority_min),
                                 SCMP_SYS(getpid),
                                 SCMP_SYS(gettid),
                                 SCMP_SYS(getrusage),
                                 SCMP_SYS(getrandom),
                                 SCMP_SYS(sysinfo),
                                 SCMP_SYS(getcpu),
                                 SCMP_SYS(clock_gettime),
                                 SCMP_SYS(clock_getres),
                                 SCMP_SYS(clock_nanosleep),
                                 SCMP_SYS(nanosleep),
                                 SCMP_SYS(gettimeofday),
                                 SCMP_SYS(restart_syscall),
                                 SCMP_SYS(exit),
                                 SCMP_SYS(exit_group)};

Status InstallFilter() {
  const std::unique_ptr<void, void (*)(void*)> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)),
                                                      seccomp_release);
  bool ok = filter != nullptr;
  for (const int call : kAllowedCalls) {
    ok = ok && seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) == 0;
  }
  // Threads, but no processes; glibc falls back from clone3, whose flags a filter cannot see.
  ok = ok && seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                              SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0;
  ok = ok && seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
  // fstat() of newer C libraries. A path could be named here, and would tell sizes, but nothing can
  // be opened.
  ok = ok && seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                              SCMP_A3(SCMP_CMP_EQ, AT_EMPTY_PATH)) == 0;
  // Signals to itself only (abort).
  ok = ok && seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                              SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()))) == 0;
  // Reading limits is harmless, writing them is not needed.
  ok = ok && seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
                              SCMP_A2(SCMP_CMP_EQ, 0)) == 0;
  // Thread names.
  ok = ok && seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                              SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME)) == 0;
  // Sanitizers find out by a pipe whether an address can be read.
  if (kSanitized) {
    ok = ok && seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(pipe), 0) == 0;
    ok = ok && seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(pipe2), 0) == 0;
  }
  ok = ok && seccomp_load(filter.get()) == 0;
  if (!ok) {
    return Error(ErrorKind::kUnavailable, "sandbox_unavailable",
                 "install the system call filter of the media task failed");
  }
  return {};
}

// "nobody" and "nogroup" of Debian, and the kernel's own overflow ids.
constexpr uid_t kNobody = 65534;

// A task of a server that runs as root shall not own what root owns.
Status GiveUpRoot() {
  if (geteuid() != 0 && getuid() != 0) return {};
  const bool changed = setgroups(0, nullptr) == 0 && setresgid(kNobody, kNobody, kNobody) == 0 &&
                       setresuid(kNobody, kNobody, kNobody) == 0;
  if (changed && geteuid() == kNobody && setuid(0) != 0) return {};
  return Error(
      ErrorKind::kUnavailable, "sandbox_unavailable",
      "become nobody in the media task failed; start the server as another user than root, "
      "or with the capabilities CAP_SETUID and CAP_SETGID");
}

}  // namespace

Status LockDown(const LockdownLimits& limits) {
  PENSTOCK_CHECK(GiveUpRoot());
  // After the change of user, which resets both.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_DUMPABLE, 0);
  if (close_range(static_cast<unsigned>(limits.descriptors), ~0U, 0) != 0) {
    return Error(ErrorKind::kUnavailable, "sandbox_unavailable",
                 "close the inherited descriptors of the media task failed");
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return Error(ErrorKind::kUnavailable, "sandbox_unavailable",
                 "set no_new_privs of the media task failed");
  }
  // Before the limit on descriptors, for it needs one for a moment.
  PENSTOCK_CHECK(LockOut());
  // One arena a thread would reserve 64 MiB of address space each.
  mallopt(M_ARENA_MAX, 2);
  PENSTOCK_CHECK(SetLimit(RLIMIT_CORE, 0, "core"));
  PENSTOCK_CHECK(SetLimit(RLIMIT_CPU, limits.cpu_seconds, "cpu"));
  PENSTOCK_CHECK(SetLimit(RLIMIT_FSIZE, limits.output_bytes, "file size"));
  if (!kSanitized) {
    PENSTOCK_CHECK(SetLimit(RLIMIT_AS, limits.memory_bytes, "address space"));
    PENSTOCK_CHECK(
        SetLimit(RLIMIT_NOFILE, static_cast<std::uint64_t>(limits.descriptors), "descriptors"));
  }
  return InstallFilter();
}

}  // namespace penstock::pipeline
