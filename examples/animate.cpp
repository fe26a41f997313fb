// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes an animated GIF of a camera or test picture in an application: the elements by themselves.
// Usage: animate OUTPUT.gif
#include <cstdlib>
#include <iostream>
#include <string>

#include <gst/gst.h>

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  if (argc != 2) {
    std::cerr << "usage: animate OUTPUT.gif\n";
    return EXIT_FAILURE;
  }
  // Ten pictures a second of a live source, played at twice the speed, for three seconds.
  GstElement* pipeline = gst_parse_launch(
      "videotestsrc is-live=true pattern=ball ! video/x-raw,framerate=30/1"
      " ! intervalsampler rate=10/1 frame-rate=20/1 max-frames=30"
      " ! fitscale width=160 height=-1 ! animgifenc ! filesink name=out sync=false",
      nullptr);
  GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "out");
  g_object_set(sink, "location", argv[1], nullptr);
  gst_object_unref(sink);

  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* message = gst_bus_timed_pop_filtered(
      bus, GST_CLOCK_TIME_NONE, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  const bool done = GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
  if (!done) {
    GError* error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    std::cerr << error->message << '\n';
    g_error_free(error);
  }
  gst_message_unref(message);
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
