/* The flags that `run` and `compare` share. */
#ifndef SVITLO_CLI_FLAGS_H
#define SVITLO_CLI_FLAGS_H

#include <argp.h>

#include "svitlo/base.h"

typedef struct {
    const char *out_path;
    int64_t n_season; /* 0 = as the scenario says */
    int64_t seed;     /* -1 = as the scenario says */
    int64_t n_thread; /* 0 = one a core */
    double until;     /* -1 = as the scenario says */
    bool json, resume;
    int32_t n_set;
    const char **set; /* [argc] */
} sv_flags;

/** A child parser whose input is an sv_flags. */
extern const struct argp sv_flags_parser;

/** @return false after a sentence when out of memory */
bool sv_flags_new(sv_flags *flags, int argc);
void sv_flags_free(sv_flags *flags);

#endif
