/* Inside of the AC power flow: its workspace, shared by the making of it (ac_new.c), Newton's method (ac.c) and what is read
 * off the voltages (ac_result.c). Private to src/flow. */
#ifndef SV_FLOW_AC_H
#define SV_FLOW_AC_H

#include "ac_ties.h"
#include "schedule.h"

/* Admittances of a branch, per unit: what each end's voltage drives into each end. */
typedef struct {
    double from_from[2], from_to[2], to_from[2], to_to[2]; /* real, imaginary */
} branch_admittance;

struct sv_ac {
    sv_arena *arena;
    const sv_grid *grid;
    const sv_state *state;
    sv_topology *topology;
    const sv_islands *islands;
    sv_blu *lu;
    sv_lu *pivoting;                                /* made when a block has no inverse of its own for the first time */
    int32_t *scalar_start, *scalar_row, *scalar_at; /* its pattern, and where in value its entries are */
    double *scalar;
    bool pivots;     /* the step comes from there */
    bool solved;     /* since the last update, with one slack an island */
    bool transposed; /* lu holds the transposed Jacobian of the solution */
    schedule plan;
    ac_ties *ties;                      /* NULL when the grid has no branch without impedance */
    int32_t *from, *to;                 /* [n_branch] nodes at its ends: buses, but for ties */
    bool stale;                         /* nodes are other than those of the pattern */
    int32_t *start, *column, *diagonal; /* pattern of the network: [n_bus+1], [start[n_bus]], [n_bus] */
    int32_t *at_from_to, *at_to_from;   /* [n_branch] places in it */
    branch_admittance *branch;          /* [n_branch] zero when out of service */
    double *g, *b;                      /* [start[n_bus]] the bus admittance matrix, per unit */
    double *vm, *va, *re, *im;          /* [n_bus] voltage: per unit, rad, and as a complex number */
    double *p, *q;                      /* [n_bus] what the voltages inject, per unit */
    double *p_set, *q_set;              /* [n_bus] what is scheduled, per unit */
    double *value;                      /* [4 * start[n_bus]] of the Jacobian */
    double *step, *pull;                /* [2 n_bus] Newton's step; the same for one more unit of the shared slack */
    double *old_vm, *old_va;            /* [n_bus] before a step */
    uint8_t *role;                      /* [n_bus] bus_role now: q limits and failures change it */
    int8_t *limited;                    /* [n_bus] 1, -1: at its upper, lower reactive limit */
    uint8_t *n_change;                  /* [n_bus] times that it let its voltage go */
    sv_ac_island *island;               /* [n_bus] by island */
    double *missing;                    /* [n_bus] by island: what the shared slack gives, per unit */
    double *share_sum;                  /* [n_bus] by island */
    double *cut;                        /* [n_bus] by island: share of the step taken */
    double *worst;                      /* [n_bus] by island: mismatch before the step */
    bool *going;                        /* [n_bus] by island: still looked for */
    bool *collapsed;                    /* [n_bus] by island: what was found has a bus without voltage */
};

/* The equations also hold where a bus is as good as short-circuited, which is no answer. */
#define AC_LEAST_PU 0.2

/** Bus whose equations are those of bus i's node. */
static inline int32_t ac_node(const sv_ac *self, int32_t i)
{
    return self->ties != NULL ? self->ties->node[i] : i;
}

/** Bus whose angle and set point the node at bus i holds. */
static inline int32_t ac_holder(const sv_ac *self, int32_t i)
{
    return self->ties != NULL && self->ties->any && self->ties->row[i] >= 0 ? self->ties->holder[self->ties->row[i]]
                                                                            : i;
}

/** Power that entry k of the pattern, in the row of bus i, adds to what the bus injects: active, reactive; per unit. */
static inline void ac_term(const sv_ac *self, int32_t i, int32_t k, double term[2])
{
    int32_t j = self->column[k];
    double current_re = self->g[k] * self->re[j] - self->b[k] * self->im[j];
    double current_im = self->g[k] * self->im[j] + self->b[k] * self->re[j];
    term[0] = self->re[i] * current_re + self->im[i] * current_im;
    term[1] = self->im[i] * current_re - self->re[i] * current_im;
}

/** Injections p, q of the voltages; mismatches of all islands into island[].mismatch_pu and i_worst; step = mismatches
 *  turned round; the injections' terms into value. */
void ac_mismatch(sv_ac *self);
/** The Jacobian of the voltages into value, from those terms: once after ac_mismatch. */
void ac_jacobian(sv_ac *self);
/** Another factor of value, with exchanges of pivots between all equations: where reactances cancel, a block may have no
 *  inverse though the matrix has. @return false: the matrix has none either */
bool ac_pivot(sv_ac *self);
/** Result arrays and the sums of the islands. */
void ac_read(sv_ac *self, const sv_flow_input *input, const sv_ac_result *result);

#endif
