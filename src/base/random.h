// Randomness from the kernel, fit for tokens and ids.
#pragma once

#include <cstddef>
#include <string>

namespace penstock {

// count bytes from getrandom(2); aborts the process if the kernel gives none.
std::string RandomBytes(std::size_t count);
// count characters of [0-9A-Za-z], uniformly.
std::string RandomAlphanumeric(std::size_t count);

}  // namespace penstock
