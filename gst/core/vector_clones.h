// SPDX-License-Identifier: LGPL-2.1-or-later
// ANIM_VECTOR_CLONES before a function: it is compiled for AVX2 too, and the processor decides when
// the program is loaded. Its sums have to be of integers, or of floats in one order without fused
// operations, so that both give the same bytes. Sanitizers are not set up yet when the processor is
// asked; clang and other systems than GNU/Linux choose in other ways.
#pragma once

#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ANIM_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define ANIM_VECTOR_CLONES
#endif
