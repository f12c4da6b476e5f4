// The way into an event loop from other threads, and the count of the work that the loop has given
// to them.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace penstock::http {

// Shared by the loop and its tasks on the executor. All functions may be called from any thread.
class Mailbox {
 public:
  // wake makes the loop call Take; it is called under the lock, and never after Close.
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // Runs fn on the loop thread; drops it when the loop has ended.
  void Post(std::function<void()> fn);
  std::vector<std::function<void()>> Take();
  void Close();

  // The task, counted from now until it has run and what it holds is destroyed.
  std::function<void()> Track(std::function<void()> task);
  // Blocks until no tracked task is left.
  void AwaitIdle();

 private:
  void Finish();

  const std::function<void()> wake_;
  std::mutex mutex_;
  std::condition_variable idle_;
  std::vector<std::function<void()>> posted_;  // guarded by mutex_
  std::size_t running_ = 0;                    // guarded by mutex_
  bool closed_ = false;                        // guarded by mutex_
};

}  // namespace penstock::http
