// A source in parts, and what was made of them, put together as a player does.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "tests/transcoder/media_files.h"
#include "transcoder/copy_through.h"
#include "transcoder/decode.h"
#include "transcoder/transcode_parts.h"

namespace penstock::transcoder {

// Looks at nothing.
class Blind final : public media::VideoFrameConsumer {
 public:
  media::Millis SampleInterval() const override { return media::Millis(250); }
  int LongSide() const override { return 16; }
  Status ConsumeFrame(const media::GrayFrame&) override { return {}; }
};

class PartsTest : public ::testing::Test {
 protected:
  void Make(const std::string& name, const std::string& arguments) {
    source_ = testing::MakeMedia(directory_, name, arguments);
    whole_ = testing::TranscodeFile(directory_, source_, profile_);
    ASSERT_TRUE(whole_.presentation.has_value()) << whole_.presentation.error().message;
    const UniqueFd fd = testing::OpenForReading(source_);
    Blind blind;
    const auto index = Decode(fd.get(), whole_.info, {}, {}, &blind, {});
    ASSERT_TRUE(index.has_value()) << index.error().message;
    index_ = *index;
    TranscodePlan plan = whole_.plan;
    if (copies_) CopyThrough(whole_.info, index_, profile_, plan);
    parts_ = PlanParts(plan, index_);
    for (std::size_t i = 0; i < parts_.size(); ++i) Run(i, fd.get());
  }

  // Makes parts anew and counts those that are refused by this code; nothing else may fail.
  int CountRefused(const std::filesystem::path& source, const media::MediaInfo& info,
                   const std::vector<TranscodePlan>& parts, std::string_view code) {
    const UniqueFd fd = testing::OpenForReading(source);
    int refused = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto directory = directory_.path() / ("again" + std::to_string(i));
      const testing::OutputDirectory outputs(directory, parts[i]);
      const auto made = Transcode(fd.get(), info, parts[i], {}, outputs.files(), {});
      if (made) continue;
      EXPECT_EQ(made.error().code, code);
      ++refused;
    }
    return refused;
  }

  std::filesystem::path Joined(const std::string& rendition) const {
    return directory_.path() / ("joined-" + rendition + ".mp4");
  }

  LadderProfile profile_ = testing::SmallProfile();
  bool copies_ = false;  // the top rung where it can be
  testing::TemporaryDirectory directory_;
  std::filesystem::path source_;
  testing::Transcoded whole_;
  media::SourceIndex index_;
  std::vector<TranscodePlan> parts_;
  std::vector<media::Presentation> made_;
  std::map<std::string, std::string> inits_;

 private:
  void Run(std::size_t number, int source) {
    const TranscodePlan& part = parts_[number];
    const auto directory = directory_.path() / ("part" + std::to_string(number));
    const testing::OutputDirectory outputs(directory, part);
    auto presentation = Transcode(source, whole_.info, part, {}, outputs.files(), {});
    ASSERT_TRUE(presentation.has_value()) << presentation.error().message;
    for (const auto& rendition : presentation->renditions) {
      const UniqueFd file = testing::OpenForReading(directory / (rendition.name + ".mp4"));
      const auto init = ReadAt(file.get(), rendition.init.offset, rendition.init.length);
      ASSERT_TRUE(init.has_value());
      const bool first = inits_.emplace(rendition.name, *init).second;
      EXPECT_EQ(inits_[rendition.name], *init) << rendition.name << " of part " << number;
      std::ofstream out(Joined(rendition.name), first ? std::ios::binary : std::ios::app);
      if (first) out << *init;
      for (const auto& segment : rendition.segments) {
        out << *ReadAt(file.get(), segment.bytes.offset, segment.bytes.length);
      }
    }
    made_.push_back(std::move(*presentation));
  }
};

}  // namespace penstock::transcoder
