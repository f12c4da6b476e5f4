#include "fingerprint/pdq_list.h"

#include <cmath>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "fingerprint/list_cells.h"
#include "fingerprint/reference_row.h"

namespace penstock::fingerprint {
namespace {

using media::Millis;

constexpr std::size_t kDigits = 64;
constexpr int kMostQuality = 100;
constexpr double kMostSeconds = 4'000'000;
constexpr std::size_t kMostFrames = 400'000;  // 55 hours
constexpr Millis kStep{500};

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

struct Frame {
  media::FrameHash hash;
  bool timed = false;
};

std::optional<Frame> ReadFrame(std::string_view line) {
  Frame frame;
  const auto bytes = HexDecode(Trim(TakeCell(line, ',')));
  if (!bytes || bytes->size() * 2 != kDigits) return std::nullopt;
  // The text begins with the last byte.
  for (std::size_t i = 0; i < bytes->size(); ++i) {
    const std::size_t place = bytes->size() - 1 - i;
    frame.hash.bits[place / 8] |= std::uint64_t{static_cast<unsigned char>((*bytes)[i])}
                                  << (8 * (place % 8));
  }
  const std::string_view quality_cell = Trim(TakeCell(line, ','));
  const auto quality = quality_cell.empty() ? kMostQuality : ReadNumber<int>(quality_cell);
  if (!quality || *quality < 0 || *quality > kMostQuality) return std::nullopt;
  frame.hash.quality = static_cast<std::uint8_t>(*quality);
  const std::string_view time_cell = Trim(TakeCell(line, ','));
  frame.timed = !time_cell.empty();
  const auto seconds = frame.timed ? ReadNumber<double>(time_cell) : 0;
  if (!line.empty() || !seconds || !(*seconds >= 0 && *seconds <= kMostSeconds)) {
    return std::nullopt;
  }
  frame.hash.time = Millis(std::llround(*seconds * 1000));
  return frame;
}

}  // namespace

bool PdqListReader::Recognises(std::string_view line) {
  return line.starts_with('#') || ReadFrame(line).has_value();
}

void PdqListReader::Read(std::string_view line, std::int64_t number, std::vector<ListRow>& rows) {
  if (line.starts_with('#')) {
    Finish(rows);
    title_ = Trim(line.substr(1));
    return;
  }
  Add(line, number, rows);
}

void PdqListReader::Add(std::string_view line, std::int64_t number, std::vector<ListRow>& rows) {
  auto frame = ReadFrame(line);
  if (!frame) {
    rows.push_back({number, Error(ErrorKind::kMalformed, "malformed_row",
                                  "the line is no PDQ hash with its quality and time")
                                .At("line", "HASH[,QUALITY[,SECONDS]]")});
    return;
  }
  if (!film_.frames.empty()) {
    const Millis last = film_.frames.back().time;
    if (!frame->timed) frame->hash.time = last + kStep;
    if (frame->hash.time <= last || film_.frames.size() == kMostFrames) {
      Finish(rows);
      title_.clear();
      if (!frame->timed) frame->hash.time = Millis(0);
    }
  }
  if (film_.frames.empty()) begun_ = number;
  film_.frames.push_back(frame->hash);
}

void PdqListReader::Finish(std::vector<ListRow>& rows) {
  if (begun_ == 0) return;
  film_.kind = media::FingerprintKind::kVideo;
  film_.duration = film_.frames.back().time;
  const std::int64_t line = std::exchange(begun_, 0);
  std::string title = title_.empty() ? "PDQ line " + std::to_string(line) : title_;
  rows.push_back(RowOf(KeylessReference(std::exchange(film_, {}), std::move(title)), line));
}

}  // namespace penstock::fingerprint
