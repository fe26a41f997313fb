// SPDX-License-Identifier: LGPL-2.1-or-later
// The main function of the tests that use GStreamer: it starts GStreamer and, after the tests,
// ends it, which is when the leaks tracer reports. Under ANIM_FAIL_ON_LEAKS a report is a failure.
#define DOCTEST_CONFIG_IMPLEMENT
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include <gst/gst.h>

#include <doctest/doctest.h>

namespace {

int leaks = 0;

void count_leaks(GstDebugCategory* /*category*/, GstDebugLevel /*level*/, const gchar* /*file*/,
                 const gchar* /*function*/, gint /*line*/, GObject* /*object*/,
                 GstDebugMessage* message, gpointer /*data*/) {
  const gchar* text = gst_debug_message_get(message);
  if (std::strstr(text, "object-alive") == nullptr) return;
  // The tracer announces the record's format once with this word in it.
  if (std::strstr(text, "object-alive.class") != nullptr) return;
  ++leaks;
  std::cerr << "leaked: " << text << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  const bool fail_on_leaks = std::getenv("ANIM_FAIL_ON_LEAKS") != nullptr;
  if (fail_on_leaks) {
    gst_debug_remove_log_function(nullptr);
    (gst_debug_add_log_function)(count_leaks, nullptr, nullptr);
  }
  doctest::Context context(argc, argv);
  const int result = context.run();
  gst_deinit();
  return result != 0 ? result : (leaks != 0 ? 1 : 0);
}
