// SPDX-License-Identifier: LGPL-2.1-or-later
// Keys of a terminal, one by one and without an echo.
#pragma once

#include <functional>
#include <optional>

#include <glib.h>

#include <termios.h>

namespace live_clip {

/// Calls back for each key as long as it lives; then the terminal is as it was. Does nothing where
/// standard input is no terminal, or that of a job in the foreground.
class Keys {
 public:
  using Pressed = std::function<void(char)>;

  explicit Keys(Pressed pressed);
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;
  ~Keys();

  [[nodiscard]] bool are_read() const { return saved_.has_value(); }

 private:
  static gboolean on_input(gint fd, GIOCondition condition, gpointer self);

  Pressed pressed_;
  std::optional<termios> saved_;
  guint watch_ = 0;
};

}  // namespace live_clip
