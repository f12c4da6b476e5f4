#include "storage/object_layout.h"

namespace penstock::storage {

ObjectKey SourceKey(const std::string& asset) {
  return ObjectKey::Parse("sources/" + asset + "/original").value();
}

Result<ObjectKey> OutputKey(const std::string& asset, const std::string& recipe,
                            const std::string& name) {
  if (name.find('/') != std::string::npos || recipe.find('/') != std::string::npos ||
      asset.find('/') != std::string::npos) {
    return Error(ErrorKind::kInvalidArgument, "invalid_object_key",
                 "the output's key is not well formed")
        .At("key", "asset, recipe and name are one part each, without a slash");
  }
  return ObjectKey::Parse(OutputPrefix(asset) + recipe + "/" + name);
}

Result<ObjectKey> TextTrackKey(const std::string& asset, const std::string& track) {
  return ObjectKey::Parse(TextTrackPrefix(asset) + track + ".vtt");
}

std::string TextTrackPrefix(const std::string& asset) { return "texts/" + asset + "/"; }

std::string OutputPrefix(const std::string& asset) { return "assets/" + asset + "/"; }

}  // namespace penstock::storage
