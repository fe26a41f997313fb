// SPDX-License-Identifier: LGPL-2.1-or-later
#include "examples/live-clip/keys.h"

#include <utility>

#include <glib-unix.h>

#include <unistd.h>

namespace live_clip {

Keys::Keys(Pressed pressed) : pressed_(std::move(pressed)) {
  termios before{};
  const bool is_ours = tcgetpgrp(STDIN_FILENO) == getpgrp();  // else tcsetattr would stop us
  if (!is_ours || tcgetattr(STDIN_FILENO, &before) != 0) return;
  termios raw = before;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // Ctrl-C stays a signal
  if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0) return;
  saved_ = before;
  watch_ = g_unix_fd_add(STDIN_FILENO, static_cast<GIOCondition>(G_IO_IN | G_IO_HUP | G_IO_ERR),
                         &Keys::on_input, this);
}

Keys::~Keys() {
  if (!saved_) return;
  if (watch_ != 0) g_source_remove(watch_);
  tcsetattr(STDIN_FILENO, TCSANOW, &*saved_);
}

gboolean Keys::on_input(gint fd, GIOCondition /*condition*/, gpointer self) {
  auto& keys = *static_cast<Keys*>(self);
  char key = 0;
  if (read(fd, &key, 1) != 1) {
    keys.watch_ = 0;  // the terminal has gone
    return G_SOURCE_REMOVE;
  }
  keys.pressed_(key);
  return G_SOURCE_CONTINUE;
}

}  // namespace live_clip
