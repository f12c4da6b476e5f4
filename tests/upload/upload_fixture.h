// The routes below /v1/uploads over a real catalog, object store and queue, without a socket.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "access/authenticator.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/sha256.h"
#include "catalog/assets.h"
#include "catalog/uploads.h"
#include "cluster/local_queue.h"
#include "http/error_response.h"
#include "http/router.h"
#include "storage/filesystem_store.h"
#include "storage/object_layout.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_directory.h"
#include "upload/upload_routes.h"
#include "upload/upload_store.h"

namespace penstock::upload {

using nlohmann::json;

// An object store that fails to take files for as long as it is told to.
class RefusingStore final : public storage::ObjectStore {
 public:
  explicit RefusingStore(std::unique_ptr<storage::ObjectStore> store) : store_(std::move(store)) {}

  Result<storage::ObjectInfo> Stat(const storage::ObjectKey& key) override {
    return store_->Stat(key);
  }
  Result<storage::OpenedObject> Open(const storage::ObjectKey& key) override {
    return store_->Open(key);
  }
  Status PutFile(const storage::ObjectKey& key, const std::filesystem::path& file) override {
    if (refuses) return Error(ErrorKind::kUnavailable, "the object store cannot be reached");
    return store_->PutFile(key, file);
  }
  Status PutBytes(const storage::ObjectKey& key, std::string_view bytes) override {
    return store_->PutBytes(key, bytes);
  }
  Status Delete(const storage::ObjectKey& key) override { return store_->Delete(key); }
  Result<std::vector<storage::ObjectKey>> List(std::string_view prefix) override {
    return store_->List(prefix);
  }

  bool refuses = false;

 private:
  const std::unique_ptr<storage::ObjectStore> store_;
};

class UploadTest : public ::testing::Test {
 protected:
  using Fields = std::vector<std::pair<std::string, std::string>>;
  using BodyAnswer = std::variant<http::Response, std::unique_ptr<http::BodySink>>;

  UploadTest() { Restart(); }

  // As a new process over the same data.
  void Restart() {
    router_ = http::Router();
    store_ = UploadStore::Open(uploads_, objects_, queue_, clock_, options_).value();
    RegisterUploadRoutes(router_, *store_, authenticator_);
  }

  // A request of Alice, unless the fields name somebody else.
  http::Request Request(http::Method method, const std::string& path, const Fields& fields = {},
                        std::optional<std::uint64_t> content_length = std::nullopt) const {
    http::Request request;
    request.method = method;
    request.path = path.substr(0, path.find('?'));
    if (request.path.size() < path.size()) request.query = path.substr(request.path.size() + 1);
    request.headers.Set("Host", "penstock.example");
    request.headers.Set("Authorization", "Bearer " + alice_);
    for (const auto& [name, value] : fields) request.headers.Set(name, value);
    request.content_length = content_length;
    return request;
  }

  // What the server does until it has an answer or needs the body.
  BodyAnswer Begin(http::Request request) const {
    const http::Router::Match match = router_.Find(request.method, request.path).value();
    request.parameters = match.parameters;
    if (const auto* handler = std::get_if<http::Handler>(&match.route->handler)) {
      return (*handler)(request);
    }
    return std::get<http::BodyHandler>(match.route->handler)(request);
  }

  std::unique_ptr<http::BodySink> BeginBody(http::Request request) const {
    return std::get<std::unique_ptr<http::BodySink>>(Begin(std::move(request)));
  }

  static Status Write(http::BodySink& sink, std::string_view bytes) {
    return sink.Write(std::as_bytes(std::span(bytes)));
  }

  // The whole exchange; the body goes in pieces.
  http::Response Send(const http::Request& request, std::string_view body = "",
                      std::size_t piece = 7) const {
    http::Response response = Exchange(request, body, piece);
    router_.ApplySharing(request, response);
    return response;
  }
  http::Response Exchange(http::Request request, std::string_view body, std::size_t piece) const {
    if (!body.empty()) request.content_length = body.size();
    auto answer = Begin(std::move(request));
    if (auto* response = std::get_if<http::Response>(&answer)) return std::move(*response);
    auto& sink = std::get<std::unique_ptr<http::BodySink>>(answer);
    for (; !body.empty(); body.remove_prefix(std::min(piece, body.size()))) {
      if (const Status wrote = Write(*sink, body.substr(0, piece)); !wrote) {
        return http::ErrorResponse(wrote.error());
      }
    }
    return sink->Finish();
  }

  static json Body(const http::Response& response) {
    return json::parse(std::get<std::string>(response.body), nullptr, false);
  }
  static std::string Code(const http::Response& response) {
    return Body(response).value("code", "");
  }

  static Fields Tus(Fields more = {}) {
    more.insert(more.begin(), {"Tus-Resumable", "1.0.0"});
    return more;
  }

  // The address of a new upload.
  std::string Create(std::uint64_t length, Fields more = {}) const {
    more.emplace_back("Upload-Length", std::to_string(length));
    const auto response = Send(Request(http::Method::kPost, "/v1/uploads", Tus(std::move(more))));
    EXPECT_EQ(response.status, 201);
    return std::string(response.headers.Get("Location"));
  }

  http::Request PatchRequest(const std::string& location, std::uint64_t offset,
                             std::uint64_t length) const {
    return Request(http::Method::kPatch, location,
                   Tus({{"Upload-Offset", std::to_string(offset)},
                        {"Content-Type", "application/offset+octet-stream"}}),
                   length);
  }
  http::Response Patch(const std::string& location, std::uint64_t offset,
                       std::string_view bytes) const {
    return Send(PatchRequest(location, offset, bytes.size()), bytes);
  }
  http::Response Head(const std::string& location) const {
    return Send(Request(http::Method::kHead, location, Tus()));
  }
  std::string Offset(const std::string& location) const {
    return std::string(Head(location).headers.Get("Upload-Offset"));
  }

  media::Upload Row(const std::string& location) {
    return uploads_
        .Get(media::UploadId::FromTrusted(location.substr(location.find_last_of('/') + 1)))
        .value();
  }
  std::filesystem::path Staged(const std::string& location) const {
    return options_.staging / (location.substr(location.find_last_of('/') + 1) + ".part");
  }
  std::size_t StagedFiles() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(options_.staging),
                      std::filesystem::directory_iterator()));
  }

  // The bytes of the asset's source object, or "<none>".
  std::string Source(const media::AssetId& asset) {
    const auto opened = objects_.Open(storage::SourceKey(asset.text()));
    if (!opened) return "<none>";
    return ReadAt(opened->fd.get(), 0, opened->info.size).value();
  }
  std::optional<cluster::Job> Job() { return queue_.Take(std::chrono::milliseconds(0)).value(); }
  // The upload has become an asset of these bytes, and its work is queued.
  void ExpectAsset(const media::AssetId& id, std::string_view bytes) {
    const auto asset = assets_.Get(id);
    ASSERT_TRUE(asset.has_value());
    EXPECT_EQ(asset->stage, media::Stage::kInspect);
    EXPECT_EQ(asset->owner.text(), "alice");
    EXPECT_EQ(asset->source_size, bytes.size());
    EXPECT_EQ(asset->source_sha256, Sha256Hex(bytes));
    EXPECT_EQ(asset->source_object, storage::SourceKey(id.text()).text());
    EXPECT_EQ(Source(id), bytes);
    EXPECT_EQ(Job(), (cluster::Job{"inspect", id.text(), "alice"}));
  }

  const std::string alice_ = access::NewTokenSecret(access::TokenKind::kApi);
  const std::string bob_ = access::NewTokenSecret(access::TokenKind::kApi);
  const std::string reader_ = access::NewTokenSecret(access::TokenKind::kApi);  // may only read

  const testing::TemporaryDirectory directory_;
  testing::FakeClock clock_;
  const std::unique_ptr<catalog::Database> database_ =
      catalog::Database::Open("sqlite://" + (directory_.path() / "catalog.db").string(), 2).value();
  catalog::Uploads uploads_{*database_, clock_};
  catalog::Assets assets_{*database_, clock_};
  RefusingStore objects_{storage::FilesystemStore::Open(directory_.path() / "objects").value()};
  cluster::LocalQueue queue_;
  const access::Authenticator authenticator_{
      [this](access::TokenKind,
             const std::string& hash) -> Result<std::optional<access::Principal>> {
        const std::set<std::string> write = {std::string(access::kUploadsWrite)};
        const std::set<std::string> read = {std::string(access::kAssetsRead)};
        if (hash == access::HashToken(alice_)) return access::Principal{"alice", "Alice", write};
        if (hash == access::HashToken(bob_)) return access::Principal{"bob", "Bob", write};
        if (hash == access::HashToken(reader_)) return access::Principal{"alice", "Alice", read};
        return std::optional<access::Principal>();
      }};
  UploadOptions options_{.staging = directory_.path() / "uploads",
                         .max_size = 1'000'000,
                         .expire_after = std::chrono::hours(24),
                         .min_free = 0};
  std::unique_ptr<UploadStore> store_;
  http::Router router_;
};

}  // namespace penstock::upload
