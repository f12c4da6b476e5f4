// config/penstock.toml is the reference of the configuration: it holds every key, with its default
// and a comment.
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "base/file.h"
#include "config/config.h"

namespace penstock::config {
namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string ReferenceText() { return ReadFile(PENSTOCK_CONFIG_FILE, 1 << 20).value(); }

TEST(ReferenceFile, HoldsEveryKeyWithItsDefaultAndNoOther) {
  std::vector<std::string> in_file;
  for (const std::string& line : Lines(ReferenceText())) {
    if (!line.empty() && line[0] != '#') in_file.push_back(line);
  }
  std::vector<std::string> in_structs;
  for (const std::string& line : Lines(DumpConfig(Config()))) {
    if (!line.empty()) in_structs.push_back(line);
  }
  EXPECT_EQ(in_file, in_structs);
}

TEST(ReferenceFile, ParsesToTheDefaults) {
  const auto config = ParseConfig(ReferenceText(), "penstock.toml", {});
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(DumpConfig(*config), DumpConfig(Config()));
}

TEST(ReferenceFile, ExplainsEveryKey) {
  std::string before;
  for (const std::string& line : Lines(ReferenceText())) {
    const bool is_key = !line.empty() && line[0] != '#' && line[0] != '[';
    if (is_key) {
      EXPECT_TRUE(before.starts_with("# ")) << line;
    }
    before = line;
  }
}

// Converts to any member, so that the number of members can be counted.
struct Anything {
  template <typename T>
  operator T() const;  // NOLINT: only its type is used
};
template <typename T, typename... Members>
constexpr std::size_t CountMembers() {
  if constexpr (requires { T{Members{}..., Anything{}}; }) {
    return CountMembers<T, Members..., Anything>();
  } else {
    return sizeof...(Members);
  }
}

TEST(ReferenceFile, NoMemberOfTheStructsIsForgotten) {
  std::map<std::string, std::size_t> keys;
  std::string section;
  for (const std::string& line : Lines(DumpConfig(Config()))) {
    if (line.starts_with('[')) {
      section = line;
    } else if (!line.empty()) {
      ++keys[section];
    }
  }
  EXPECT_EQ(keys, (std::map<std::string, std::size_t>{
                      {"[server]", CountMembers<ServerConfig>()},
                      {"[log]", CountMembers<LogConfig>()},
                      {"[storage]", CountMembers<StorageConfig>()},
                      {"[catalog]", CountMembers<CatalogConfig>()},
                      {"[upload]", CountMembers<UploadConfig>()},
                      {"[pipeline]", CountMembers<PipelineConfig>()},
                      {"[sandbox]", CountMembers<SandboxConfig>()},
                      {"[transcode]", CountMembers<TranscodeConfig>()},
                      {"[profiles.av1]", CountMembers<ProfileConfig>()},
                      {"[text_tracks]", CountMembers<TextTracksConfig>()},
                      {"[rights]", CountMembers<RightsConfig>()},
                      {"[lists]", CountMembers<ListsConfig>()},
                  }));
  EXPECT_EQ(keys.size(), CountMembers<Config>());
}

}  // namespace
}  // namespace penstock::config
