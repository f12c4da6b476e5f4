#include "subtitles/subtitle_file.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "subtitles/cue_text.h"
#include "subtitles/text_encoding.h"

namespace penstock::subtitles {
namespace {

using media::Millis;

constexpr std::string_view kArrow = "-->";
constexpr std::string_view kBlanks = " \t";

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// Lines that end with LF, CR or both.
std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
    if (text.starts_with("\r\n")) text.remove_prefix(1);
    if (!text.empty()) text.remove_prefix(1);
  }
  return lines;
}

// A number of at most most digits at the beginning of the text, which is taken off.
std::optional<std::int64_t> TakeNumber(std::string_view& text, std::size_t most) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number);
  const auto digits = static_cast<std::size_t>(rest - text.data());
  if (failure != std::errc() || text.starts_with('-') || digits > most) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

bool TakeOneOf(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// "1:02:03,456", "02:03.456", "0:02:03.45" at the beginning of the text.
std::optional<Millis> ParseTime(std::string_view text) {
  std::int64_t seconds = 0;
  int fields = 0;
  do {
    const auto number = TakeNumber(text, 4);
    if (!number || ++fields > 3) return std::nullopt;
    seconds = seconds * 60 + *number;
  } while (TakeOneOf(text, ":"));
  std::int64_t millis = 0;
  if (TakeOneOf(text, ".,")) {
    const std::size_t before = text.size();
    const auto fraction = TakeNumber(text, 3);
    if (!fraction) return std::nullopt;
    millis = *fraction;
    for (std::size_t digits = before - text.size(); digits < 3; ++digits) millis *= 10;
  }
  const Millis time(seconds * 1000 + millis);
  if (fields < 2 || time > kLatestCue) return std::nullopt;
  return time;
}

struct Times {
  Millis start{0};
  Millis end{0};
};

// "00:00:01,000 --> 00:00:02,500 align:start": what follows the times is not kept.
std::optional<Times> ParseTiming(std::string_view line) {
  const std::size_t arrow = line.find(kArrow);
  if (arrow == std::string_view::npos) return std::nullopt;
  const auto start = ParseTime(Trim(line.substr(0, arrow)));
  const auto end = ParseTime(Trim(line.substr(arrow + kArrow.size())));
  if (!start || !end) return std::nullopt;
  return Times{*start, *end};
}

// The cues of one file, within its limits.
class Cues {
 public:
  explicit Cues(const CueLimits& limits) : limits_(limits) {}

  Status Add(const Times& times, std::string text) {
    if (text.empty() || times.end <= times.start) return {};
    bytes_ += text.size();
    if (cues_.size() >= limits_.max_cues || bytes_ > limits_.max_bytes) {
      return Error(ErrorKind::kTooLarge, "too_many_cues", "the file has more text than is taken")
          .At("body", "at most " + std::to_string(limits_.max_cues) + " cues and " +
                          std::to_string(limits_.max_bytes) + " bytes of text");
    }
    cues_.push_back({times.start, times.end, std::move(text)});
    return {};
  }
  std::vector<Cue> Take() { return std::move(cues_); }

 private:
  const CueLimits& limits_;
  std::vector<Cue> cues_;
  std::size_t bytes_ = 0;
};

bool IsCounter(std::string_view line) {
  line = Trim(line);
  return !line.empty() && line.find_first_not_of("0123456789") == std::string_view::npos;
}

// Where the text of a cue ends that begins at the line first. In WebVTT a blank line ends it; in
// SubRip, where people leave blank lines in the text, the counter before the next timing does.
std::size_t EndOfText(const std::vector<std::string_view>& lines, std::size_t first,
                      bool blank_ends) {
  std::size_t end = first;
  for (; end < lines.size(); ++end) {
    if (blank_ends && lines[end].empty()) return end;
    if (ParseTiming(lines[end])) break;
  }
  const bool counter = end < lines.size() && end > first && IsCounter(lines[end - 1]);
  const bool apart = end < first + 2 || Trim(lines[end - std::min<std::size_t>(end, 2)]).empty();
  return counter && (apart || blank_ends) ? end - 1 : end;
}

Status ParseBlocks(const std::vector<std::string_view>& lines, bool blank_ends,
                   const CueLimits& limits, Cues& cues) {
  for (std::size_t i = 0; i < lines.size();) {
    const auto times = ParseTiming(lines[i++]);
    if (!times) continue;
    const std::size_t end = EndOfText(lines, i, blank_ends);
    std::string text;
    for (; i < end; ++i) {
      text += lines[i];
      text += '\n';
    }
    PENSTOCK_CHECK(cues.Add(*times, FromMarkup(text, limits.max_cue_bytes)));
  }
  return {};
}

// Where the fields of an event stand; the text is the last one and may hold commas.
struct EventFormat {
  std::size_t start = 1;
  std::size_t end = 2;
  std::size_t text = 9;
};

std::vector<std::string_view> Fields(std::string_view text, std::size_t most) {
  std::vector<std::string_view> fields;
  while (fields.size() + 1 < most) {
    const std::size_t comma = text.find(',');
    if (comma == std::string_view::npos) break;
    fields.push_back(Trim(text.substr(0, comma)));
    text.remove_prefix(comma + 1);
  }
  fields.push_back(text);
  return fields;
}

EventFormat ParseFormat(std::string_view line) {
  constexpr std::size_t kMostFields = 32;
  const std::vector<std::string_view> names = Fields(line, kMostFields);
  EventFormat format;
  format.text = names.size() - 1;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (Trim(names[i]) == "Start") format.start = i;
    if (Trim(names[i]) == "End") format.end = i;
  }
  return format;
}

Status ParseEvents(const std::vector<std::string_view>& lines, const CueLimits& limits,
                   Cues& cues) {
  constexpr std::string_view kFormat = "Format:";
  constexpr std::string_view kDialogue = "Dialogue:";
  EventFormat format;
  bool in_events = false;
  for (const std::string_view line : lines) {
    if (line.starts_with('[')) in_events = line.starts_with("[Events]");
    if (!in_events) continue;
    if (line.starts_with(kFormat)) format = ParseFormat(line.substr(kFormat.size()));
    if (!line.starts_with(kDialogue)) continue;
    const auto fields = Fields(line.substr(kDialogue.size()), format.text + 1);
    if (fields.size() <= std::max({format.start, format.end, format.text})) continue;
    const auto start = ParseTime(Trim(fields[format.start]));
    const auto end = ParseTime(Trim(fields[format.end]));
    if (!start || !end) continue;
    PENSTOCK_CHECK(cues.Add({*start, *end}, FromAss(fields[format.text], limits.max_cue_bytes)));
  }
  return {};
}

// A script begins with its first section; comments may stand before it.
bool IsAss(const std::vector<std::string_view>& lines) {
  const auto first = std::find_if(lines.begin(), lines.end(), [](std::string_view line) {
    return !Trim(line).empty() && !line.starts_with(';') && !line.starts_with('!');
  });
  return first != lines.end() &&
         (first->starts_with("[Script Info]") || first->starts_with("[Events]"));
}

}  // namespace

Result<std::vector<Cue>> ParseSubtitleFile(std::string_view bytes, const CueLimits& limits) {
  PENSTOCK_TRY(const std::string text, ToUtf8(bytes));
  const std::vector<std::string_view> lines = Lines(text);
  Cues cues(limits);
  if (IsAss(lines)) {
    PENSTOCK_CHECK(ParseEvents(lines, limits, cues));
  } else {
    PENSTOCK_CHECK(ParseBlocks(lines, text.starts_with("WEBVTT"), limits, cues));
  }
  std::vector<Cue> found = cues.Take();
  if (!found.empty()) return found;
  return Error(ErrorKind::kMalformed, "malformed_subtitles",
               "the file holds no subtitle that can be read")
      .At("body", "must be SRT, WebVTT or ASS");
}

}  // namespace penstock::subtitles
