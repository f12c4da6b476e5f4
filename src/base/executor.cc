#include "base/executor.h"

#include <utility>

namespace penstock {

Executor::Executor(unsigned threads) {
  threads_.reserve(threads);
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

Executor::~Executor() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Executor::Post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void Executor::Run() {
  while (true) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

struct Strand::State {
  explicit State(Executor& e) : executor(e) {}
  Executor& executor;
  std::mutex mutex;
  std::deque<std::function<void()>> tasks;  // guarded by mutex
  bool running = false;                     // guarded by mutex
};

Strand::Strand(Executor& executor) : state_(std::make_shared<State>(executor)) {}

void Strand::Post(std::function<void()> task) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->tasks.push_back(std::move(task));
    if (std::exchange(state_->running, true)) return;
  }
  state_->executor.Post([state = state_] { Drain(state); });
}

void Strand::Drain(const std::shared_ptr<State>& state) {
  std::function<void()> task;
  {
    const std::lock_guard lock(state->mutex);
    task = std::move(state->tasks.front());
    state->tasks.pop_front();
  }
  task();
  task = nullptr;  // what it owns dies before the next task starts
  {
    const std::lock_guard lock(state->mutex);
    if (state->tasks.empty()) {
      state->running = false;
      return;
    }
  }
  // One task per turn, so that a busy strand does not starve the others.
  state->executor.Post([state] { Drain(state); });
}

}  // namespace penstock
