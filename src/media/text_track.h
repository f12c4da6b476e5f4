// A text track: subtitles or captions beside pictures and sound, as one WebVTT file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace penstock::media {

// More of one asset is left out, or refused.
inline constexpr std::size_t kMostTextTracks = 32;

// Subtitles are what is said; captions also tell what is heard (HTML 4.8.11.11.1).
enum class TextTrackKind { kSubtitles, kCaptions };
std::string_view TextTrackKindName(TextTrackKind kind);  // "subtitles", "captions"
// Errors: kInvalidArgument.
Result<TextTrackKind> ParseTextTrackKind(std::string_view name);

struct TextTrack {
  std::string id;  // unique in the asset and fit for an address
  TextTrackKind kind = TextTrackKind::kSubtitles;
  std::string language;     // BCP 47 or empty
  std::string label;        // plain text for people, or empty
  bool is_default = false;  // shown unless the viewer asks for another
  bool forced = false;      // only what has to be read in any case, such as signs
  bool uploaded = false;    // by itself; else it comes from the source
  std::string object;       // object key
  std::uint64_t size = 0;   // bytes
  std::int64_t cues = 0;

  // Whether a viewer would take one for the other.
  bool IsLike(const TextTrack& other) const {
    return kind == other.kind && language == other.language && label == other.label &&
           forced == other.forced;
  }
  friend bool operator==(const TextTrack&, const TextTrack&) = default;
};

// For FFmpeg's name of a subtitle codec: its text can be read, or it is made of pictures.
bool IsTextSubtitle(std::string_view codec);
bool IsBitmapSubtitle(std::string_view codec);

// Something that the uploader should know of a work that plays nevertheless.
struct Warning {
  std::string code;     // stable, snake_case
  std::string message;  // a sentence

  friend bool operator==(const Warning&, const Warning&) = default;
};

}  // namespace penstock::media
