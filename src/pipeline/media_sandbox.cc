#include "pipeline/media_sandbox.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "base/file.h"
#include "base/log.h"
#include "base/unique_fd.h"

namespace penstock::pipeline {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSourceDescriptor = 3;
constexpr std::size_t kMaxAnswer = 256 << 20;
constexpr std::size_t kLogTail = 2000;

struct Pipe {
  UniqueFd read, write;
};

Result<Pipe> MakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return ErrnoError("make pipe");
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// The task as a file in memory: the child may read it or die, nobody waits for it.
Result<UniqueFd> MakeInput(const std::string& text) {
  UniqueFd fd(memfd_create("task", MFD_CLOEXEC));
  if (!fd.valid()) return ErrnoError("make the input of the media task");
  PENSTOCK_CHECK(WriteAll(fd.get(), text));
  if (lseek(fd.get(), 0, SEEK_SET) != 0) return ErrnoError("rewind the input of the media task");
  return fd;
}

// Holds the child; kills and reaps it unless Wait has.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      Wait();
    }
  }
  int Wait() {
    int status = 0;
    while (wait4(pid_, &status, 0, &usage_) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }
  // The most that it had in memory, once it was waited for.
  std::int64_t PeakMebibytes() const { return usage_.ru_maxrss >> 10; }

 private:
  pid_t pid_;
  rusage usage_{};
};

Result<pid_t> Spawn(const SandboxOptions& options, const std::vector<int>& descriptors) {
  // Copies above the targets, so that no dup2 overwrites a descriptor that is still to be placed.
  std::vector<UniqueFd> copies;
  const int first_free = static_cast<int>(descriptors.size());
  for (const int fd : descriptors) {
    const int copy = fcntl(fd, F_DUPFD_CLOEXEC, first_free);
    if (copy < 0) return ErrnoError("duplicate descriptor for the media task");
    copies.emplace_back(copy);
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (std::size_t i = 0; i < copies.size(); ++i) {
    posix_spawn_file_actions_adddup2(&actions, copies[i].get(), static_cast<int>(i));
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  sigset_t defaults;
  sigfillset(&defaults);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  // A group of its own: a terminal's Ctrl-C reaches the server alone, which then drains.
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::string name = "penstock";
  std::string command = "media-task";
  char* arguments[] = {name.data(), command.data(), nullptr};
  // Nothing of the server's environment, which may hold secrets.
  std::string locale = "LC_ALL=C.UTF-8";
  char* environment[] = {locale.data(), nullptr};
  pid_t pid = -1;
  const int failed =
      posix_spawn(&pid, options.program.c_str(), &actions, &attributes, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) {
    errno = failed;
    Error error = ErrnoError("start the media task " + options.program.string());
    error.kind = ErrorKind::kUnavailable;
    if (failed == EAGAIN) error.code = kSystemExhausted;  // no process to be had
    return error;
  }
  return pid;
}

Error ErrorFromJson(const nlohmann::json& json) {
  const auto kind_name = json.value("kind", std::string("internal"));
  ErrorKind kind = ErrorKind::kInternal;
  for (const ErrorKind known :
       {ErrorKind::kMalformed, ErrorKind::kUnsupported, ErrorKind::kTooLarge,
        ErrorKind::kOutOfSpace, ErrorKind::kUnavailable, ErrorKind::kInvalidArgument}) {
    if (ErrorKindName(known) == kind_name) kind = known;
  }
  return Error(kind, json.value("code", std::string("internal")),
               json.value("message", std::string("the media task failed")));
}

// How a child ended that gave no answer.
Error EndedWithoutAnswer(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    if (signal == SIGXCPU) {
      return Error(ErrorKind::kTooLarge, "media_cpu_limit",
                   "the file takes more computing time than one file may");
    }
    if (signal == SIGXFSZ) {
      return Error(ErrorKind::kTooLarge, "media_output_limit",
                   "the file becomes larger than one file may when it is converted");
    }
    return Error(ErrorKind::kMalformed, "media_task_crashed",
                 "decoding the file ended with signal " + std::to_string(signal));
  }
  return Error(ErrorKind::kMalformed, "media_task_crashed",
               "decoding the file ended with status " + std::to_string(WEXITSTATUS(status)));
}

// Reads the child's two streams to their ends.
class Conversation {
 public:
  Conversation(const SandboxOptions& options, const SandboxCall& call)
      : options_(options), call_(call) {}

  // Errors: kCancelled, "media_stalled", or the task's own.
  Status Run(int output, int log) {
    pollfd streams[] = {{output, POLLIN, 0}, {log, POLLIN, 0}};
    Clock::time_point last_line = Clock::now();
    while (streams[0].fd >= 0) {
      if (poll(streams, 2, 200) < 0 && errno != EINTR) return ErrnoError("poll the media task");
      if (call_.cancelled && call_.cancelled()) {
        return Error(ErrorKind::kCancelled, "the media task was cancelled");
      }
      if (streams[0].revents != 0) {
        last_line = Clock::now();
        PENSTOCK_TRY(const bool open, ReadAnswer(output));
        if (!open) streams[0].fd = -1;
      }
      if (streams[1].revents != 0 && !ReadLog(log)) streams[1].fd = -1;
      if (Clock::now() - last_line > options_.stall_timeout) {
        return Error(ErrorKind::kTooLarge, "media_stalled",
                     "decoding the file made no progress for too long");
      }
    }
    return {};
  }

  std::optional<Result<std::string>>& answer() { return answer_; }
  const std::string& log() const { return log_; }

 private:
  Result<bool> ReadAnswer(int fd) {
    char block[64 * 1024];
    const ssize_t got = read(fd, block, sizeof block);
    if (got < 0 && errno == EINTR) return true;
    if (got <= 0) return false;
    pending_.append(block, static_cast<std::size_t>(got));
    if (pending_.size() > kMaxAnswer) {
      return Error(ErrorKind::kTooLarge, "media_output_limit",
                   "the description of the file is larger than one may be");
    }
    for (std::size_t end = pending_.find('\n', scanned_); end != std::string::npos;
         end = pending_.find('\n', scanned_)) {
      TakeLine(std::string_view(pending_).substr(0, end));
      pending_.erase(0, end + 1);
      scanned_ = 0;
    }
    scanned_ = pending_.size();
    return true;
  }

  // The child has decoded hostile bytes: its lines are foreign too.
  void TakeLine(std::string_view line) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object()) return;
    const auto progress = json.find("progress");
    if (progress != json.end() && progress->is_number_integer() && call_.progress) {
      call_.progress(std::clamp(progress->get<int>(), 0, 100));
    }
    const auto result = json.find("result");
    if (result != json.end()) {
      answer_ = result->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }
    const auto error = json.find("error");
    if (error != json.end() && error->is_object()) {
      try {
        answer_ = ErrorFromJson(*error);
      } catch (const nlohmann::json::exception&) {
        answer_ = Error(ErrorKind::kInternal, "the media task gave an error of another form");
      }
    }
  }

  bool ReadLog(int fd) {
    char block[4096];
    const ssize_t got = read(fd, block, sizeof block);
    if (got < 0 && errno == EINTR) return true;
    if (got <= 0) return false;
    log_.append(block, static_cast<std::size_t>(got));
    if (log_.size() > kLogTail) log_.erase(0, log_.size() - kLogTail);
    return true;
  }

  const SandboxOptions& options_;
  const SandboxCall& call_;
  std::string pending_;
  std::size_t scanned_ = 0;
  std::string log_;
  std::optional<Result<std::string>> answer_;
};

}  // namespace

Result<std::string> RunInSandbox(const SandboxOptions& options, const SandboxCall& call) {
  auto task = nlohmann::json::parse(call.task, nullptr, false);
  LockdownLimits limits = options.limits;
  limits.descriptors = kSourceDescriptor + 1 + static_cast<int>(call.outputs.size());
  task["sandbox"] = {{"enabled", options.enabled},
                     {"memory_bytes", limits.memory_bytes},
                     {"cpu_seconds", limits.cpu_seconds},
                     {"output_bytes", limits.output_bytes},
                     {"descriptors", limits.descriptors}};

  PENSTOCK_TRY(const UniqueFd input, MakeInput(task.dump()));
  PENSTOCK_TRY(Pipe output, MakePipe());
  PENSTOCK_TRY(Pipe log, MakePipe());
  std::vector<int> descriptors = {input.get(), output.write.get(), log.write.get(), call.source};
  descriptors.insert(descriptors.end(), call.outputs.begin(), call.outputs.end());
  PENSTOCK_TRY(const pid_t pid, Spawn(options, descriptors));
  Child child(pid);
  output.write.reset();
  log.write.reset();

  Conversation conversation(options, call);
  PENSTOCK_CHECK(conversation.Run(output.read.get(), log.read.get()));
  const int status = child.Wait();
  LogDebug("media_task.ended",
           {{"task", task.value("task", std::string())}, {"peak_mib", child.PeakMebibytes()}});
  if (!conversation.log().empty()) {
    LogDebug("media_task.logged", {{"text", conversation.log()}});
  }
  if (conversation.answer()) return std::move(*conversation.answer());
  return EndedWithoutAnswer(status);
}

}  // namespace penstock::pipeline
