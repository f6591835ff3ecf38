/* The first engine behind the door of lp.h: Clp's dual simplex, warm from the last basis. Scaling is off: on rows of
 * sensitivities it called answers optimal that were thousands of MW off. One model a thread. */
#include "svitlo/lp.h"

#include <Clp_C_Interface.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Clp's words for a column's place. */
enum { BASIC = 1, AT_UPPER = 2, AT_LOWER = 3 };

struct sv_lp {
    Clp_Simplex *model;
    int32_t n_col;
    bool fresh; /* no basis yet */
};

/* Clp takes the largest double for "none". */
static double clp_bound(double bound)
{
    if (isinf(bound))
        return bound > 0.0 ? DBL_MAX : -DBL_MAX;
    return bound;
}

static Clp_Simplex *new_model(int32_t n_col)
{
    Clp_Simplex *model = Clp_newModel();
    if (model == NULL)
        return NULL;
    Clp_setLogLevel(model, 0);
    Clp_scaling(model, 0);
    Clp_setPerturbation(model, 100); /* off: the same bits each time */
    Clp_setPrimalTolerance(model, 1e-8);
    Clp_resize(model, 0, n_col);
    for (int32_t j = 0; j < n_col; j++)
        Clp_columnLower(model)[j] = Clp_columnUpper(model)[j] = 0.0;
    return model;
}

sv_lp *sv_lp_new(int32_t n_col)
{
    sv_lp *lp = calloc(1, sizeof *lp);
    Clp_Simplex *model = lp != NULL ? new_model(n_col) : NULL;
    if (model == NULL) {
        free(lp);
        return NULL;
    }
    *lp = (sv_lp){.model = model, .n_col = n_col, .fresh = true};
    return lp;
}

sv_status sv_lp_reset(sv_lp *lp)
{
    Clp_Simplex *model = new_model(lp->n_col);
    if (model == NULL)
        return SV_ENOMEM;
    Clp_deleteModel(lp->model);
    lp->model = model;
    lp->fresh = true;
    return SV_OK;
}

void sv_lp_free(sv_lp **lp)
{
    if (lp == NULL || *lp == NULL)
        return;
    Clp_deleteModel((*lp)->model);
    free(*lp);
    *lp = NULL;
}

void sv_lp_set_columns(sv_lp *lp, const double *cost, const double *lower, const double *upper)
{
    double *c = Clp_objective(lp->model), *lo = Clp_columnLower(lp->model), *hi = Clp_columnUpper(lp->model);
    for (int32_t j = 0; j < lp->n_col; j++) {
        c[j] = cost[j];
        lo[j] = clp_bound(lower[j]);
        hi[j] = clp_bound(upper[j]);
    }
}

void sv_lp_set_column(sv_lp *lp, int32_t i_col, double cost, double lower, double upper)
{
    Clp_objective(lp->model)[i_col] = cost;
    Clp_columnLower(lp->model)[i_col] = clp_bound(lower);
    Clp_columnUpper(lp->model)[i_col] = clp_bound(upper);
}

int32_t sv_lp_add_row(sv_lp *lp, int32_t n, const int32_t *col, const double *value, double lower, double upper)
{
    CoinBigIndex starts[2] = {0, n};
    double lo = clp_bound(lower), hi = clp_bound(upper);
    Clp_addRows(lp->model, 1, &lo, &hi, starts, col, value);
    return Clp_numberRows(lp->model) - 1;
}

void sv_lp_set_row_bounds(sv_lp *lp, int32_t i_row, double lower, double upper)
{
    Clp_rowLower(lp->model)[i_row] = clp_bound(lower);
    Clp_rowUpper(lp->model)[i_row] = clp_bound(upper);
}

int32_t sv_lp_n_row(const sv_lp *lp)
{
    return Clp_numberRows(lp->model);
}

/* Each column at the bound its cost asks for, each row's own column basic: the dual simplex can start from it as it is. */
static sv_status set_first_basis(sv_lp *lp)
{
    const double *cost = Clp_objective(lp->model), *upper = Clp_columnUpper(lp->model);
    int32_t n_row = Clp_numberRows(lp->model);
    unsigned char *place = malloc((size_t)(lp->n_col + n_row) + 1);
    if (place == NULL)
        return SV_ENOMEM;
    for (int32_t j = 0; j < lp->n_col; j++)
        place[j] = cost[j] < 0.0 && upper[j] < DBL_MAX ? AT_UPPER : AT_LOWER;
    memset(place + lp->n_col, BASIC, (size_t)n_row);
    Clp_copyinStatus(lp->model, place);
    free(place);
    lp->fresh = false;
    return SV_OK;
}

sv_status sv_lp_solve(sv_lp *lp, sv_lp_info *info)
{
    if (lp->fresh && set_first_basis(lp) != SV_OK)
        return SV_ENOMEM;
    Clp_dual(lp->model, 0);
    int pivots = Clp_numberIterations(lp->model);
    int status = Clp_status(lp->model);
    if (status != 0) { /* a second opinion from the other side */
        Clp_primal(lp->model, 0);
        pivots += Clp_numberIterations(lp->model);
        int second = Clp_status(lp->model);
        status = second >= 0 && second <= 2 ? second : status; /* it may lose its way where the first was sure */
    }
    static const sv_lp_outcome outcomes[] = {SV_LP_OPTIMAL, SV_LP_INFEASIBLE, SV_LP_UNBOUNDED};
    *info = (sv_lp_info){
        .outcome = status >= 0 && status <= 2 ? outcomes[status] : SV_LP_FAILED,
        .objective = Clp_objectiveValue(lp->model),
        .n_pivot = pivots,
    };
    return SV_OK;
}

const double *sv_lp_x(const sv_lp *lp)
{
    return Clp_primalColumnSolution(lp->model);
}

const double *sv_lp_row_dual(const sv_lp *lp)
{
    return Clp_dualRowSolution(lp->model);
}
