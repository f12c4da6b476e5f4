// One pass of a radix sort.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <utility>

namespace penstock::fingerprint {

// Puts what is in `from` into `to` in the order of key(item), which is less than kKeys; items of
// one key keep their order. REQUIRES: both are as long and do not overlap.
template <std::size_t kKeys, typename T, typename Key>
void CountingPass(std::span<const T> from, std::span<T> to, const Key& key) {
  std::array<std::size_t, kKeys> ends{};
  for (const T& item : from) ++ends[key(item)];
  std::size_t sum = 0;
  for (std::size_t& end : ends) sum += std::exchange(end, sum);
  for (const T& item : from) to[ends[key(item)]++] = item;
}

}  // namespace penstock::fingerprint
