// The configuration: plain structs whose initial values are the defaults of config/penstock.toml.
//
// Sources, the later wins: the file, the environment (PENSTOCK_<SECTION>_<KEY>), flags. An unknown
// key, a wrong type or a value out of range is a mistake that is told with the file's line, the key
// and the rule; all of them are told at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/values.h"

namespace penstock::config {

struct ServerConfig {
  std::string listen = "127.0.0.1:8080";  // address:port
  std::string public_url;                 // how browsers reach us; empty: http://<listen>
  std::string web_root;  // the built web application; empty: found beside the program
  std::int64_t max_connections = 2000;
  std::int64_t max_connections_per_address = 256;
  Duration body_timeout = Duration::Seconds(30);
  ByteSize min_body_rate = ByteSize::Kibibytes(1);  // a second, over body_timeout
  Duration drain_timeout = Duration::Seconds(10);
};

struct LogConfig {
  std::string level = "info";
};

struct StorageConfig {
  std::string data = "data";                     // directory of everything that is kept
  std::string url;                               // object store; empty: file://<data>/objects
  ByteSize min_free = ByteSize::Mebibytes(512);  // below this, uploads get 507
};

struct CatalogConfig {
  std::string url;  // empty: sqlite:///<data>/catalog.db
};

struct UploadConfig {
  ByteSize max_size = ByteSize::Gibibytes(64);
  Duration expire_after = Duration::Hours(24);  // unfinished uploads, since their last byte
};

struct PipelineConfig {
  std::int64_t workers = 0;  // tasks at once; 0: one a core
  Duration lease = Duration::Seconds(20);
  Duration sweep_interval = Duration::Seconds(2);
  std::int64_t max_attempts = 3;  // of one task, before its asset is errored
  ByteSize memory =
      ByteSize::Kibibytes(0);  // planned, of all tasks at once; 0: three quarters of what there is
  ByteSize low_water = ByteSize::Mebibytes(256);   // of free disk; below, tasks wait
  ByteSize high_water = ByteSize::Mebibytes(384);  // of free disk; from there on, they go on
};

// Budgets of one sandboxed task over foreign media.
struct SandboxConfig {
  bool enabled = true;
  ByteSize memory = ByteSize::Gibibytes(4);
  Duration cpu_time = Duration::Hours(12);
  Duration probe_timeout = Duration::Seconds(60);
  Duration stall_timeout = Duration::Seconds(120);  // no progress
  ByteSize max_output = ByteSize::Gibibytes(64);    // of one file
  std::int64_t max_streams = 64;
  std::int64_t max_pixels = 8192LL * 4320;  // of one picture
  Duration max_duration = Duration::Hours(12);
};

// Its keys are the profile "h264".
struct TranscodeConfig {
  std::string profile = "h264";     // how uploads are encoded
  std::string preset = "veryfast";  // of x264
  Duration segment_duration = Duration::Seconds(4);
  bool copy_through = false;  // compliant H.264 as the top rung, without encoding it
  std::int64_t threads = 0;   // of the encoders of one task together; 0: one a core
  std::vector<std::string> rungs = {"1080p:5000k", "720p:2800k", "480p:1400k", "360p:800k",
                                    "240p:400k"};
  std::vector<std::string> audio_rungs = {"192k", "128k", "64k"};  // for sound without a picture
  std::string audio_bit_rate = "128k";                             // beside a picture
  std::int64_t loudness_target = 0;  // LUFS; 0: the sound stays as loud as it is
};

// Another way of encoding: [profiles.<name>]. What is left empty is as in [transcode].
struct ProfileConfig {
  std::string codec = "h264";               // with AAC; or av1, with Opus
  std::string preset;                       // of the encoder; empty: the codec's usual one
  std::int64_t crf = 0;                     // 0: the codec's usual one
  std::vector<std::string> rungs;           // as those of [transcode]
  std::vector<std::string> audio_rungs;     // for sound without a picture
  std::string audio_bit_rate;               // beside a picture
  std::vector<std::string> fallback_rungs;  // in H.264 with AAC, for players without the codec
};
using Profiles = std::map<std::string, ProfileConfig>;  // by name
// Those that are there without being configured: "av1".
Profiles BuiltInProfiles();

struct RightsConfig {
  Duration min_match = Duration::Seconds(3);  // shorter matches are evidence, but no claim
};

struct TextTracksConfig {
  ByteSize max_size = ByteSize::Mebibytes(2);  // of one subtitle file in a request
};

struct ListsConfig {
  std::int64_t max_rows = 200'000;                    // of one list
  ByteSize max_size = ByteSize::Mebibytes(256);       // of one list in a request
  std::int64_t kept_versions = 10;                    // of one list, before the active one
  Duration settle_within = Duration::Hours(30 * 24);  // of a reference on hold; then it is rejected
};

struct Config {
  ServerConfig server;
  LogConfig log;
  StorageConfig storage;
  CatalogConfig catalog;
  UploadConfig upload;
  PipelineConfig pipeline;
  SandboxConfig sandbox;
  TranscodeConfig transcode;
  Profiles profiles = BuiltInProfiles();
  RightsConfig rights;
  TextTracksConfig text_tracks;
  ListsConfig lists;
};

using KeyValue = std::pair<std::string, std::string>;  // "server.listen" and its text

// Reads the file (if one is given), the environment and the flags over the defaults, and checks
// every value. Errors: of a single mistake its own; of several code "invalid_configuration", with a
// line each in the message.
Result<Config> LoadConfig(const std::optional<std::filesystem::path>& file,
                          const std::vector<KeyValue>& flags = {});
// The same from text, with the environment as a list of "NAME=value"; for tests and fuzzers.
Result<Config> ParseConfig(std::string_view toml, std::string_view file_name,
                           const std::vector<std::string>& environment,
                           const std::vector<KeyValue>& flags = {});
// Sets one key as a flag does: key "server.listen". Errors: kInvalidArgument.
Status SetConfigKey(Config& config, std::string_view key, std::string_view value);
// Every key with its current value, in order, as TOML: what config/penstock.toml holds without the
// comments.
std::string DumpConfig(const Config& config);

}  // namespace penstock::config
