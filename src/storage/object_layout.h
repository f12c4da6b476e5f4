// Where the objects of an asset lie. An object's name is final: the same step writes the same name
// again.
#pragma once

#include <string>

#include "storage/object_key.h"

namespace penstock::storage {

// sources/<asset>/original. REQUIRES: asset is the text of an id (base/id.h).
ObjectKey SourceKey(const std::string& asset);
// assets/<asset>/<recipe>/<name>, e.g. assets/Xy/r1/720p.mp4; recipe names the transcoding recipe's
// version.
Result<ObjectKey> OutputKey(const std::string& asset, const std::string& recipe,
                            const std::string& name);
// texts/<asset>/<track>.vtt, of a text track that was uploaded. Errors: kInvalidArgument.
Result<ObjectKey> TextTrackKey(const std::string& asset, const std::string& track);
// Every uploaded text track of the asset starts with this.
std::string TextTrackPrefix(const std::string& asset);
// Every object of the asset's outputs starts with this.
std::string OutputPrefix(const std::string& asset);

}  // namespace penstock::storage
