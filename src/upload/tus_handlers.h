// tus 1.0 over an upload store: creation, HEAD, PATCH, termination, expiration.
#pragma once

#include <memory>
#include <variant>

#include "http/message.h"
#include "media/ids.h"
#include "upload/upload_store.h"

namespace penstock::upload {

using BodyAnswer = std::variant<http::Response, std::unique_ptr<http::BodySink>>;

// Each takes a request whose sender is known already. The id of the upload is the route's parameter
// "id".
BodyAnswer TusCreate(UploadStore& store, const media::AccountId& owner,
                     const http::Request& request);
http::Response TusHead(UploadStore& store, const media::AccountId& owner,
                       const http::Request& request);
BodyAnswer TusPatch(UploadStore& store, const media::AccountId& owner,
                    const http::Request& request);
http::Response TusDelete(UploadStore& store, const media::AccountId& owner,
                         const http::Request& request);

}  // namespace penstock::upload
