#include "pipeline/output_set.h"

#include <fcntl.h>

#include "base/file.h"
#include "storage/object_layout.h"

namespace penstock::pipeline {
namespace {

constexpr const char* kPoster = "poster.jpg";
constexpr const char* kStoryboard = "storyboard.jpg";
constexpr const char* kWaveform = "waveform.json";

std::string FileName(const std::string& rendition) { return rendition + ".mp4"; }
std::string TextName(const std::string& track) { return track + ".vtt"; }

}  // namespace

Result<OutputSet> OutputSet::Make(const ScratchDirectory& scratch,
                                  const transcoder::TranscodePlan& plan) {
  PENSTOCK_TRY(TaskDirectory directory, TaskDirectory::Make(scratch));
  OutputSet set(std::move(directory));
  for (const auto& video : plan.video) {
    PENSTOCK_TRY(const int fd, set.Create(FileName(video.rung.name)));
    set.files_.video.push_back(fd);
  }
  for (const auto& audio : plan.audio) {
    PENSTOCK_TRY(const int fd, set.Create(FileName(audio.rung.name)));
    set.files_.audio.push_back(fd);
  }
  for (const auto& text : plan.text) {
    PENSTOCK_TRY(const int fd, set.Create(TextName(text.id)));
    set.files_.text.push_back(fd);
  }
  if (plan.poster) {
    PENSTOCK_TRY(set.files_.poster, set.Create(kPoster));
  }
  if (plan.storyboard) {
    PENSTOCK_TRY(set.files_.storyboard, set.Create(kStoryboard));
  }
  if (plan.waveform) {
    PENSTOCK_TRY(set.files_.waveform, set.Create(kWaveform));
  }
  return set;
}

Result<int> OutputSet::Create(const std::string& name) {
  PENSTOCK_TRY(UniqueFd fd, OpenFile(directory_.path() / name, O_RDWR | O_CREAT | O_EXCL));
  descriptors_.push_back(std::move(fd));
  return descriptors_.back().get();
}

Status OutputSet::Store(storage::ObjectStore& store, const media::AssetId& asset,
                        const std::string& recipe, media::Presentation& presentation) {
  const auto put = [&](const std::string& name) -> Result<std::string> {
    PENSTOCK_TRY(const auto key, storage::OutputKey(asset.text(), recipe, name));
    PENSTOCK_CHECK(store.PutFile(key, directory_.path() / name));
    return key.text();
  };
  for (media::Rendition& rendition : presentation.renditions) {
    PENSTOCK_TRY(std::string key, put(FileName(rendition.name)));
    rendition.objects = {std::move(key)};
  }
  for (media::TextTrack& track : presentation.text_tracks) {
    PENSTOCK_TRY(track.object, put(TextName(track.id)));
  }
  if (!presentation.poster_object.empty()) {
    PENSTOCK_TRY(presentation.poster_object, put(kPoster));
  }
  if (presentation.storyboard) {
    PENSTOCK_TRY(presentation.storyboard->object, put(kStoryboard));
  }
  if (!presentation.waveform_object.empty()) {
    PENSTOCK_TRY(presentation.waveform_object, put(kWaveform));
  }
  return {};
}

}  // namespace penstock::pipeline
