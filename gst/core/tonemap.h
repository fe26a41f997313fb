// SPDX-License-Identifier: LGPL-2.1-or-later
// HDR pictures (BT.2100 PQ and HLG) brought into the range of ordinary screens.
//
// The steps, in this order: EOTF to linear light where 1 is 100 cd/m2 (HLG: inverse OETF, then the
// OOTF for a 1000 cd/m2 display with gamma 1.2, ITU-R BT.2100), BT.2020 to BT.709 primaries
// (ITU-R BT.2087), Hable's filmic curve on the brightest component with the ratios kept (J. Hable,
// "Uncharted 2: HDR Lighting", GDC 2010), inverse BT.1886 EOTF (gamma 2.4).
// This is what `zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,
// tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv` means in ffmpeg.
#pragma once

#include <vector>

namespace anim {

/// How an HDR signal codes light.
enum class HdrTransfer { Pq, Hlg };

/// The brightest light of a picture in units of 100 cd/m2, from what its stream says: the maximum
/// content light level, else the mastering display's peak (both cd/m2, 0 = not said), else 1000.
[[nodiscard]] double signal_peak(double max_content_light, double mastering_peak);

/// Turns R'G'B' of BT.2020 primaries into R'G'B' of BT.709. Safe to use from several threads.
class ToneMapper {
 public:
  /// `peak` is brought to white, in units of 100 cd/m2.
  ToneMapper(HdrTransfer transfer, double peak);

  /// `count` pixels in place; values nominally in [0, 1]; results are in [0, 1].
  void run(float* red, float* green, float* blue, int count) const;

 private:
  void linearise(float* rgb) const;
  void compress(float* rgb) const;

  HdrTransfer transfer_;
  float white_;                // Hable's curve at the peak
  std::vector<float> linear_;  // of the signal
  std::vector<float> power_;   // HLG's OOTF: (Y^(1/4)) to Y^0.2
  std::vector<float> signal_;  // of the square root of light
};

}  // namespace anim
