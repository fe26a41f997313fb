// SPDX-License-Identifier: LGPL-2.1-or-later
// Any bytes as an HLS playlist or a DASH manifest: refused with one sentence, or written again as
// what it said.
// libFuzzer: as fuzz_task_json.cpp says, with tests/fuzz/corpus/playlists.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "gst/core/dash_manifest.h"
#include "gst/core/hls_playlist.h"

namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const anim::Status manifest = anim::check_dash(text);
  if (!manifest) require(!manifest.error().message.empty(), "a refusal says nothing");
  for (const std::string& reference : anim::dash_references(text)) {
    require(reference.find(':') != std::string::npos, "a reference has no scheme");
  }
  const auto playlist = anim::read_hls(text);
  if (!playlist) {
    require(!playlist.error().message.empty(), "a refusal says nothing");
    return 0;
  }
  if (!playlist->variants.empty()) {
    require(!anim::best_variant(playlist->variants).uri.empty(), "a variant is nowhere");
  }
  const std::string written = anim::write_hls(*playlist);
  const auto again = anim::read_hls(written);
  require(again.ok(), "a written playlist is refused");
  require(again->segments.size() == playlist->segments.size(), "a segment is lost");
  require(again->has_end && again->variants.empty(), "a written playlist leads elsewhere");
  for (std::size_t i = 0; i < again->segments.size(); ++i) {
    const anim::HlsSegment& before = playlist->segments[i];
    const anim::HlsSegment& after = again->segments[i];
    require(after.media.uri == before.media.uri && after.seconds == before.seconds &&
                after.key.has_value() == before.key.has_value(),
            "a segment changes");
  }
  return 0;
}
