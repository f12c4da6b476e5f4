#include "api/web_files.h"

#include <array>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "base/sha256.h"

namespace penstock::api {

namespace {

std::string ContentTypeOf(const std::string& extension) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kTypes{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".wasm", "application/wasm"},
      {".txt", "text/plain; charset=utf-8"},
  }};
  for (const auto& [known, type] : kTypes) {
    if (known == extension) return std::string(type);
  }
  return "application/octet-stream";
}

}  // namespace

std::string EtagOf(std::string_view bytes) { return '"' + Sha256Hex(bytes).substr(0, 32) + '"'; }

Result<WebFiles> WebFiles::Load(const std::filesystem::path& root) {
  namespace fs = std::filesystem;
  WebFiles loaded;
  std::uint64_t left = kTotalLimit;
  std::error_code failure;
  fs::recursive_directory_iterator entry(root, failure);
  for (; !failure && entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
    const fs::path& path = entry->path();
    if (path.filename().string().starts_with('.')) {
      if (entry->is_directory(failure)) entry.disable_recursion_pending();
      continue;
    }
    if (entry->is_symlink(failure) || !entry->is_regular_file(failure)) continue;
    PENSTOCK_TRY(std::string bytes, ReadFile(path, left));
    left -= bytes.size();
    std::string etag = EtagOf(bytes);
    loaded.files_.emplace(path.lexically_relative(root).generic_string(),
                          WebFile{.bytes = std::move(bytes),
                                  .type = ContentTypeOf(path.extension().string()),
                                  .etag = std::move(etag)});
  }
  if (failure) {
    return Error(ErrorKind::kNotFound, "web_root_unreadable",
                 "read web root " + root.string() + ": " + failure.message());
  }
  if (loaded.Find("index.html") == nullptr) {
    return Error(ErrorKind::kNotFound, "web_root_without_index",
                 "read web root " + root.string() + ": there is no index.html");
  }
  return loaded;
}

const WebFile* WebFiles::Find(std::string_view name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : &found->second;
}

}  // namespace penstock::api
