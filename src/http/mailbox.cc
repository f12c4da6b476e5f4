#include "http/mailbox.h"

#include <utility>

namespace penstock::http {

void Mailbox::Post(std::function<void()> fn) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  posted_.push_back(std::move(fn));
  if (posted_.size() == 1) wake_();
}

std::vector<std::function<void()>> Mailbox::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(posted_, {});
}

void Mailbox::Close() {
  std::vector<std::function<void()>> dropped;  // destroyed without the lock
  const std::lock_guard lock(mutex_);
  closed_ = true;
  dropped.swap(posted_);
}

std::function<void()> Mailbox::Track(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    ++running_;
  }
  return [this, work = std::move(task)]() mutable {
    work();
    work = nullptr;
    Finish();
  };
}

void Mailbox::AwaitIdle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return running_ == 0; });
}

void Mailbox::Finish() {
  const std::lock_guard lock(mutex_);
  if (--running_ == 0) idle_.notify_all();
}

}  // namespace penstock::http
