#include "subtitles/cue_text.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "subtitles/text_encoding.h"

namespace penstock::subtitles {
namespace {

constexpr std::string_view kTagNames = "biu";  // in the order of Style
constexpr std::size_t kMostSpaces = 16;
constexpr std::size_t kLongestTag = 256;
constexpr std::size_t kLongestEntity = 10;
constexpr std::size_t kLongestOverrides = 1024;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Control characters (Cc), the embeddings, overrides and isolates that turn the order of other
// characters around (UTS #55 3.1), and the byte order mark.
bool IsUnwanted(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

std::optional<Style> StyleOf(std::string_view name) {
  if (name.size() != 1) return std::nullopt;
  const std::size_t index = kTagNames.find(Lower(name.front()));
  if (index == std::string_view::npos) return std::nullopt;
  return static_cast<Style>(index);
}

// The character that the entity between & and ; stands for.
std::optional<char32_t> EntityOf(std::string_view name) {
  constexpr std::pair<std::string_view, char32_t> kEntities[] = {
      {"amp", '&'},   {"lt", '<'},    {"gt", '>'},     {"quot", '"'},
      {"apos", '\''}, {"nbsp", 0xA0}, {"lrm", 0x200E}, {"rlm", 0x200F}};
  for (const auto& [entity, character] : kEntities) {
    if (entity == name) return character;
  }
  if (!name.starts_with('#')) return std::nullopt;
  name.remove_prefix(1);
  const bool hexadecimal = name.starts_with('x') || name.starts_with('X');
  if (hexadecimal) name.remove_prefix(1);
  std::uint32_t code = 0;
  const char* end = name.data() + name.size();
  const auto [rest, failure] = std::from_chars(name.data(), end, code, hexadecimal ? 16 : 10);
  if (failure != std::errc() || rest != end || name.empty()) return std::nullopt;
  return code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) ? kReplacement : char32_t{code};
}

// One override, without its backslash: "i1", "b700", "p0", "r". Others change what is not kept.
void Override(std::string_view text, CueText& out, bool& drawing) {
  if (text.starts_with('r') && !text.starts_with("rnd")) {
    for (const Style style : {Style::kBold, Style::kItalic, Style::kUnderline}) {
      out.Set(style, false);
    }
    return;
  }
  if (text.empty() || !std::all_of(text.begin() + 1, text.end(), IsDigit)) return;
  int value = 0;
  std::from_chars(text.data() + 1, text.data() + text.size(), value);
  if (text.front() == 'p') drawing = value > 0;
  // A weight of bold, or 0 and 1.
  if (const auto style = StyleOf(text.substr(0, 1))) out.Set(*style, value == 1 || value >= 600);
}

// An override block "{\i1\pos(1,2)}" at the beginning of text: its length, or 0 when there is none.
std::size_t OverrideBlock(std::string_view text, CueText& out, bool& drawing) {
  const std::size_t end = text.substr(0, kLongestOverrides).find('}');
  if (end == std::string_view::npos) return 0;
  std::string_view block = text.substr(1, end - 1);
  for (std::size_t at = block.find('\\'); at != std::string_view::npos;) {
    const std::size_t next = block.find('\\', at + 1);
    Override(block.substr(at + 1, next == std::string_view::npos ? next : next - at - 1), out,
             drawing);
    at = next;
  }
  return end + 1;
}

// A tag at the beginning of text: its length, or 0 when it is none.
std::size_t Tag(std::string_view text, CueText& out) {
  const bool closes = text.substr(1).starts_with('/');
  std::size_t end = closes ? 2 : 1;
  if (end >= text.size()) return 0;
  // WebVTT has times as tags; "<3" is a heart.
  const bool time = IsDigit(text[1]) && text.substr(2, 2).find_first_of("0123456789:") == 0;
  if (!closes && !IsLetter(text[end]) && text[end] != '.' && !time) return 0;
  const std::size_t close = text.substr(0, kLongestTag).find_first_of("<>", 1);
  if (close == std::string_view::npos || text[close] != '>') return 0;
  const std::size_t begin = end;
  while (IsLetter(text[end])) ++end;
  const std::string_view name = text.substr(begin, end - begin);
  if (const auto style = StyleOf(name)) out.Set(*style, !closes);
  if (name.size() == 2 && Lower(name[0]) == 'b' && Lower(name[1]) == 'r') out.NewLine();
  return close + 1;
}

// An entity at the beginning of text: its length, or 0 when it is none.
std::size_t Entity(std::string_view text, CueText& out) {
  const std::size_t end = text.substr(0, kLongestEntity).find(';');
  if (end == std::string_view::npos) return 0;
  const auto character = EntityOf(text.substr(1, end - 1));
  if (!character) return 0;
  out.Append(EncodeUtf8(*character));
  return end + 1;
}

}  // namespace

void CueText::Append(std::string_view text) {
  while (!text.empty() && !IsFull()) AppendCharacter(DecodeUtf8(text));
}

void CueText::AppendCharacter(char32_t character) {
  switch (character) {
    case '\n':
    case 0x2028:
    case 0x2029:
      return NewLine();
    case '\t':
    case ' ':
      spaces_ = std::min(spaces_ + 1, kMostSpaces);
      return;
    case '&':
      return AppendVisible("&amp;");
    case '<':
      return AppendVisible("&lt;");
    case '>':
      return AppendVisible("&gt;");
    default:
      if (!IsUnwanted(character)) AppendVisible(EncodeUtf8(character));
  }
}

void CueText::NewLine() {
  spaces_ = 0;
  new_line_ = !text_.empty();
}

void CueText::AppendVisible(std::string_view utf8) {
  if (IsFull()) return;
  CloseUnwanted();
  if (new_line_) {
    text_ += '\n';
  } else if (!text_.empty()) {
    text_.append(spaces_, ' ');
  }
  new_line_ = false;
  spaces_ = 0;
  OpenWanted();
  text_ += utf8;
}

void CueText::CloseLast() {
  text_ += "</";
  text_ += open_.back();
  text_ += '>';
  open_.pop_back();
}

bool CueText::IsWanted(char name) const { return wanted_.at(kTagNames.find(name)); }

void CueText::CloseUnwanted() {
  while (!std::all_of(open_.begin(), open_.end(), [this](char c) { return IsWanted(c); })) {
    CloseLast();
  }
}

void CueText::OpenWanted() {
  for (const char name : kTagNames) {
    if (!IsWanted(name) || open_.find(name) != std::string::npos) continue;
    text_ += '<';
    text_ += name;
    text_ += '>';
    open_ += name;
  }
}

std::string CueText::Finish() {
  while (!open_.empty()) CloseLast();
  return std::move(text_);
}

std::string FromMarkup(std::string_view text, std::size_t limit) {
  CueText out(limit);
  bool drawing = false;
  while (!text.empty() && !out.IsFull()) {
    std::size_t taken = 0;
    if (text.front() == '<') taken = Tag(text, out);
    if (text.front() == '&') taken = Entity(text, out);
    // Many SubRip files carry overrides of ASS.
    if (text.starts_with("{\\")) taken = OverrideBlock(text, out, drawing);
    if (taken == 0) {
      taken = std::min(text.find_first_of("<&{", 1), text.size());
      out.Append(text.substr(0, taken));
    }
    text.remove_prefix(taken);
  }
  return out.Finish();
}

std::string FromAss(std::string_view text, std::size_t limit) {
  CueText out(limit);
  bool drawing = false;
  while (!text.empty() && !out.IsFull()) {
    std::size_t taken = 0;
    if (text.front() == '{') taken = OverrideBlock(text, out, drawing);
    if (text.starts_with("\\N") || text.starts_with("\\n")) {
      out.NewLine();
      taken = 2;
    } else if (text.starts_with("\\h")) {
      out.Append(EncodeUtf8(0xA0));
      taken = 2;
    }
    if (taken == 0) {
      taken = std::min(text.find_first_of("{\\", 1), text.size());
      if (!drawing) out.Append(text.substr(0, taken));
    }
    text.remove_prefix(taken);
  }
  return out.Finish();
}

}  // namespace penstock::subtitles
