#include "transcoder/transcode_parts.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <utility>

#include "transcoder/libav.h"

namespace penstock::transcoder {
namespace {

using media::Millis;
using media::SourceIndex;
using Times = std::vector<std::int64_t>;

// The rung that is made first: quickly encoded, and good enough to begin with.
constexpr int kFirstRungHeight = 360;
constexpr std::int64_t kPicturesPerSecond = 25;
// Encoding AV1 takes as long as encoding so many times the pixels in H.264.
constexpr std::int64_t kCostOfAv1 = 3;
// Encoding sound takes as long as encoding pictures of this size.
constexpr std::int64_t kPixelsOfSound = 160LL * 90;
// Stills of key frames alone are near enough when these are no further apart.
constexpr std::int64_t kLongestStillDistance = 10LL * kTicksPerSecond;

// Splits (begin, end) where segments shall begin: at the key frame that makes the segment's length
// nearest to the wanted one, unless that is more than half as long again; then evenly.
Times Cuts(const Times& keys, std::int64_t begin, std::int64_t end, std::int64_t segment) {
  Times cuts;
  std::int64_t last = begin;
  const auto split_evenly = [&](std::int64_t until) {
    const std::int64_t pieces = std::max<std::int64_t>(1, (until - last + segment / 2) / segment);
    for (std::int64_t i = 1; i < pieces; ++i) cuts.push_back(last + (until - last) * i / pieces);
  };
  while (end - last > segment * 3 / 2) {
    const auto first = std::upper_bound(keys.begin(), keys.end(), last + segment / 2 - 1);
    const auto stop = std::lower_bound(keys.begin(), keys.end(), end - segment / 2 + 1);
    if (first >= stop) break;
    const auto distance = [&](std::int64_t key) { return std::abs(key - last - segment); };
    const auto nearest =
        std::min_element(first, stop, [&](auto a, auto b) { return distance(a) < distance(b); });
    if (*nearest - last > segment * 3 / 2) split_evenly(*nearest);
    cuts.push_back(*nearest);
    last = *nearest;
  }
  if (end - last > segment * 3 / 2) split_evenly(end);
  return cuts;
}

std::vector<std::pair<std::int64_t, std::int64_t>> Entries(const SourceIndex& index,
                                                           const Chunk& chunk) {
  std::vector<std::pair<std::int64_t, std::int64_t>> entries;
  for (std::size_t i = 0; i < std::min(index.key_frames.size(), index.positions.size()); ++i) {
    const std::int64_t time = index.key_frames[i];
    if (time >= chunk.begin && time < chunk.end) entries.emplace_back(time, index.positions[i]);
  }
  return entries;
}

std::int64_t LongestGap(const SourceIndex& index) {
  std::int64_t longest = 0;
  for (std::size_t i = 1; i < index.key_frames.size(); ++i) {
    longest = std::max(longest, index.key_frames[i] - index.key_frames[i - 1]);
  }
  return longest;
}

TranscodePlan Bare(const TranscodePlan& whole) {
  TranscodePlan part = whole;
  part.video.clear();
  part.audio.clear();
  part.text.clear();
  part.poster = part.storyboard = part.waveform = false;
  return part;
}

// The sound of each track on its own, that of the default one first. Tracks have their rungs one
// after the other.
std::vector<TranscodePlan> SoundParts(const TranscodePlan& whole) {
  std::vector<TranscodePlan> parts;
  for (const PlannedAudio& audio : whole.audio) {
    if (parts.empty() || parts.back().audio.front().track != audio.track) {
      parts.push_back(Bare(whole));
    }
    parts.back().audio.push_back(audio);
  }
  std::stable_partition(parts.begin(), parts.end(),
                        [](const TranscodePlan& part) { return part.audio.front().is_default; });
  return parts;
}

// The rung to begin with: of H.264 where there is one, which every player knows.
std::vector<PlannedVideo>::const_iterator FirstRung(const std::vector<PlannedVideo>& rungs) {
  const bool h264 = std::ranges::any_of(
      rungs, [](const auto& video) { return video.rung.codec == VideoCodec::kH264; });
  auto found = rungs.end();
  for (auto rung = rungs.begin(); rung != rungs.end(); ++rung) {
    if (h264 && rung->rung.codec != VideoCodec::kH264) continue;
    found = rung;
    if (rung->rung.height <= kFirstRungHeight) break;
  }
  return found;
}

// Appends the tracks that nobody hears who does not ask for them.
void AppendOthers(const std::vector<TranscodePlan>& sounds, std::vector<TranscodePlan>& parts) {
  if (!sounds.empty()) parts.insert(parts.end(), sounds.begin() + 1, sounds.end());
}

}  // namespace

std::vector<Chunk> PlanChunks(const SourceIndex& index, Millis segment_duration) {
  const std::int64_t segment = segment_duration.count() * (kTicksPerSecond / 1000);
  std::vector<Chunk> chunks(1);
  std::int64_t least = segment;
  for (const std::int64_t key : index.key_frames) {
    if (key - chunks.back().begin < least || index.end - key < segment / 2) continue;
    chunks.back().end = key;
    chunks.emplace_back().begin = key;
    least = 2 * segment;
  }
  if (index.key_frames.empty()) return chunks;
  for (Chunk& chunk : chunks) {
    chunk.cuts = Cuts(index.key_frames, chunk.begin, std::min(chunk.end, index.end), segment);
    chunk.entries = Entries(index, chunk);
  }
  return chunks;
}

std::vector<TranscodePlan> PlanParts(const TranscodePlan& plan, const SourceIndex& index) {
  const std::vector<Chunk> chunks = PlanChunks(index, plan.segment_duration);
  TranscodePlan whole = plan;
  whole.origin = index.origin;
  if (!whole.text.empty()) {
    // A part of its own: what is wrong with it costs nothing else.
    TranscodePlan text = Bare(whole);
    text.text = std::exchange(whole.text, {});
    std::vector<TranscodePlan> parts = PlanParts(whole, index);
    parts.insert(parts.begin() + std::min<std::ptrdiff_t>(2, std::ssize(parts)), std::move(text));
    return parts;
  }
  const std::vector<TranscodePlan> sounds = SoundParts(whole);
  std::vector<TranscodePlan> parts;
  if (whole.video.empty()) {
    // The stills and the waveform go with the sound.
    if (!sounds.empty()) whole.audio = sounds.front().audio;
    parts.push_back(std::move(whole));
    AppendOthers(sounds, parts);
    return parts;
  }
  if (chunks.size() == 1) {
    TranscodePlan pictures = whole;
    pictures.audio.clear();
    parts.push_back(std::move(pictures));
    parts.insert(parts.end(), sounds.begin(), sounds.end());
    return parts;
  }
  const auto pictures = [&](const Chunk& chunk) {
    TranscodePlan part = Bare(whole);
    part.video = whole.video;
    part.chunk = chunk;
    part.threads = 1;  // the chunks are done side by side
    return part;
  };
  TranscodePlan first = pictures(chunks.front());
  TranscodePlan others = first;
  const auto rung = FirstRung(first.video);
  others.video.erase(others.video.begin() + (rung - first.video.cbegin()));
  first.video = {PlannedVideo(*rung)};
  parts.push_back(std::move(first));
  if (!sounds.empty()) parts.push_back(sounds.front());
  if (!others.video.empty()) parts.push_back(std::move(others));
  AppendOthers(sounds, parts);
  if (whole.poster || whole.storyboard) {
    TranscodePlan stills = Bare(whole);
    stills.poster = whole.poster;
    stills.storyboard = whole.storyboard;
    stills.threads = 1;
    const std::int64_t interval = whole.tile_interval.count() * (kTicksPerSecond / 1000);
    stills.only_key_frames = LongestGap(index) <= std::max(interval, kLongestStillDistance);
    parts.push_back(std::move(stills));
  }
  for (std::size_t i = 1; i < chunks.size(); ++i) parts.push_back(pictures(chunks[i]));
  return parts;
}

std::int64_t CostOf(const TranscodePlan& part, const SourceIndex& index, Millis duration) {
  std::int64_t pixels = 0;
  for (const PlannedVideo& video : part.video) {
    if (video.copied) continue;
    const std::int64_t weight = video.rung.codec == VideoCodec::kAv1 ? kCostOfAv1 : 1;
    pixels += weight * video.width * video.height;
  }
  if (!part.audio.empty()) pixels += kPixelsOfSound;
  std::int64_t millis = duration.count();
  if (part.chunk) {
    const std::int64_t end = std::min(part.chunk->end, std::max(index.end, part.chunk->begin));
    millis = (end - part.chunk->begin) / (kTicksPerSecond / 1000);
  }
  return 1 + pixels / 1000 * millis * kPicturesPerSecond / 1000;
}

}  // namespace penstock::transcoder
