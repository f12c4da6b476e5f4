// Failure as a value: Error, Result<T>, Status and the macros that pass them up.
//
// A function that can fail returns Result<T>. The Error says what was done to what in one sentence,
// carries a kind from a short closed set (which http/ maps to a status once) and a stable
// snake_case code that clients may rely on.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace penstock {

enum class ErrorKind {
  kInvalidArgument,   // the request or a field of it breaks a rule
  kUnauthenticated,   // who is asking is not known
  kPermissionDenied,  // who is asking may not
  kNotFound,
  kConflict,           // the state does not allow it, e.g. a wrong Upload-Offset
  kGone,               // was here and ended, e.g. an expired upload
  kTooLarge,           // over a stated limit
  kUnsupported,        // understood, but not something we do
  kMalformed,          // foreign bytes that do not parse
  kResourceExhausted,  // a rate or a quota
  kOutOfSpace,         // the disk is full
  kUnavailable,        // try again later
  kDeadlineExceeded,
  kCancelled,
  kLeaseLost,  // another worker owns the task by now; change nothing
  kInternal,
};

// Snake_case name of the kind, also the default code ("not_found").
std::string_view ErrorKindName(ErrorKind kind);

struct [[nodiscard]] Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string code;     // stable, snake_case
  std::string message;  // one sentence: what was done to what, and why it failed
  std::string field;    // for bad input: the field or place ("Upload-Length", "line 7"), else empty
  std::string rule;     // for bad input: the rule ("must be a whole number of bytes"), else empty

  Error(ErrorKind k, std::string m) : kind(k), code(ErrorKindName(k)), message(std::move(m)) {}
  Error(ErrorKind k, std::string c, std::string m)
      : kind(k), code(std::move(c)), message(std::move(m)) {}

  // Names the field and the rule of bad input; chains: return Error(...).At("title", "at most 200
  // characters").
  Error At(std::string f, std::string r) && {
    field = std::move(f);
    rule = std::move(r);
    return std::move(*this);
  }
  // Prefixes the message with what the caller was doing: "import list: line 3: ...".
  Error Within(std::string_view context) && {
    message = std::string(context) + ": " + message;
    return std::move(*this);
  }
};

template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  Result(Error error) : tl::expected<T, Error>(tl::make_unexpected(std::move(error))) {}  // NOLINT
  Result(tl::expected<T, Error> other) : tl::expected<T, Error>(std::move(other)) {}      // NOLINT
};

using Status = Result<void>;

// Code of kUnavailable when the system has no more descriptors, processes or memory to give.
inline constexpr std::string_view kSystemExhausted = "system_exhausted";

// Error of kind kInternal from errno: "open /a/b: No such file or directory" (ENOENT gives
// kNotFound, ENOSPC and EDQUOT kOutOfSpace, EACCES and EPERM kPermissionDenied, EMFILE, ENFILE and
// ENOMEM kUnavailable with the code kSystemExhausted).
Error ErrnoError(std::string_view what);

}  // namespace penstock

#define PENSTOCK_CONCAT_INNER(a, b) a##b
#define PENSTOCK_CONCAT(a, b) PENSTOCK_CONCAT_INNER(a, b)

// PENSTOCK_TRY(auto value, Expression()): declares value, or returns the error.
#define PENSTOCK_TRY(declaration, expression) \
  PENSTOCK_TRY_IMPL(PENSTOCK_CONCAT(result_, __LINE__), declaration, expression)
#define PENSTOCK_TRY_IMPL(result, declaration, expression)                      \
  auto result = (expression);                                                   \
  if (!result.has_value()) return ::penstock::Error(std::move(result.error())); \
  declaration = std::move(*result)

// PENSTOCK_CHECK(Expression()): returns the error of a Status, if any.
#define PENSTOCK_CHECK(expression)                                  \
  do {                                                              \
    auto penstock_status = (expression);                            \
    if (!penstock_status.has_value())                               \
      return ::penstock::Error(std::move(penstock_status.error())); \
  } while (false)
