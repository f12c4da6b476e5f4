// What has to be tidied now and then: expired uploads and tokens, old events, the reserve of
// the disk.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "server/installation.h"
#include "upload/upload_store.h"

namespace penstock::server {

// Owns its thread, which runs once a minute until the object is destroyed.
class Maintenance {
 public:
  Maintenance(Installation& installation, upload::UploadStore& uploads);
  ~Maintenance();
  Maintenance(const Maintenance&) = delete;
  Maintenance& operator=(const Maintenance&) = delete;

 private:
  void Run();
  void Tidy();

  Installation& installation_;
  upload::UploadStore& uploads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace penstock::server
