#include "transcoder/text_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "base/file.h"
#include "media/language.h"
#include "subtitles/cue.h"
#include "subtitles/cue_text.h"
#include "subtitles/webvtt.h"
#include "transcoder/input.h"
#include "transcoder/libav.h"

namespace penstock::transcoder {
namespace {

using media::MediaInfo;
using media::Millis;
using media::Presentation;
using media::StreamInfo;
using media::TextTrack;
using subtitles::Cue;

constexpr int kReadErrorsInARow = 64;
constexpr std::size_t kLongestLabel = 100;  // bytes
constexpr int kFieldsBeforeText = 8;        // of an event of ASS, as libavcodec gives it
// How long a text stays that does not say so, unless another follows sooner.
constexpr Millis kUnknownDuration{5000};

struct Subtitle {
  AVSubtitle value{};
  Subtitle() = default;
  ~Subtitle() { avsubtitle_free(&value); }
  Subtitle(const Subtitle&) = delete;
  Subtitle& operator=(const Subtitle&) = delete;
};

// "ReadOrder,Layer,Style,Name,MarginL,MarginR,MarginV,Effect,Text"
std::string_view TextOfEvent(std::string_view event) {
  for (int field = 0; field < kFieldsBeforeText; ++field) {
    const std::size_t comma = event.find(',');
    if (comma == std::string_view::npos) return {};
    event.remove_prefix(comma + 1);
  }
  return event;
}

// The cues of one stream.
class TextStream {
 public:
  TextStream(AVStream& stream, CodecContextPtr codec) : stream_(stream), codec_(std::move(codec)) {}

  int index() const { return stream_.index; }
  bool is_cut() const { return cut_; }

  void Take(AVPacket& packet, std::int64_t origin) {
    if (cut_ || packet.pts == AV_NOPTS_VALUE) return;
    const std::int64_t ticks = av_rescale_q(packet.pts, stream_.time_base, kTickBase);
    constexpr std::int64_t kSane = std::int64_t{1} << 60;
    if (std::abs(ticks) > kSane) return;
    const Millis start((ticks - origin) / (kTicksPerSecond / 1000));
    if (open_ended_) EndLast(start);
    Subtitle subtitle;
    int got = 0;
    if (avcodec_decode_subtitle2(codec_.get(), &subtitle.value, &got, &packet) < 0) return;
    if (got == 0) return;
    Add(start, DurationOf(packet, subtitle.value), TextOf(subtitle.value));
  }

  std::vector<Cue> Finish() {
    if (open_ended_) EndLast(Millis::max());
    return std::move(cues_);
  }

 private:
  Millis DurationOf(const AVPacket& packet, const AVSubtitle& subtitle) const {
    if (packet.duration > 0) {
      return Millis(av_rescale_q(packet.duration, stream_.time_base, AVRational{1, 1000}));
    }
    const bool said = subtitle.end_display_time != std::numeric_limits<std::uint32_t>::max();
    return Millis(said ? std::int64_t{subtitle.end_display_time} : 0);
  }

  std::string TextOf(const AVSubtitle& subtitle) const {
    std::string events;
    for (unsigned i = 0; i < subtitle.num_rects; ++i) {
      const AVSubtitleRect& rect = *subtitle.rects[i];
      if (rect.ass == nullptr) continue;
      if (!events.empty()) events += "\\N";
      events += TextOfEvent(rect.ass);
    }
    return subtitles::FromAss(events, limits_.max_cue_bytes);
  }

  void Add(Millis start, Millis duration, std::string text) {
    // A duration of 0 is none.
    const Millis end = std::min(start + (duration > Millis(0) ? duration : kUnknownDuration),
                                subtitles::kLatestCue);
    start = std::max(start, Millis(0));
    if (text.empty() || end <= start) return;
    bytes_ += text.size();
    cut_ = cues_.size() >= limits_.max_cues || bytes_ > limits_.max_bytes;
    if (cut_) return;
    cues_.push_back({start, end, std::move(text)});
    open_ended_ = duration <= Millis(0);
  }

  void EndLast(Millis next) {
    Cue& last = cues_.back();
    if (next > last.start) last.end = std::min(last.end, next);
    open_ended_ = false;
  }

  const subtitles::CueLimits limits_;
  AVStream& stream_;
  CodecContextPtr codec_;
  std::vector<Cue> cues_;
  std::size_t bytes_ = 0;
  bool open_ended_ = false;  // the last cue
  bool cut_ = false;
};

CodecContextPtr OpenDecoder(const AVStream& stream) {
  const AVCodecParameters& parameters = *stream.codecpar;
  if (parameters.codec_type != AVMEDIA_TYPE_SUBTITLE) return nullptr;
  if (!media::IsTextSubtitle(avcodec_get_name(parameters.codec_id))) return nullptr;
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  if (codec == nullptr) return nullptr;
  CodecContextPtr context(avcodec_alloc_context3(codec));
  if (context == nullptr || avcodec_parameters_to_context(context.get(), &parameters) < 0) {
    return nullptr;
  }
  context->pkt_timebase = stream.time_base;
  // Ill-formed text is mended, not thrown away.
  context->sub_charenc_mode = FF_SUB_CHARENC_MODE_IGNORE;
  if (avcodec_open2(context.get(), codec, nullptr) < 0) return nullptr;
  return context;
}

// Reads the packets of the streams to the end of the source. Damaged ones are skipped.
Status ReadPackets(Input& input, std::int64_t origin, std::list<TextStream>& streams,
                   const ProgressCallback& progress) {
  const PacketPtr packet(av_packet_alloc());
  if (packet == nullptr) return Error(ErrorKind::kInternal, "read the text: out of memory");
  std::int64_t percent = 0;
  for (int failures = 0; failures < kReadErrorsInARow;) {
    const int error = av_read_frame(&input.format(), packet.get());
    if (error == AVERROR_EOF) break;
    if (error < 0) {
      ++failures;
      continue;
    }
    failures = 0;
    const std::int64_t now = input.size() > 0 ? packet->pos * 99 / input.size() : 0;
    if (progress && now > percent && now < 100) progress(static_cast<int>(percent = now));
    for (TextStream& stream : streams) {
      if (stream.index() == packet->stream_index) stream.Take(*packet, origin);
    }
    av_packet_unref(packet.get());
  }
  return {};
}

std::string LabelOf(const StreamInfo& stream) {
  const bool fit = IsPlainText(stream.title) && stream.title.size() <= kLongestLabel &&
                   stream.title.find_first_not_of(' ') != std::string::npos;
  return fit ? stream.title : std::string();
}

// "subtitle stream 3 (eng)"
std::string NameOf(const StreamInfo& stream) {
  const std::string language = media::LanguageTag(stream.language);
  return fmt::format("subtitle stream {}{}", stream.index,
                     language.empty() ? "" : " (" + language + ")");
}

TextTrack Describe(const StreamInfo& stream, const PlannedText& planned) {
  TextTrack track;
  track.id = planned.id;
  track.kind =
      stream.hearing_impaired ? media::TextTrackKind::kCaptions : media::TextTrackKind::kSubtitles;
  track.language = media::LanguageTag(stream.language);
  track.label = LabelOf(stream);
  track.is_default = stream.is_default;
  track.forced = stream.forced;
  return track;
}

// Matroska calls every track default unless the file says otherwise: it means something only where
// it tells tracks apart.
void ChooseDefault(std::vector<TextTrack>& tracks) {
  const bool all =
      std::all_of(tracks.begin(), tracks.end(), [](const auto& track) { return track.is_default; });
  bool chosen = all;
  for (TextTrack& track : tracks) {
    track.is_default = track.is_default && !chosen;
    chosen = chosen || track.is_default;
  }
}

const StreamInfo* Find(const MediaInfo& info, int index) {
  const auto found = std::find_if(info.streams.begin(), info.streams.end(),
                                  [&](const StreamInfo& stream) { return stream.index == index; });
  return found == info.streams.end() ? nullptr : &*found;
}

// Writes the cues and adds the track to the presentation, or a warning.
Status Write(const StreamInfo& source, const PlannedText& planned, TextStream* stream, int fd,
             Presentation& presentation) {
  std::vector<Cue> cues = stream == nullptr ? std::vector<Cue>() : stream->Finish();
  if (cues.empty()) {
    presentation.warnings.push_back(
        {"text_unreadable", NameOf(source) + " holds no text that can be read"});
    return {};
  }
  if (stream->is_cut()) {
    presentation.warnings.push_back(
        {"text_cut", NameOf(source) + " has more text than is taken; its end is missing"});
  }
  TextTrack track = Describe(source, planned);
  track.cues = static_cast<std::int64_t>(cues.size());
  const std::string text = subtitles::RenderWebVtt(std::move(cues));
  track.size = text.size();
  PENSTOCK_CHECK(WriteAll(fd, text));
  presentation.text_tracks.push_back(std::move(track));
  return {};
}

}  // namespace

Result<Presentation> WriteText(int source, const MediaInfo& info, const TranscodePlan& plan,
                               const Limits& limits, const std::vector<int>& files,
                               const ProgressCallback& progress) {
  PENSTOCK_TRY(const std::unique_ptr<Input> input, Input::Open(source, limits));
  AVFormatContext& format = input->format();
  for (unsigned i = 0; i < format.nb_streams; ++i) format.streams[i]->discard = AVDISCARD_ALL;
  std::list<TextStream> streams;
  for (const PlannedText& planned : plan.text) {
    const auto index = static_cast<unsigned>(planned.stream);
    if (planned.stream < 0 || index >= format.nb_streams) continue;
    CodecContextPtr codec = OpenDecoder(*format.streams[index]);
    if (codec == nullptr) continue;
    format.streams[index]->discard = AVDISCARD_DEFAULT;
    streams.emplace_back(*format.streams[index], std::move(codec));
  }
  PENSTOCK_CHECK(ReadPackets(*input, plan.origin.value_or(0), streams, progress));
  Presentation presentation;
  for (std::size_t i = 0; i < plan.text.size(); ++i) {
    const PlannedText& planned = plan.text[i];
    const StreamInfo* described = Find(info, planned.stream);
    if (described == nullptr) continue;
    const auto stream = std::find_if(streams.begin(), streams.end(), [&](const TextStream& each) {
      return each.index() == planned.stream;
    });
    PENSTOCK_CHECK(Write(*described, planned, stream == streams.end() ? nullptr : &*stream,
                         files[i], presentation));
  }
  ChooseDefault(presentation.text_tracks);
  if (progress) progress(100);
  return presentation;
}

}  // namespace penstock::transcoder
