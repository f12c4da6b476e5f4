#include "transcoder/storyboard_sheet.h"

extern "C" {
#include <libavutil/imgutils.h>
}

#include <algorithm>
#include <cstring>

#include "transcoder/still.h"

namespace penstock::transcoder {

Status StoryboardSheet::MakeSheet() {
  const int columns = std::min(plan_.storyboard_columns, plan_.storyboard_tiles);
  const int rows = (plan_.storyboard_tiles + columns - 1) / columns;
  sheet_.reset(av_frame_alloc());
  if (sheet_ != nullptr) {
    sheet_->format = AV_PIX_FMT_YUVJ420P;
    sheet_->width = columns * plan_.tile_width;
    sheet_->height = rows * plan_.tile_height;
    sheet_->color_range = AVCOL_RANGE_JPEG;
  }
  if (sheet_ == nullptr || av_frame_get_buffer(sheet_.get(), 0) < 0) {
    sheet_.reset();
    return Error(ErrorKind::kInternal, "make the storyboard: out of memory");
  }
  for (int plane = 0; plane < 3; ++plane) {
    const int lines = plane == 0 ? sheet_->height : sheet_->height / 2;
    std::memset(sheet_->data[plane], plane == 0 ? 0 : 128,
                std::size_t(sheet_->linesize[plane]) * std::size_t(lines));
  }
  return {};
}

void StoryboardSheet::Place(const AVFrame& tile) {
  const int columns = sheet_->width / plan_.tile_width;
  const int left = filled_ % columns * plan_.tile_width;
  const int top = filled_ / columns * plan_.tile_height;
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    std::uint8_t* target = sheet_->data[plane] +
                           std::ptrdiff_t{top >> shift} * sheet_->linesize[plane] + (left >> shift);
    av_image_copy_plane(target, sheet_->linesize[plane], tile.data[plane], tile.linesize[plane],
                        plan_.tile_width >> shift, plan_.tile_height >> shift);
  }
  ++filled_;
}

Status StoryboardSheet::Offer(const AVFrame& frame) {
  const std::int64_t interval =
      std::max<std::int64_t>(1, plan_.tile_interval.count() * (kTicksPerSecond / 1000));
  if (filled_ >= plan_.storyboard_tiles || frame.pts < filled_ * interval) return {};
  if (sheet_ == nullptr) PENSTOCK_CHECK(MakeSheet());
  PENSTOCK_TRY(const FramePtr tile, ScaleForJpeg(frame, plan_.tile_width, plan_.tile_height));
  while (filled_ < plan_.storyboard_tiles && frame.pts >= filled_ * interval) Place(*tile);
  // A work that starts late still shows its first picture first.
  if (filled_ == 0) Place(*tile);
  return {};
}

Result<std::optional<media::Storyboard>> StoryboardSheet::Finish(int fd) {
  if (filled_ == 0) return std::optional<media::Storyboard>();
  const int columns = sheet_->width / plan_.tile_width;
  sheet_->height = (filled_ + columns - 1) / columns * plan_.tile_height;
  PENSTOCK_CHECK(WriteJpeg(fd, *sheet_));
  media::Storyboard storyboard;
  storyboard.tile_width = plan_.tile_width;
  storyboard.tile_height = plan_.tile_height;
  storyboard.columns = columns;
  storyboard.count = filled_;
  storyboard.interval = plan_.tile_interval;
  return std::optional(std::move(storyboard));
}

}  // namespace penstock::transcoder
