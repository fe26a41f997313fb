// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs a fuzz target as a plain test: each file of the command line as it is, and damaged in a
// thousand ways that are the same in every run.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;
constexpr int kDamaged = 1000;

Input damaged(Input input, std::mt19937& random) {
  const std::size_t changes = 1 + random() % 4;
  for (std::size_t i = 0; i < changes && !input.empty(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(random() % input.size());
    const auto byte = static_cast<std::uint8_t>(random());
    switch (random() % 4) {
      case 0:
        input[static_cast<std::size_t>(at)] = byte;
        break;
      case 1:
        input.erase(input.begin() + at);
        break;
      case 2:
        input.insert(input.begin() + at, "{}[]\",:\\0e-/"[byte % 12]);
        break;
      case 3:
        input.resize(static_cast<std::size_t>(at));
        break;
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    if (!file) {
      std::fprintf(stderr, "cannot read %s\n", argv[i]);
      return 1;
    }
    const Input input((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    LLVMFuzzerTestOneInput(input.data(), input.size());
    std::mt19937 random(static_cast<std::mt19937::result_type>(i));
    for (int k = 0; k < kDamaged; ++k) {
      const Input worse = damaged(input, random);
      LLVMFuzzerTestOneInput(worse.data(), worse.size());
    }
  }
  std::printf("%d inputs\n", (argc - 1) * (kDamaged + 1));
  return argc > 1 ? 0 : 1;
}
