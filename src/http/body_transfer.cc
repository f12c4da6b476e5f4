#include "http/body_transfer.h"

#include <exception>
#include <span>
#include <utility>

#include "base/log.h"
#include "http/error_response.h"

namespace penstock::http {

Response Guarded500(std::string_view what, const std::function<Response()>& run) {
  std::string thrown = "not an exception";
  try {
    return run();
  } catch (const std::exception& exception) {
    thrown = exception.what();
  } catch (...) {  // NOLINT(bugprone-empty-catch): logged below
  }
  LogError("http_handler.thrown", {{"where", what}, {"what", thrown}});
  return ErrorResponse(Error(ErrorKind::kInternal, "A handler threw an exception."));
}

BodyTransfer::BodyTransfer(Mailbox& mailbox, Executor& executor, std::unique_ptr<BodySink> sink,
                           std::function<void(BodyEvent)> notify)
    : mailbox_(mailbox), strand_(executor), notify_(std::move(notify)), sink_(std::move(sink)) {}

void BodyTransfer::Write(std::string bytes) {
  Post([chunk = std::move(bytes)](BodyTransfer& self) { self.WriteOnStrand(chunk); });
}

void BodyTransfer::Finish() {
  Post([](BodyTransfer& self) { self.FinishOnStrand(); });
}

void BodyTransfer::Abort() {
  Post([](BodyTransfer& self) { self.AbortOnStrand(); });
}

void BodyTransfer::Post(std::function<void(BodyTransfer&)> step) {
  strand_.Post(mailbox_.Track([self = shared_from_this(), run = std::move(step)] { run(*self); }));
}

void BodyTransfer::WriteOnStrand(const std::string& bytes) {
  if (sink_ == nullptr) return;
  bool failed = true;
  Response answer = Guarded500("body sink write", [&] {
    const Status status = sink_->Write(std::as_bytes(std::span(bytes)));
    failed = !status.has_value();
    if (!failed) return Response();
    if (status.error().kind == ErrorKind::kInternal) {
      LogFailure(LogLevel::kError, "http_body.failed", status.error());
    }
    return ErrorResponse(status.error());
  });
  BodyEvent event;
  event.consumed = bytes.size();
  if (failed) {
    sink_.reset();
    event.failed = true;
    event.answer = std::move(answer);
  }
  notify_(std::move(event));
}

void BodyTransfer::FinishOnStrand() {
  if (sink_ == nullptr) return;
  BodyEvent event;
  event.answer = Guarded500("body sink finish", [&] { return sink_->Finish(); });
  sink_.reset();
  notify_(std::move(event));
}

void BodyTransfer::AbortOnStrand() {
  if (sink_ == nullptr) return;
  (void)Guarded500("body sink abort", [&] {
    sink_->Abort();
    return Response();
  });
  sink_.reset();
}

}  // namespace penstock::http
