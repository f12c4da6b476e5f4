// The routes below /v1/uploads.
#pragma once

#include "access/authenticator.h"
#include "http/router.h"
#include "upload/upload_store.h"

namespace penstock::upload {

// Everything but OPTIONS asks for a principal with the scope uploads:write; uploads of other
// accounts do not exist for it. The store and the authenticator must outlive the router's use.
void RegisterUploadRoutes(http::Router& router, UploadStore& store,
                          const access::Authenticator& authenticator);

}  // namespace penstock::upload
