/* One kernel compiled for several widths of vectors, chosen when the program starts. Multiplications and additions are
 * never fused (-ffp-contract=off) and lanes are independent, so every width gives the same bits. */
#ifndef SV_SPARSE_WIDE_H
#define SV_SPARSE_WIDE_H

/* Sanitizers instrument the resolver that runs before they are ready; clang 14 does not know the attribute. */
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) &&                           \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SV_WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SV_WIDE
#endif

#endif
