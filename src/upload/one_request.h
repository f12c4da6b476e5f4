// A file in one request: as multipart/form-data, or as the body itself.
#pragma once

#include "media/ids.h"
#include "upload/tus_handlers.h"
#include "upload/upload_store.h"

namespace penstock::upload {

// The body is the file unless it is multipart/form-data; the query may say title, filename and
// visibility. A request that breaks off leaves an errored upload without bytes.
BodyAnswer PostWhole(UploadStore& store, const media::AccountId& owner,
                     const http::Request& request);

}  // namespace penstock::upload
