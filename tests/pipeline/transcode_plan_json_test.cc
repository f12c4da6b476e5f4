#include "pipeline/transcode_plan_json.h"

#include <gtest/gtest.h>

namespace penstock::pipeline {
namespace {

// Every member has a value of its own that is not its default.
TEST(TranscodePlanText, KeepsEveryMember) {
  const std::string text =
      R"({"audio":[{"channels":1,"is_default":true,"rung":{"bit_rate":64000,"codec":"opus","name":"audio-64k"},)"
      R"("sample_rate":44100,"stream":2,"track":1}],)"
      R"("chunk":{"begin":90000,"cuts":[180000,270000],"end":360000,)"
      R"("entries":[[90000,4711],[180000,9422]]},"loudness_target":-16.0,)"
      R"("only_key_frames":true,)"
      R"("origin":-126000,"poster":true,"preset":"slow","segment_duration_ms":2000,)"
      R"("still_height":10,"still_width":11,"storyboard":true,"storyboard_columns":5,)"
      R"("storyboard_tiles":12,"text":[{"id":"s2","stream":2}],"threads":3,"tile_height":13,"tile_interval_ms":1500,)"
      R"("tile_width":14,"video":[{"color_matrix":1,"color_primaries":9,"color_transfer":16,)"
      R"("copied":true,"height":360,"rung":{"codec":"av1","crf":24,"height":361,)"
      R"("max_bit_rate":800000,"name":"360p","preset":"11"},)"
      R"("width":640}],"waveform":true})";
  const auto plan = PlanFromText(text);
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  EXPECT_EQ(plan->origin, -126000);
  EXPECT_EQ(plan->tile_interval, media::Millis(1500));
  ASSERT_TRUE(plan->chunk.has_value());
  EXPECT_EQ(plan->chunk->end, 360000);
  EXPECT_EQ(PlanToText(*plan), text);
}

TEST(TranscodePlanText, NeedsNeitherOriginNorChunk) {
  const auto plan = PlanFromText(PlanToText({}));
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  EXPECT_FALSE(plan->origin.has_value());
  EXPECT_FALSE(plan->chunk.has_value());
}

TEST(TranscodePlanText, OfBeforeIsOfTheFirstSound) {
  std::string text = PlanToText({});
  text.replace(text.find(R"("audio":[])"), 10,
               R"("audio":[{"channels":1,"rung":{"bit_rate":64000,"name":"audio-64k"},)"
               R"("sample_rate":44100}])");
  const auto plan = PlanFromText(text);
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  EXPECT_EQ(plan->audio[0].stream, -1);
  EXPECT_EQ(plan->audio[0].sample_rate, 44100);
}

TEST(TranscodePlanText, OfBeforeIsOfH264AndAac) {
  std::string text = PlanToText({});
  text.replace(text.find(R"("video":[])"), 10,
               R"("video":[{"height":360,"rung":{"crf":24,"height":360,"max_bit_rate":800000,)"
               R"("name":"360p"},"width":640}])");
  const auto plan = PlanFromText(text);
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  EXPECT_EQ(plan->video[0].rung.codec, transcoder::VideoCodec::kH264);
  EXPECT_EQ(plan->video[0].rung.crf, 24);
}

TEST(TranscodePlanText, OfATimeWithoutWaveformsIsRead) {
  std::string text = PlanToText({});
  const std::string member = R"(,"waveform":false)";
  text.erase(text.find(member), member.size());
  const auto plan = PlanFromText(text);
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  EXPECT_FALSE(plan->waveform);
}

TEST(TranscodePlanText, OfAnotherFormIsAnError) {
  EXPECT_FALSE(PlanFromText("{}").has_value());
  EXPECT_FALSE(PlanFromText("no json").has_value());
}

}  // namespace
}  // namespace penstock::pipeline
