// SPDX-License-Identifier: LGPL-2.1-or-later
// Errors as values: what went wrong, said for the person who can mend it.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace anim {

/// What kind of thing went wrong. The GObject edge maps each to a GStreamer error domain and code.
enum class ErrorCode {
  InvalidArgument,  ///< a setting or a field of a task is not one of the allowed values
  Unsupported,      ///< valid, but this build or this format cannot do it
  LimitExceeded,    ///< a bound of the format or of the caller was passed
  OutOfRange,       ///< a time at or after the end of what there is
  NotFound,         ///< a file, bucket or stream is not there
  ReadFailed,       ///< the input cannot be read or decoded
  WriteFailed,      ///< the output cannot be written
  NoSpaceLeft,      ///< the disk is full
  EncodeFailed,     ///< a codec library refused or ran out of memory
  Internal,         ///< our own bug
};

/// One failure. `message` is for the user: what was given, what is allowed.
/// `detail` is for the developer (a library's own words); it may be empty.
struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string message;
  std::string detail;
};

/// A value or the reason why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// The value. Only when ok().
  [[nodiscard]] T& value() & {
    assert(ok());
    return std::get<0>(state_);
  }
  [[nodiscard]] const T& value() const& {
    assert(ok());
    return std::get<0>(state_);
  }
  [[nodiscard]] T&& value() && {
    assert(ok());
    return std::get<0>(std::move(state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// The reason. Only when not ok().
  [[nodiscard]] const Error& error() const {
    assert(!ok());
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value, or the reason.
using Status = Result<std::monostate>;
inline Status success() {
  return std::monostate{};
}

}  // namespace anim
