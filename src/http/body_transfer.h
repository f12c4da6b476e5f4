// Carries the body of one request from the loop to its sink, on a strand.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/executor.h"
#include "http/mailbox.h"
#include "http/message.h"

namespace penstock::http {

// Runs an application's function: whatever it throws is logged and becomes a 500.
Response Guarded500(std::string_view what, const std::function<Response()>& run);

// What the strand reports of a transfer. After an answer nothing more is reported.
struct BodyEvent {
  std::size_t consumed = 0;        // bytes that left the queue
  std::optional<Response> answer;  // of Finish, or of a failed Write
  bool failed = false;             // the answer is of a failed Write
};

// Write, Finish and Abort are called on the loop thread; one of Finish and Abort at most, and
// nothing after it. The sink and notify run on the strand.
class BodyTransfer : public std::enable_shared_from_this<BodyTransfer> {
 public:
  BodyTransfer(Mailbox& mailbox, Executor& executor, std::unique_ptr<BodySink> sink,
               std::function<void(BodyEvent)> notify);

  void Write(std::string bytes);
  void Finish();
  // Tells the sink unless it has failed.
  void Abort();

 private:
  void Post(std::function<void(BodyTransfer&)> step);
  void WriteOnStrand(const std::string& bytes);
  void FinishOnStrand();
  void AbortOnStrand();

  Mailbox& mailbox_;
  Strand strand_;
  const std::function<void(BodyEvent)> notify_;
  std::unique_ptr<BodySink> sink_;  // strand only; null once it has answered
};

}  // namespace penstock::http
