#include "media/text_track_json.h"

#include <stdexcept>

namespace penstock::media {

using nlohmann::json;

json Write(const TextTrack& track) {
  return {{"id", track.id},
          {"kind", TextTrackKindName(track.kind)},
          {"language", track.language},
          {"label", track.label},
          {"default", track.is_default},
          {"forced", track.forced},
          {"uploaded", track.uploaded},
          {"object", track.object},
          {"size", track.size},
          {"cues", track.cues}};
}

json Write(const Warning& warning) {
  return {{"code", warning.code}, {"message", warning.message}};
}

void Read(const json& object, TextTrack& track) {
  const auto kind = ParseTextTrackKind(object.at("kind").get<std::string>());
  if (!kind) throw std::invalid_argument(kind.error().message);
  track.kind = *kind;
  object.at("id").get_to(track.id);
  object.at("language").get_to(track.language);
  object.at("label").get_to(track.label);
  object.at("default").get_to(track.is_default);
  object.at("forced").get_to(track.forced);
  object.at("uploaded").get_to(track.uploaded);
  object.at("object").get_to(track.object);
  object.at("size").get_to(track.size);
  object.at("cues").get_to(track.cues);
}

void Read(const json& object, Warning& warning) {
  object.at("code").get_to(warning.code);
  object.at("message").get_to(warning.message);
}

}  // namespace penstock::media
