#include "config/config.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "tests/support/temporary_directory.h"

namespace penstock::config {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string Problem(std::string_view toml, const std::vector<std::string>& environment = {}) {
  const auto config = ParseConfig(toml, "penstock.toml", environment);
  return config ? "" : config.error().message;
}

TEST(Config, AnEmptyFileGivesTheDefaults) {
  EXPECT_EQ(DumpConfig(ParseConfig("", "penstock.toml", {}).value()), DumpConfig(Config()));
}

TEST(Config, ReadsEveryTypeOfValue) {
  const auto config = ParseConfig(R"(
[server]
listen = "[::]:80"
max_connections = 7
[upload]
max_size = 65536
expire_after = "90m"
[sandbox]
enabled = false
memory = "1GiB"
[transcode]
rungs = ["480p:900k"]
)",
                                  "penstock.toml", {});
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->server.listen, "[::]:80");
  EXPECT_EQ(config->server.max_connections, 7);
  EXPECT_EQ(config->upload.max_size.bytes(), 65'536U);
  EXPECT_EQ(config->upload.expire_after, Duration::Seconds(5400));
  EXPECT_FALSE(config->sandbox.enabled);
  EXPECT_EQ(config->sandbox.memory, ByteSize::Gibibytes(1));
  EXPECT_EQ(config->transcode.rungs, std::vector<std::string>{"480p:900k"});
  EXPECT_EQ(config->transcode.audio_bit_rate, "128k");
}

TEST(Config, AnUnknownKeyIsNamedWithItsLine) {
  EXPECT_EQ(Problem("[server]\n\nlistn = \"x\"\n"),
            "penstock.toml:3: the key server.listn is not known");
  EXPECT_EQ(Problem("\nlisten = \"x\"\n"), "penstock.toml:2: the key listen is not known");
  EXPECT_EQ(Problem("[log]\n\"\" = 1\n"), "penstock.toml:2: the key log. is not known");
  EXPECT_EQ(Problem("[servr]\n"), "penstock.toml:1: the section [servr] is not known");
  EXPECT_EQ(Problem("[server.listen]\n"),
            "penstock.toml:1: server.listen must be text without control characters");
  EXPECT_EQ(Problem("[[server]]\n"), "penstock.toml:1: the key server is not known");
  EXPECT_EQ(ParseConfig("[log]\nlvel = 1", "f", {}).error().code, "unknown_key");
  EXPECT_EQ(ParseConfig("[log]\nlvel = 1", "f", {}).error().field, "log.lvel");
}

TEST(Config, AProfileIsASectionOfItsOwn) {
  const auto config = ParseConfig(R"(
[transcode]
profile = "thrifty"
[profiles.thrifty]
codec = "h264"
preset = "slow"
rungs = ["360p:600k"]
[profiles.av1]
crf = 40
)",
                                  "penstock.toml", {"PENSTOCK_PROFILES_AV1_PRESET=12"},
                                  {{"profiles.second-one.codec", "av1"}});
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->transcode.profile, "thrifty");
  EXPECT_EQ(config->profiles.size(), 3U);
  EXPECT_EQ(config->profiles.at("thrifty").preset, "slow");
  EXPECT_EQ(config->profiles.at("thrifty").rungs, std::vector<std::string>{"360p:600k"});
  EXPECT_TRUE(config->profiles.at("thrifty").fallback_rungs.empty());
  EXPECT_EQ(config->profiles.at("av1").crf, 40);
  EXPECT_EQ(config->profiles.at("av1").preset, "12");
  EXPECT_EQ(config->profiles.at("av1").codec, "av1");
  EXPECT_EQ(config->profiles.at("second-one").codec, "av1");
  EXPECT_THAT(DumpConfig(*config), HasSubstr("\n[profiles.thrifty]\ncodec = \"h264\"\n"));
}

TEST(Config, AProfileMaySayNothing) {
  EXPECT_EQ(Problem("[transcode]\nprofile = \"mine\"\n[profiles.mine]\n"), "");
}

TEST(Config, AProfileThatIsNotThereIsAMistake) {
  EXPECT_EQ(Problem("[transcode]\nprofile = \"vp9\"\n"),
            "transcode.profile must be one of the known profiles: h264, av1");
}

TEST(Config, AProfileHasAFittingNameAndKnownKeys) {
  EXPECT_EQ(Problem("[profiles.AV1]\n"),
            "penstock.toml:1: the section [profiles.AV1] is not known");
  EXPECT_EQ(Problem("[profiles.h264]\n"),
            "penstock.toml:1: the profile h264 is what [transcode] says");
  EXPECT_EQ(Problem("[profiles]\nav1 = 1\n"), "penstock.toml:2: the key profiles.av1 is not known");
  EXPECT_EQ(Problem("[profiles.av1]\ncrv = 1\n"),
            "penstock.toml:2: the key profiles.av1.crv is not known");
}

TEST(Config, AProfileFitsItsCodec) {
  EXPECT_EQ(Problem("[profiles.av1]\npreset = \"veryfast\"\n"),
            "profiles.av1.preset must be a preset of SVT-AV1, from \"0\" to \"13\"");
  EXPECT_EQ(Problem("[profiles.av1]\nrungs = [\"48p:100k\"]\n"),
            "profiles.av1.rungs must be of 64 lines or more with the codec av1");
  EXPECT_EQ(Problem("[profiles.a]\npreset = \"10\"\n"),
            "profiles.a.preset must be a preset of x264, from ultrafast to veryslow");
  EXPECT_EQ(Problem("[profiles.a]\ncrf = 52\n"),
            "profiles.a.crf must be from 1 to 51 with the codec h264");
  EXPECT_EQ(
      Problem("[profiles.a]\nfallback_rungs = [\"360p:1k\"]\n"),
      "profiles.a.fallback_rungs must be empty with the codec h264, which every player knows");
  EXPECT_EQ(Problem("[profiles.a]\ncodec = \"vp9\"\n"),
            "penstock.toml:2: profiles.a.codec must be h264 or av1");
  EXPECT_EQ(Problem("[profiles.av1]\nrungs = [\"720\"]\n"),
            std::string("penstock.toml:2: profiles.av1.rungs must be a list of height and bit ") +
                "rate, such as 720p:2800k, from the highest down");
}

TEST(Config, EveryMistakeIsToldWithItsPlaceKeyAndRule) {
  const auto config = ParseConfig(
      "[upload]\nzzz = 1\nmax_size = 0\n[log]\nlevel = 7\n[colours]\nred = 1\n", "p.toml",
      {"PENSTOCK_PIPELINE_WORKERS=-1"}, {{"server.listen", "nowhere"}, {"a.b", "c"}});
  ASSERT_FALSE(config.has_value());
  EXPECT_EQ(config.error().code, "invalid_configuration");
  EXPECT_EQ(config.error().message,
            "the configuration has 7 mistakes:\n"
            "  p.toml:2: the key upload.zzz is not known\n"
            "  p.toml:3: upload.max_size must be greater than zero\n"
            "  p.toml:5: log.level must be text without control characters\n"
            "  p.toml:6: the section [colours] is not known\n"
            "  PENSTOCK_PIPELINE_WORKERS: pipeline.workers must be from 0 to 1024\n"
            "  server.listen must be address:port, such as 127.0.0.1:8080 or [::]:8080\n"
            "  the key a.b is not known");
}

TEST(Config, AFileThatIsNotTomlHidesNoMistakeOfTheEnvironment) {
  EXPECT_THAT(Problem("[log\n", {"PENSTOCK_LOG_LEVEL=loud"}),
              AllOf(HasSubstr("this is not TOML"), HasSubstr("PENSTOCK_LOG_LEVEL: log.level")));
}

TEST(Config, TextThatIsNotTomlIsNamedWithItsLine) {
  EXPECT_THAT(Problem("[server]\nlisten = \n"), HasSubstr("penstock.toml:2: this is not TOML: "));
  EXPECT_THAT(Problem("[log]\nlevel = \"info\"\nlevel = \"info\"\n"),
              HasSubstr("penstock.toml:3:"));
  for (const char* text :
       {"\xFF", "[.log]", "[[.log]]", "[", "[[", "[]", "= 1", "[log", "a = [[[["}) {
    EXPECT_THAT(Problem(text), HasSubstr("penstock.toml:1: this is not TOML: ")) << text;
  }
}

struct RuleCase {
  const char* key;
  const char* toml;  // refused
  const char* rule;
};

class ConfigRules : public ::testing::TestWithParam<RuleCase> {};

TEST_P(ConfigRules, RefuseWithFileLineKeyAndRule) {
  const RuleCase& c = GetParam();
  const std::string_view key = c.key;
  const std::size_t dot = key.find('.');
  const auto config = ParseConfig(std::string("[") + std::string(key.substr(0, dot)) + "]\n" +
                                      std::string(key.substr(dot + 1)) + " = " + c.toml,
                                  "p.toml", {});
  ASSERT_FALSE(config.has_value());
  EXPECT_EQ(config.error().kind, ErrorKind::kInvalidArgument);
  EXPECT_EQ(config.error().code, "invalid_configuration");
  EXPECT_EQ(config.error().message, "p.toml:2: " + std::string(c.key) + " must be " + c.rule);
  EXPECT_EQ(config.error().field, c.key);
  EXPECT_EQ(config.error().rule, c.rule);
}

constexpr const char* kText = "text without control characters";
constexpr const char* kListen = "address:port, such as 127.0.0.1:8080 or [::]:8080";
constexpr const char* kRungList =
    "a list of height and bit rate, such as 720p:2800k, from the highest down";
constexpr const char* kRateList =
    "a list of bit rates in thousands, such as 128k, from the highest down";
constexpr const char* kUrl = "empty, or http://... or https://... without a slash at its end";
constexpr const char* kDuration = "a duration, such as \"250ms\", \"20s\" or \"24h\"";
constexpr const char* kSize = "a size, such as \"512MiB\" or \"64GiB\"";

INSTANTIATE_TEST_SUITE_P(
    Types, ConfigRules,
    ::testing::Values(RuleCase{"server.listen", "8080", kText},
                      RuleCase{"server.web_root", "\"a\\u0000b\"", kText},
                      RuleCase{"server.max_connections", "\"7\"", "a whole number"},
                      RuleCase{"server.max_connections", "7.0", "a whole number"},
                      RuleCase{"server.drain_timeout", "10", kDuration},
                      RuleCase{"server.drain_timeout", "\"-1s\"", kDuration},
                      RuleCase{"upload.max_size", "\"1MB\"", kSize},
                      RuleCase{"upload.max_size", "-1", kSize},
                      RuleCase{"upload.max_size", "1979-05-27", kSize},
                      RuleCase{"sandbox.enabled", "1", "true or false"},
                      RuleCase{"transcode.rungs", "\"720p:2800k\"", "a list of texts"},
                      RuleCase{"transcode.rungs", "[\"720p:2800k\", 1]", "a list of texts"}));

INSTANTIATE_TEST_SUITE_P(
    Ranges, ConfigRules,
    ::testing::Values(
        RuleCase{"server.listen", "\"\"", kListen}, RuleCase{"server.listen", "\":8080\"", kListen},
        RuleCase{"server.listen", "\"localhost\"", kListen},
        RuleCase{"server.listen", "\"127.0.0.1:65536\"", kListen},
        RuleCase{"server.listen", "\"127.0.0.1:-1\"", kListen},
        RuleCase{"server.listen", "\"127.0.0.1:80x\"", kListen},
        RuleCase{"server.listen", "\"::1:80\"", kListen},
        RuleCase{"server.public_url", "\"media.example\"", kUrl},
        RuleCase{"server.public_url", "\"https://media.example/\"", kUrl},
        RuleCase{"server.max_connections", "0", "from 1 to 1000000"},
        RuleCase{"log.level", "\"loud\"", "one of debug, info, warning, error"},
        RuleCase{"storage.data", "\"\"", "not empty"},
        RuleCase{"storage.url", "\"file://relative\"", "empty, or file:///absolute/path"},
        RuleCase{"catalog.url", "\"mysql:///x\"", "empty, or sqlite:///absolute/path"},
        RuleCase{"upload.max_size", "0", "greater than zero"},
        RuleCase{"upload.expire_after", "\"0s\"", "greater than zero"},
        RuleCase{"pipeline.workers", "-1", "from 0 to 1024"},
        RuleCase{"pipeline.max_attempts", "0", "from 1 to 1000000"},
        RuleCase{"sandbox.max_pixels", "0", "greater than zero"}));

INSTANTIATE_TEST_SUITE_P(
    Transcode, ConfigRules,
    ::testing::Values(
        RuleCase{"transcode.preset", "\"warp\"", "a preset of x264, from ultrafast to veryslow"},
        RuleCase{"transcode.segment_duration", "\"999ms\"", "from 1s to 10s"},
        RuleCase{"transcode.segment_duration", "\"11s\"", "from 1s to 10s"},
        RuleCase{"transcode.loudness_target", "-9", "from -40 to -10 (LUFS), or 0 for none"},
        RuleCase{"transcode.rungs", "[]", kRungList},
        RuleCase{"transcode.rungs", "[\"720:2800k\"]", kRungList},
        RuleCase{"transcode.rungs", "[\"720p:2800\"]", kRungList},
        RuleCase{"transcode.rungs", "[\"720p\"]", kRungList},
        RuleCase{"transcode.rungs", "[\"p:2800k\"]", kRungList},
        RuleCase{"transcode.rungs", "[\"0p:2800k\"]", kRungList},
        RuleCase{"transcode.rungs", "[\"720p:0k\"]", kRungList},
        RuleCase{"transcode.rungs", "[\"480p:1k\", \"720p:2k\"]", kRungList},
        RuleCase{"transcode.rungs", "[\"480p:1k\", \"480p:1k\"]", kRungList},
        RuleCase{"transcode.audio_rungs", "[]", kRateList},
        RuleCase{"transcode.audio_rungs", "[\"128\"]", kRateList},
        RuleCase{"transcode.audio_rungs", "[\"64k\", \"128k\"]", kRateList},
        RuleCase{"transcode.audio_bit_rate", "\"fast\"", "a bit rate in thousands, such as 128k"}));

TEST(Config, TheEnvironmentWinsOverTheFile) {
  const auto config =
      ParseConfig("[server]\nlisten = \"127.0.0.1:1\"\nmax_connections = 5\n", "f",
                  {"HOME=/", "PENSTOCK_SERVER_LISTEN=0.0.0.0:2",
                   "PENSTOCK_TRANSCODE_RUNGS=720p:2800k, 360p:800k",
                   "PENSTOCK_SANDBOX_ENABLED=false", "PENSTOCK_UPLOAD_MAX_SIZE=1GiB"});
  ASSERT_TRUE(config.has_value()) << config.error().message;
  EXPECT_EQ(config->server.listen, "0.0.0.0:2");
  EXPECT_EQ(config->server.max_connections, 5);
  EXPECT_EQ(config->transcode.rungs, (std::vector<std::string>{"720p:2800k", "360p:800k"}));
  EXPECT_FALSE(config->sandbox.enabled);
  EXPECT_EQ(config->upload.max_size, ByteSize::Gibibytes(1));
}

TEST(Config, AMistakeInTheEnvironmentNamesTheVariable) {
  EXPECT_EQ(Problem("", {"PENSTOCK_LOG_LEVEL=loud"}),
            "PENSTOCK_LOG_LEVEL: log.level must be one of debug, info, warning, error");
  EXPECT_EQ(Problem("", {"PENSTOCK_SERVER_LISTN=x"}),
            "environment: the key PENSTOCK_SERVER_LISTN is not known");
}

TEST(Config, VariablesThatNameNoSectionAreNotOurs) {
  EXPECT_EQ(Problem("", {"PENSTOCK_TOKEN=x", "PENSTOCK_=", "PENSTOCK", "PENSTOCKLOG_LEVEL=x", ""}),
            "");
}

TEST(Config, AFlagSetsOneKey) {
  Config config;
  ASSERT_TRUE(SetConfigKey(config, "storage.data", "/srv/penstock").has_value());
  ASSERT_TRUE(SetConfigKey(config, "pipeline.workers", "3").has_value());
  EXPECT_EQ(config.storage.data, "/srv/penstock");
  EXPECT_EQ(config.pipeline.workers, 3);
}

TEST(Config, AFlagThatIsRefusedChangesNothing) {
  Config config;
  const std::string before = DumpConfig(config);
  for (const auto& [key, value] :
       {std::pair("pipeline.workers", "-3"), std::pair("pipeline.workers", "3x"),
        std::pair("pipeline.workers", ""), std::pair("sandbox.enabled", "yes"),
        std::pair("transcode.rungs", ""), std::pair("transcode.rungs", "720p:1k,,360p:1k"),
        std::pair("server.listen", "8080")}) {
    const Status status = SetConfigKey(config, key, value);
    ASSERT_FALSE(status.has_value()) << key << "=" << value;
    EXPECT_EQ(status.error().kind, ErrorKind::kInvalidArgument);
    EXPECT_EQ(status.error().field, key);
  }
  for (const char* key : {"", ".", "server", "server.", ".listen", "server.listen.x", "a.b"}) {
    const Status status = SetConfigKey(config, key, "x");
    ASSERT_FALSE(status.has_value()) << key;
    EXPECT_EQ(status.error().code, "unknown_key");
  }
  EXPECT_EQ(DumpConfig(config), before);
}

TEST(Config, TheDumpParsesBackWhateverTheTextsHold) {
  Config config;
  config.storage.data = "/srv/\"a\\b\"/\xC3\xA4 'x' #";
  config.upload.max_size = ByteSize::Parse("1001").value();
  config.transcode.rungs = {"480p:1k"};
  const std::string dump = DumpConfig(config);
  const auto again = ParseConfig(dump, "dump", {});
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(again->storage.data, config.storage.data);
  EXPECT_EQ(DumpConfig(*again), dump);
}

TEST(LoadConfig, ReadsTheFileAndNamesItInErrors) {
  const testing::TemporaryDirectory directory;
  const std::filesystem::path file = directory.path() / "my.toml";
  std::ofstream(file) << "[log]\nlevel = \"error\"\n";
  EXPECT_EQ(LoadConfig(file)->log.level, "error");
  std::ofstream(file) << "[log]\nlevel = 3\n";
  EXPECT_THAT(LoadConfig(file).error().message, HasSubstr("my.toml:2: log.level must be text"));
}

TEST(LoadConfig, AMissingFileIsAnError) {
  const auto config = LoadConfig("/nonexistent/penstock.toml");
  ASSERT_FALSE(config.has_value());
  EXPECT_EQ(config.error().kind, ErrorKind::kNotFound);
  EXPECT_THAT(config.error().message, HasSubstr("/nonexistent/penstock.toml"));
}

TEST(LoadConfig, ReadsTheEnvironmentOfTheProcess) {
  setenv("PENSTOCK_LOG_LEVEL", "debug", 1);
  EXPECT_EQ(LoadConfig(std::nullopt)->log.level, "debug");
  unsetenv("PENSTOCK_LOG_LEVEL");
  EXPECT_EQ(LoadConfig(std::nullopt)->log.level, "info");
}

}  // namespace
}  // namespace penstock::config
