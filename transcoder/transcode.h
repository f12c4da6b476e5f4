// From a source to CMAF: one decode, all rungs.
#pragma once

#include <span>

#include "base/result.h"
#include "media/media_info.h"
#include "media/presentation.h"
#include "transcoder/decode.h"
#include "transcoder/ladder.h"
#include "transcoder/limits.h"

namespace penstock::transcoder {

// Writable, empty, seekable descriptors for what the plan names, in the plan's order.
struct OutputFiles {
  std::vector<int> video;
  std::vector<int> audio;
  std::vector<int> text;  // WebVTT
  int poster = -1;        // JPEG
  int storyboard = -1;    // JPEG
  int waveform = -1;      // JSON
};

// The code of the error when a copied rung holds pictures that cannot be played as they are.
inline constexpr std::string_view kCopyRefused = "copy_refused";
// The code of the error when a chunk cannot be entered where its pictures were met before.
inline constexpr std::string_view kEntryRefused = "entry_refused";

// Writes each rendition as one file: ftyp + moov, then segments of moof + mdat that start with a
// key frame at the same times in all video renditions. Returns the presentation without object keys
// (object, poster_object, storyboard->object stay empty; poster_object is "poster" when a poster
// was written, and waveform_object "waveform"). A rung whose encoder fails ends the whole. Errors:
// kMalformed code "malformed_media" when nothing decodes, kUnsupported code "copy_refused" or
// "entry_refused", kTooLarge, kOutOfSpace,
// kInternal.
Result<media::Presentation> Transcode(int source, const media::MediaInfo& info,
                                      const TranscodePlan& plan, const Limits& limits,
                                      const OutputFiles& outputs, const ProgressCallback& progress);

}  // namespace penstock::transcoder
