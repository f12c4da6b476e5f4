// Foreign subtitle text made into the payload of a WebVTT cue (W3C WebVTT 4.2.2) that is harmless
// whatever it was.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace penstock::subtitles {

enum class Style : std::uint8_t { kBold, kItalic, kUnderline };

// Collects text. What comes out is well-formed UTF-8 without control characters and direction
// overrides, without blank lines (which would end the cue), with &, < and > escaped, and with
// balanced b, i and u as the only tags.
class CueText {
 public:
  // limit: bytes after which the rest is left out.
  explicit CueText(std::size_t limit) : limit_(limit) {}

  // Plain text; ill-formed UTF-8 becomes U+FFFD, line breaks are kept.
  void Append(std::string_view text);
  void NewLine();
  bool IsFull() const { return text_.size() >= limit_; }
  void Set(Style style, bool on) { wanted_.at(static_cast<std::size_t>(style)) = on; }

  // The payload; empty when there is nothing to be read.
  std::string Finish();

 private:
  void AppendCharacter(char32_t character);
  void AppendVisible(std::string_view utf8);
  bool IsWanted(char name) const;
  void CloseLast();
  void CloseUnwanted();
  void OpenWanted();

  const std::size_t limit_;
  std::string text_;
  std::string open_;  // the names of the open tags, the innermost last
  std::array<bool, 3> wanted_{};
  std::size_t spaces_ = 0;  // to be written before the next character of the line
  bool new_line_ = false;
};

// The payload of a cue's text with the tags and entities of SubRip or WebVTT.
std::string FromMarkup(std::string_view text, std::size_t limit);
// The payload of the text of an ASS event, with its override blocks. Drawings are left out.
std::string FromAss(std::string_view text, std::size_t limit);

}  // namespace penstock::subtitles
