#include "media/text_track.h"

#include <algorithm>
#include <array>

namespace penstock::media {
namespace {

constexpr std::array<std::string_view, 5> kTextCodecs = {"subrip", "ass", "mov_text", "webvtt",
                                                         "text"};
constexpr std::array<std::string_view, 4> kBitmapCodecs = {"hdmv_pgs_subtitle", "dvb_subtitle",
                                                           "dvd_subtitle", "xsub"};

}  // namespace

std::string_view TextTrackKindName(TextTrackKind kind) {
  return kind == TextTrackKind::kCaptions ? "captions" : "subtitles";
}

Result<TextTrackKind> ParseTextTrackKind(std::string_view name) {
  for (const TextTrackKind kind : {TextTrackKind::kSubtitles, TextTrackKind::kCaptions}) {
    if (TextTrackKindName(kind) == name) return kind;
  }
  return Error(ErrorKind::kInvalidArgument, "invalid_parameter",
               "the kind of the text track is not known")
      .At("kind", "subtitles or captions");
}

bool IsTextSubtitle(std::string_view codec) {
  return std::find(kTextCodecs.begin(), kTextCodecs.end(), codec) != kTextCodecs.end();
}

bool IsBitmapSubtitle(std::string_view codec) {
  return std::find(kBitmapCodecs.begin(), kBitmapCodecs.end(), codec) != kBitmapCodecs.end();
}

}  // namespace penstock::media
