/* base: status and errors, arena memory, counter-based random numbers, calendar and clock.
 * The lowest floor: includes nothing of the project. Everything here is safe to call from any thread
 * as long as one object is used by one thread at a time. */
#ifndef SVITLO_BASE_H
#define SVITLO_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SV_VERSION "0.1.0"
#define SV_MUST_USE __attribute__((warn_unused_result))
#define SV_PRINTF(f, a) __attribute__((format(printf, f, a)))

/* Loops over whole arrays, compiled for the vectors of several processors; the widest is chosen when the program starts.
 * The bits are the same on each: sums have written-out lanes, nothing is contracted. Plain with other compilers, and under
 * sanitizers, which cannot yet run when the choice is made. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__) &&                           \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SV_WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define SV_WIDE
#endif
enum { SV_LANES = 8 }; /* of such a sum */
/** n rounded up to whole lanes: arrays of that length, zero beyond n, need no loop for the rest. */
#define SV_WHOLE_LANES(n) (((n) + SV_LANES - 1) / SV_LANES * SV_LANES)

/* ---- status -------------------------------------------------------------------------------- */

typedef enum {
    SV_OK = 0,
    SV_EUSAGE = -1, /* a setting, key, flag or value asked for is not accepted (program exits 2) */
    SV_EDATA = -2,  /* a file's content is wrong                               (program exits 1) */
    SV_EIO = -3,    /* a file cannot be read or written */
    SV_ENOMEM = -4, /* out of memory */
    SV_EDIM = -5,   /* objects of different grids were mixed */
    SV_ENUM = -6,   /* numerical failure that no fallback could mend */
    SV_ECANCEL = -7 /* the caller's callback asked to stop */
} sv_status;

enum { SV_ERROR_TEXT = 640 };

typedef struct {
    sv_status status;
    int32_t line; /* 1-based line of the offending file, 0 = none */
    char text[SV_ERROR_TEXT];
} sv_error;

/**
 * Record one sentence and return its status. A message that is already there is kept: the lowest one wins.
 * With line > 0 the text starts `file:line: `, with line 0 and a file `file: `.
 * @param[in,out] err   may be NULL
 * @param[in]     file  may be NULL
 * @param[in]     line  1-based, 0 = none
 * @return status, so that callers write `return sv_error_set(...)`
 */
sv_status sv_error_set(sv_error *err, sv_status status, const char *file, int32_t line, const char *format, ...)
    SV_PRINTF(5, 6);

/** One English word or two for a status, for logs and rows of failed seasons. Never NULL. */
const char *sv_status_name(sv_status status);

/* ---- arena --------------------------------------------------------------------------------- */

/** Memory of one object: many takes, one check, one free. Not shared between threads. */
typedef struct sv_arena sv_arena;

/** @return a new empty arena, or NULL when out of memory */
sv_arena *sv_arena_new(void);

/**
 * Take zeroed memory, aligned to 64 bytes, that lives as long as the arena. A take of 0 bytes gives a valid pointer.
 * @return NULL when out of memory (or n * size overflows); the arena remembers (sv_arena_failed), so that a row of
 *         takes needs one check
 */
void *sv_arena_take(sv_arena *arena, size_t n, size_t size);

/** Copy a zero-terminated string into the arena. NULL stays NULL. */
char *sv_arena_text(sv_arena *arena, const char *text);

/** True when any take failed since the arena was made. */
bool sv_arena_failed(const sv_arena *arena);

/** Free all of it; accepts NULL. */
void sv_arena_free(sv_arena *arena);

/** Tests only: the k-th arena allocation from now in this thread fails (0 = never). */
void sv_arena_fail_at(int64_t k);

#define SV_TAKE(arena, n, type) ((type *)sv_arena_take((arena), (size_t)(n), sizeof(type)))

/* ---- random numbers ------------------------------------------------------------------------ */

/** What a draw is for. Part of the key: a new purpose never moves the draws of the others. Append only. */
typedef enum {
    SV_DRAW_SYNTH = 1,     /* the fictional country */
    SV_DRAW_OUTAGE = 2,    /* element = unit;  transition k, 0 = starting state: occurrence k / 4, number u[k % 4] */
    SV_DRAW_WAVE_TIME = 3, /* element = 0;     occurrence = candidate number */
    SV_DRAW_WAVE_SIZE = 4, /* element = wave;  occurrence = 0 */
    SV_DRAW_STRIKE = 5,    /* element = wave;  occurrence = strike: class, site, revisit, unit */
    SV_DRAW_INTERCEPT = 6, /* element = wave;  occurrence = strike */
    SV_DRAW_DAMAGE = 7,    /* element = unit;  occurrence = wave * 2^12 + strike */
    SV_DRAW_REPAIR = 8,    /* element = unit;  occurrence = hour of the hit */
    SV_DRAW_WEATHER = 9,   /* element = 0;     occurrence = day */
    SV_DRAW_DELIVERY = 10, /* element = class; occurrence = order */
    SV_DRAW_PEACE = 11,    /* element = wave;  occurrence = strike, 2^32 - 1 = the wave itself: is the truce kept */
    SV_DRAW_CHECK = 12, /* element = 0;     occurrence = number in the sample: season u[0], hour u[1]; key season 0 */
    SV_DRAW_TEST = 99
} sv_draw_purpose;

/** Four independent uniform numbers in (0, 1), each with 53 random bits at most 1 - 2^-53. */
typedef struct {
    double u[4];
} sv_draw4;

/**
 * The only door to randomness: Philox4x32-10 keyed by (seed, season, purpose, element, occurrence).
 * Same key, same numbers, on every machine, in any order, from any thread.
 * @param[in] season  0 <= season < 2^40
 * @cost two Philox blocks, some 10 ns
 * @source Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11
 */
sv_draw4 sv_draw(uint64_t seed, int64_t season, sv_draw_purpose purpose, uint32_t element, uint32_t occurrence);

/** Standard normal quantile of u in (0, 1): turns a uniform draw into a normal one. Relative error below 1e-9. */
double sv_normal_quantile(double u);

/** Geometric number of trials >= 1 until the first success of probability p in (0, 1]; u in (0, 1). Saturates at 2^53. */
double sv_geometric(double u, double p);

/** Poisson count by inversion for mean >= 0 from one uniform draw (normal approximation above 700). */
int64_t sv_poisson(double u, double mean);

/* ---- calendar and clock -------------------------------------------------------------------- */

/** Hours since 1970-01-01 00:00 of a local calendar without daylight saving. */
int64_t sv_hour_from_date(int32_t year, int32_t month, int32_t day, int32_t hour);

typedef struct {
    int32_t year, month, day, hour; /* month and day from 1, hour 0..23 */
    int32_t weekday;                /* 0 = Monday */
} sv_date;

sv_date sv_date_from_hour(int64_t t_h);

/** Read `YYYY-MM-DD` or `YYYY-MM-DD HH:00` (or with T). @return false when it is not a date of the calendar */
bool sv_date_parse(const char *text, int64_t *t_h);

/** Monotonic seconds, for progress and benchmarks only: never feeds a result. */
double sv_clock_s(void);

#ifdef __cplusplus
}
#endif
#endif
