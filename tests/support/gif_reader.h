// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads a GIF with giflib's decoder and composes its pictures as a viewer does.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gif_lib.h>

#include "gst/core/bounds.h"
#include "gst/core/geometry.h"
#include "gst/core/image.h"
#include "gst/core/rgb.h"

namespace anim::test {

/// One picture as shown: the canvas after it was drawn; alpha 0 where nothing is.
struct ShownFrame {
  std::vector<Argb> canvas;
  int delay = 0;     ///< hundredths of a second
  int disposal = 0;  ///< as giflib has it
  int colors = 0;    ///< entries of its table
  bool has_own_table = false;
  int transparent = NO_TRANSPARENT_COLOR;
  Rect rect;
  Rect drawn;  ///< the box around its pixels that are not transparent; empty without
};

struct ShownGif {
  Size size;
  std::optional<int> loop;  ///< the count of NETSCAPE2.0
  std::vector<ShownFrame> frames;
};

namespace detail {

struct Source {
  const Bytes& bytes;
  std::size_t at = 0;
};

inline int read(GifFileType* gif, GifByteType* out, int count) {
  auto& source = *static_cast<Source*>(gif->UserData);
  const std::size_t left = source.bytes.size() - source.at;
  const std::size_t size = std::min(left, static_cast<std::size_t>(count));
  std::memcpy(out, source.bytes.data() + source.at, size);
  source.at += size;
  return static_cast<int>(size);
}

inline void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("not a good GIF: ") + what);
}

inline std::optional<int> loop_of(const SavedImage& image) {
  for (int i = 0; i + 1 < image.ExtensionBlockCount; ++i) {
    const ExtensionBlock& name = image.ExtensionBlocks[i];
    const ExtensionBlock& data = image.ExtensionBlocks[i + 1];
    if (name.Function != APPLICATION_EXT_FUNC_CODE || name.ByteCount != 11) continue;
    require(std::memcmp(name.Bytes, "NETSCAPE2.0", 11) == 0, "application");
    require(data.ByteCount == 3 && data.Bytes[0] == 1, "loop block");
    return data.Bytes[1] | data.Bytes[2] << 8;
  }
  return std::nullopt;
}

/// Returns the box around the pixels that it draws.
inline Rect compose(const SavedImage& image, const ColorMapObject* map, const Rect& rect,
                    int transparent, Size size, std::vector<Argb>& canvas) {
  Bounds drawn;
  require(map != nullptr, "colour table");
  require(rect.right() <= size.width && rect.bottom() <= size.height, "rectangle");
  const GifByteType* index = image.RasterBits;
  for (int y = rect.y; y < rect.bottom(); ++y) {
    for (int x = rect.x; x < rect.right(); ++x, ++index) {
      if (*index == transparent) continue;
      require(*index < map->ColorCount, "index");
      drawn.add(x, y);
      const GifColorType& color = map->Colors[*index];
      canvas[static_cast<std::size_t>(y) * size.width + x] =
          opaque({color.Red, color.Green, color.Blue});
    }
  }
  return drawn.rect();
}

inline void clear(const Rect& rect, Size size, std::vector<Argb>& canvas) {
  for (int y = rect.y; y < rect.bottom(); ++y) {
    std::fill_n(canvas.begin() + static_cast<std::ptrdiff_t>(y) * size.width + rect.x, rect.width,
                0U);
  }
}

inline ShownGif shown(const GifFileType& gif) {
  ShownGif out{.size = {gif.SWidth, gif.SHeight}, .loop = {}, .frames = {}};
  std::vector<Argb> canvas(static_cast<std::size_t>(out.size.area()));
  for (int i = 0; i < gif.ImageCount; ++i) {
    const SavedImage& image = gif.SavedImages[i];
    if (i == 0) out.loop = loop_of(image);
    GraphicsControlBlock control{};
    require(DGifSavedExtensionToGCB(const_cast<GifFileType*>(&gif), i, &control) == GIF_OK, "time");
    const GifImageDesc& desc = image.ImageDesc;
    const Rect rect = {desc.Left, desc.Top, desc.Width, desc.Height};
    const ColorMapObject* map = desc.ColorMap != nullptr ? desc.ColorMap : gif.SColorMap;
    const Rect drawn = compose(image, map, rect, control.TransparentColor, out.size, canvas);
    out.frames.push_back({canvas, control.DelayTime, control.DisposalMode, map->ColorCount,
                          desc.ColorMap != nullptr, control.TransparentColor, rect, drawn});
    if (control.DisposalMode == DISPOSE_BACKGROUND) clear(rect, out.size, canvas);
  }
  return out;
}

}  // namespace detail

/// Throws when giflib does not read all of `bytes`.
inline ShownGif read_gif(const Bytes& bytes) {
  detail::Source source{bytes};
  int error = 0;
  GifFileType* gif = DGifOpen(&source, detail::read, &error);
  detail::require(gif != nullptr, "header");
  const bool is_read = DGifSlurp(gif) == GIF_OK;
  ShownGif out;
  if (is_read) out = detail::shown(*gif);
  const char* reason = GifErrorString(gif->Error);
  DGifCloseFile(gif, nullptr);
  detail::require(is_read, reason != nullptr ? reason : "pictures");
  detail::require(source.at == bytes.size(), "something follows the end");
  return out;
}

/// The time of all pictures, in hundredths of a second.
inline int total_delay(const ShownGif& gif) {
  int total = 0;
  for (const ShownFrame& frame : gif.frames) total += frame.delay;
  return total;
}

}  // namespace anim::test
