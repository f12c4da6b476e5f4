// A fixed pool of threads for work that may block: disk, SQL, object store.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace penstock {

// Owned by whoever wires the process; Post may be called from any thread. Tasks run in submission
// order on the first free thread; tasks that must not overlap use a Strand.
class Executor {
 public:
  explicit Executor(unsigned threads);
  ~Executor();  // runs what was posted, then joins
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  void Post(std::function<void()> task);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;  // guarded by mutex_
  bool stopping_ = false;                    // guarded by mutex_
  std::vector<std::thread> threads_;
};

// Runs its tasks one at a time, in order, on an executor. Copies share the same order. Post may be
// called from any thread.
class Strand {
 public:
  explicit Strand(Executor& executor);
  void Post(std::function<void()> task);

 private:
  struct State;
  static void Drain(const std::shared_ptr<State>& state);
  std::shared_ptr<State> state_;
};

}  // namespace penstock
