// Answers of the last seconds: a bounded map whose entries die a fixed time after they were put in.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "base/guarded.h"

namespace penstock::delivery {

// Thread-safe. Value is cheap to copy (a shared_ptr or a small struct). The oldest entry goes when
// there are too many; the lifetimes are short, so that age serves as well as use. The clock must
// outlive it.
template <typename Key, typename Value>
class Recent {
 public:
  Recent(std::size_t capacity, std::chrono::milliseconds lifetime, const Clock& clock)
      : capacity_(capacity), lifetime_(lifetime), clock_(clock) {}

  std::optional<Value> Find(const Key& key) {
    const Time now = clock_.Now();
    return state_.With([&](State& state) -> std::optional<Value> {
      Forget(state, now);
      const auto found = state.values.find(key);
      if (found == state.values.end()) return std::nullopt;
      return found->second.value;
    });
  }

  void Put(const Key& key, Value value) {
    const Time now = clock_.Now();
    state_.With([&](State& state) {
      Forget(state, now);
      const auto [entry, added] = state.values.try_emplace(key, Entry{value, now});
      if (!added) {
        // In its place by age, which it keeps.
        entry->second.value = std::move(value);
        return;
      }
      state.order.push_back(key);
      if (state.values.size() > capacity_) DropOldest(state);
    });
  }

 private:
  struct Entry {
    Value value;
    Time put{};
  };
  struct State {
    std::unordered_map<Key, Entry> values;
    std::deque<Key> order;  // of values, oldest first
  };

  static void DropOldest(State& state) {
    state.values.erase(state.order.front());
    state.order.pop_front();
  }
  // A clock that was set back makes everything old.
  void Forget(State& state, Time now) const {
    while (!state.order.empty()) {
      const Time put = state.values.at(state.order.front()).put;
      if (put <= now && now - put < lifetime_) return;
      DropOldest(state);
    }
  }

  const std::size_t capacity_;
  const std::chrono::milliseconds lifetime_;
  const Clock& clock_;
  Guarded<State> state_;
};

}  // namespace penstock::delivery
