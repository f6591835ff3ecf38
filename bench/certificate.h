/* Is an answer of the balance right? Knows the conditions of docs/model/balance.md and no algorithm: it solves nothing.
 * Primal: every number within its bounds, power balanced at every bus, flows that some angles explain, limits kept or passed
 * by exactly what is said of them, what is counted and listed as it is.
 * Dual: any prices give a lower bound on the harm (weak duality); the answer is proven when it meets the bound. */
#ifndef SVITLO_BENCH_CERTIFICATE_H
#define SVITLO_BENCH_CERTIFICATE_H

#include "svitlo/balance.h"

/** One answer. Arrays of the hour's input, load by load, and of the full result; the shed list may be NULL. */
typedef struct {
    const sv_state *state;
    const sv_balance_input *input;
    const sv_balance_result *result;
    const sv_balance_info *info;
    const double *weight;       /* [SV_N_CLASS] */
    int32_t n_relaxed;          /* limits that were relaxed */
    const int32_t *relaxed;     /* [n_relaxed] branches */
    const double *relaxed_mw;   /* [n_relaxed] */
    const double *bus_price;    /* [n_bus] harm per MWh, NULL = none known */
    const double *branch_price; /* [n_branch] worth of 1 MW of limit, 0 or more; NULL = none known */
} answer;

typedef struct {
    double breach_mw;     /* the largest breach of a primal condition */
    const char *breach;   /* which one */
    int32_t at;           /* its element */
    double harm;          /* of the answer, the small costs of storage with it */
    double bound;         /* no answer has less harm */
    double residual_harm; /* by so much the bound may be wrong, because the prices meet their law to round-off only */
} certificate;

typedef struct certifier certifier;

certifier *certifier_new(const sv_grid *grid); /* NULL when out of memory */
void certifier_free(certifier **self);

/** @cost linear in the grid; allocates nothing */
void certify(certifier *self, const answer *of, certificate *out);

#endif
