#include "base/result.h"

#include <cerrno>
#include <system_error>

namespace penstock {

std::string_view ErrorKindName(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidArgument:
      return "invalid_argument";
    case ErrorKind::kUnauthenticated:
      return "unauthenticated";
    case ErrorKind::kPermissionDenied:
      return "permission_denied";
    case ErrorKind::kNotFound:
      return "not_found";
    case ErrorKind::kConflict:
      return "conflict";
    case ErrorKind::kGone:
      return "gone";
    case ErrorKind::kTooLarge:
      return "too_large";
    case ErrorKind::kUnsupported:
      return "unsupported";
    case ErrorKind::kMalformed:
      return "malformed";
    case ErrorKind::kResourceExhausted:
      return "resource_exhausted";
    case ErrorKind::kOutOfSpace:
      return "out_of_space";
    case ErrorKind::kUnavailable:
      return "unavailable";
    case ErrorKind::kDeadlineExceeded:
      return "deadline_exceeded";
    case ErrorKind::kCancelled:
      return "cancelled";
    case ErrorKind::kLeaseLost:
      return "lease_lost";
    case ErrorKind::kInternal:
      return "internal";
  }
  return "internal";
}

Error ErrnoError(std::string_view what) {
  const int number = errno;
  ErrorKind kind = ErrorKind::kInternal;
  if (number == ENOENT) kind = ErrorKind::kNotFound;
  if (number == ENOSPC || number == EDQUOT) kind = ErrorKind::kOutOfSpace;
  if (number == EACCES || number == EPERM) kind = ErrorKind::kPermissionDenied;
  std::string message = std::string(what) + ": " + std::generic_category().message(number);
  if (number == EMFILE || number == ENFILE || number == ENOMEM) {
    return Error(ErrorKind::kUnavailable, std::string(kSystemExhausted), std::move(message));
  }
  return Error(kind, std::move(message));
}

}  // namespace penstock
