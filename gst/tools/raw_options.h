// SPDX-License-Identifier: LGPL-2.1-or-later
// The options of gst-animate-1.0 as they are given, and what --help says of them.
#pragma once

#include <vector>

#include <glib.h>

namespace anim::tools {

/// The options as GLib reads them: text, so that decimals stay exact. Owned by this struct.
struct RawOptions {
  gboolean version = FALSE;
  gboolean dry_run = FALSE;
  gboolean print_pipeline = FALSE;
  gboolean json = FALSE;
  gboolean quiet = FALSE;
  gboolean lossless = FALSE;
  gboolean reverse = FALSE;
  gboolean boomerang = FALSE;
  gchar** outputs = nullptr;
  gchar** inputs = nullptr;
  gchar* storage_root = nullptr;
  gchar* task_id = nullptr;
  gchar* journal = nullptr;
  gchar* start = nullptr;
  gchar* duration = nullptr;
  gchar* to = nullptr;
  gchar* interval = nullptr;
  gchar* frame_rate = nullptr;
  gchar* fps = nullptr;
  gchar* number = nullptr;
  gchar* mode = nullptr;
  gchar* threshold = nullptr;
  gchar* speed = nullptr;
  gchar* width = nullptr;
  gchar* height = nullptr;
  gchar* scale_type = nullptr;
  gchar* loop = nullptr;
  gchar* quality = nullptr;
  gchar* max_size = nullptr;
  gchar* colors = nullptr;
  gchar* dither = nullptr;
  gchar* lossy = nullptr;
  gchar* content = nullptr;

  RawOptions() = default;
  RawOptions(const RawOptions&) = delete;
  RawOptions& operator=(const RawOptions&) = delete;
  ~RawOptions();
};

/// What is to be made. The entries of both tables point into `raw`, and the last one is empty.
[[nodiscard]] std::vector<GOptionEntry> look_entries(RawOptions& raw);
/// How it is done, and what is said.
[[nodiscard]] std::vector<GOptionEntry> run_entries(RawOptions& raw);

}  // namespace anim::tools
