// Which process something belongs to, so that what a dead one left behind is told from what a
// living one still holds.
#pragma once

#include <string>
#include <string_view>

namespace penstock {

// Names this process for good: no other of any machine gets the same name. Empty where the system
// does not tell.
std::string ThisProcess();
// True when the process of this name has surely ended: it ran under this kernel, among the
// processes that are seen from here, and is none of them.
bool HasEnded(std::string_view process);

}  // namespace penstock
