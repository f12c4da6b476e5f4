// The rectangle in which a film plays: a picture in a picture, or what is left of a frame whose
// borders do not change.
#pragma once

#include <vector>

#include "fingerprint/frame_views.h"

namespace penstock::fingerprint {

struct Rectangle {
  int left = 0;
  int top = 0;
  int right = 0;   // one past the last column
  int bottom = 0;  // one past the last row
  friend bool operator==(const Rectangle&, const Rectangle&) = default;
};

inline constexpr std::size_t kMostInsets = 3;

// At most kMostInsets rectangles smaller than the frame, of frames of one size that follow each
// other: the part that changes where the rest stands still, and parts around which a straight edge
// stays while the picture moves. May be none.
std::vector<Rectangle> FindInsets(const std::vector<OwnedFrame>& frames);

media::GrayFrame CropTo(const media::GrayFrame& frame, const Rectangle& rectangle);

}  // namespace penstock::fingerprint
