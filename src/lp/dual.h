/* The workspace behind sv_dual: its data (dual_program.c), its linear algebra (dual_inverse.c), one pivot (dual_pivot.c). */
#ifndef SVITLO_LP_DUAL_PRIVATE_H
#define SVITLO_LP_DUAL_PRIVATE_H

#include "svitlo/lp.h"

#include <string.h>

/* BETWEEN: not basic, anywhere within its bounds, at no reduced cost. It moves where that helps. */
typedef enum { AT_LOWER, AT_UPPER, BASIC, BETWEEN } place;

typedef struct {
    double ratio; /* of a breakpoint; or how far a variable moves */
    int32_t j;
} breakpoint;

/* Variables 0..n-1 are columns, n..n+m-1 logicals of the rows. A row is tight when its logical is not basic; only columns
 * of tight rows in the inverse differ from those of the identity, so only they are kept: one slot a tight row. */
struct sv_dual {
    sv_arena *arena;
    int32_t n, m, max_row;
    size_t stride;                 /* of columns and of the inverse */
    double *a;                     /* [n * stride] column by column */
    double *rows;                  /* [max_row * n_all] the same, row by row */
    double *row_lower, *row_upper; /* [max_row] as given */
    double *lower, *upper, *x;     /* [n + max_row] */
    double *cost, *given_cost;     /* [n + max_row] in use; [n] as given */
    double *d;                     /* [n + max_row] reduced costs, of the costs in use */
    double *given_d;               /* [n] of the costs as given, where they are not in use; set at the end */
    double *side;   /* [n + max_row] 1 at its lower bound, -1 at its upper, 0 when it may not move from there */
    uint8_t *where; /* [n + max_row] place */
    int32_t *basic; /* [max_row] variable of each basis position */
    int32_t n_slot, *slot_row;             /* [max_row] tight row of each slot */
    int32_t *row_slot;                     /* [max_row] -1 = the row is not tight */
    double *inverse;                       /* [max_row * stride] by basis position and slot */
    double *weight;                        /* [max_row] squared norms of its full rows */
    int32_t n_batch, batch[SV_DUAL_LANES]; /* basis positions whose rows of the tableau are at hand */
    size_t n_all;                          /* n + max_row in whole lanes */
    double *tableau;                       /* [SV_DUAL_LANES * n_all] those rows */
    double *alpha;                         /* of them, the pivot row */
    double *rhos;                          /* [SV_DUAL_LANES * stride] rows of the inverse */
    double *rho, *column, *work;           /* [max_row] row of the inverse; pivot column; scratch */
    double *y;                             /* [max_row] row duals */
    double *square;                        /* [max_row * stride] block to be inverted */
    double *products;                      /* [n] scratch of a product */
    int32_t *spare, *order;                /* [max_row] */
    breakpoint *heap, *passed;             /* [n + max_row] */
    int32_t n_since_inversion, n_still;    /* pivots; of them since the prices last moved */
    int32_t n_between;                     /* variables that stand so */
    double near_ratio;                     /* most steps end before */
    bool stale;                            /* reduced costs must be computed anew */
    bool perturbed;                        /* costs in use are not those given */
    sv_dual_product product;
    sv_dual_activity activity;
    double plain_work; /* multiply-adds with plain rows that take as long as one call of product */
    void *context;
};

static inline double *dual_column_of(const sv_dual *self, int32_t j)
{
    return self->a + (size_t)j * self->stride;
}

static inline double *dual_row_of(const sv_dual *self, int32_t i)
{
    return self->rows + (size_t)i * self->n_all;
}

/** The first variable from v on that stands between its bounds, n + m = none. */
static inline int32_t dual_next_between(const sv_dual *self, int32_t v)
{
    int32_t end = self->n + self->m;
    if (self->n_between == 0)
        return end;
    for (; v + 8 <= end; v += 8) { /* places are below 4, so that only BETWEEN has both of the lowest bits */
        uint64_t eight;
        memcpy(&eight, self->where + v, sizeof eight);
        if ((eight & eight >> 1 & 0x0101010101010101u) != 0)
            break;
    }
    while (v < end && self->where[v] != BETWEEN)
        v++;
    return v;
}

/** Sum of products, in an order that is the same on every machine. */
double dual_dot(const double *a, const double *b, int32_t n);
/** a -= factor * b */
void dual_take_off(double *a, const double *b, double factor, int32_t n);

/** A row just added gets a position of its own, held by its logical. */
void dual_append_to_inverse(sv_dual *self, int32_t i_row);
/** Position r of the basis takes the variable whose inverse * column stands in self->column. */
void dual_enter(sv_dual *self, int32_t r, int32_t entering);
/** A row whose logical is basic goes; the last row takes its number. */
void dual_remove_row(sv_dual *self, int32_t i_row);
/** The inverse anew from the basis. @return false: singular @cost k^3 + m k^2 for k tight rows */
bool dual_invert(sv_dual *self);

/** @param[out] rho [m] row r of the inverse */
void dual_row_of_inverse(const sv_dual *self, int32_t r, double *rho);
/** @param[out] out [m] inverse * v */
void dual_multiply_inverse(sv_dual *self, const double *v, double *out);
/** Rows are added up as they stand: for so few, that is faster than the caller's way. */
bool dual_rows_are_few(const sv_dual *self);
/** self->work = A x */
void dual_add_up_rows(sv_dual *self);
/** @param[out] out [n] y' A, for k vectors y a stride of the inverse apart, out n_all apart */
void dual_row_products(sv_dual *self, int32_t k, const double *y, double *out);
/** self->column = inverse * column of v */
void dual_load_column(sv_dual *self, int32_t v);

void dual_set_place(sv_dual *self, int32_t v, place where);
/** The cost of a variable gives way to the prices. */
void dual_forgive(sv_dual *self, int32_t v);
/** A reduced cost clearly on the wrong side moves its variable to the other bound; one that is there by round-off (within
 *  `least`), or at next to no harm, stays, and its cost gives way: moving it back and forth would never end. */
void dual_mend_place(sv_dual *self, int32_t v, double least, double least_harm);

typedef enum { PIVOT_DONE, PIVOT_NONE_LEFT, PIVOT_INFEASIBLE, PIVOT_UNSURE } pivot_outcome;
pivot_outcome dual_pivot(sv_dual *self);

#define DUAL_PRIMAL_TOLERANCE 1e-7
#define DUAL_LEAST_PIVOT 1e-7
#define DUAL_COST_TOLERANCE 1e-10

#endif
