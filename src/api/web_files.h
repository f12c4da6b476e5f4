// The built web application, held in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace penstock::api {

struct WebFile {
  std::string bytes;
  std::string type;  // Content-Type
  std::string etag;
};

// Read once at start; what is not in the map cannot be asked for, whatever a path says. Immutable,
// so thread-safe.
class WebFiles {
 public:
  static constexpr std::uint64_t kTotalLimit = std::uint64_t{64} << 20;  // bytes

  WebFiles() = default;  // no files
  // Every regular file below root; dot files and links are left out. Errors: kNotFound without an
  // index.html, kTooLarge past the limit.
  static Result<WebFiles> Load(const std::filesystem::path& root);

  // Null when there is none. name: "index.html", "static/app-3f2a.js".
  const WebFile* Find(std::string_view name) const;
  const std::map<std::string, WebFile, std::less<>>& files() const { return files_; }

 private:
  std::map<std::string, WebFile, std::less<>> files_;
};

std::string EtagOf(std::string_view bytes);

}  // namespace penstock::api
