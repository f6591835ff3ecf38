/* What the parts of `svitlo contingency` share: the list of outages, what each does, and the planner's view of all. */
#ifndef SVITLO_CLI_CONTINGENCY_H
#define SVITLO_CLI_CONTINGENCY_H

#include "flow.h"
#include "table.h"

#include <stdio.h>

enum {
    CONTINGENCY_CHUNK = 64,      /* that a thread takes at a time: whole batches of lanes, whoever takes them */
    CONTINGENCY_BLOCK = 1 << 14, /* rows in memory at once */
    CONTINGENCY_TEXT = 256
};
static const int64_t CONTINGENCY_MOST_ROWS = 5000000,
                     CONTINGENCY_MOST_PAIRS = 200000000; /* pairs in DC take no row each */

typedef struct {
    flow_options flow; /* the grid, the base state, the solver */
    const char *list_path, *out_path;
    int64_t n_out, n_top, n_thread; /* --k, --top, -j (0 = one a core) */
    bool json;
} contingency_options;

/** Are pairs screened: is a row one that does what neither of the two does alone? */
static inline bool contingency_screens(const contingency_options *opt)
{
    return opt->flow.dc && opt->n_out == 2;
}

typedef struct {
    int32_t i;
    bool is_gen; /* else a branch */
} contingency_element;

/* ---- the list ------------------------------------------------------------------------------ */

/** Sets of elements, and with n_out = 2 the pairs of them. */
typedef struct {
    bool branches_only;
    int64_t n; /* contingencies in all */
    int32_t n_set, n_out, most_set;
    int32_t *start; /* [n_set + 1] into element */
    contingency_element *element;
    int32_t *named_at; /* [n_branch + n_gen] the line of a file that names it, 0 = none; NULL = no pairs of a file */
    int64_t most_element, taken; /* contingencies handed out so far, and solved when their rows come back, */
    int32_t first, second;       /* and the next pair */
    int32_t n_idle;              /* sets that name what the base state has out of service already */
    int64_t idle_number;         /* the first of them, from 1 */
} contingency_list;

/* ---- one outage ---------------------------------------------------------------------------- */

typedef struct {
    int64_t number; /* from 1 */
    int32_t n_element;
    contingency_element element[SV_CONTINGENCY_MOST];
    sv_ac_outcome outcome;
    bool whole;      /* solved anew */
    bool solved;     /* loadings and, in AC, voltages stand */
    bool loses_more; /* of a screened pair: load than the two alone */
    int32_t n_iteration, i_worst;
    bool worst_is_reactive;
    double mismatch_pu; /* NAN = unknown, as below */
    double lost_mw, people;
    int32_t n_cut_off;
    int32_t n_overload,
        i_branch; /* i_branch -1 = none with a rating; of a screened pair: what neither overloads alone */
    double loading_percent;
    int32_t n_low, n_high, i_low, i_high; /* buses; i -1 = no voltages */
    double low_pu, high_pu;
} contingency_row;

/** Read the list, or make it of all that is in service. @return SV_OK; SV_EUSAGE for too many, SV_EDATA, SV_EIO, SV_ENOMEM */
SV_MUST_USE sv_status contingency_list_new(contingency_list *list, const contingency_options *opt,
                                           const flow_work *work, sv_error *err);
void contingency_list_free(contingency_list *list);
/** The next contingencies: number and elements of each row, the rest unknown. @return how many, at most `most` */
int32_t contingency_list_take(contingency_list *list, int32_t most, contingency_row *row);
/** The row's elements for an engine. @param[out] own  they are kept here */
sv_contingency contingency_outage(const contingency_row *row, int32_t own[SV_CONTINGENCY_MOST]);

/* ---- methods ------------------------------------------------------------------------------- */

/** A way to find out what outages do. A worker belongs to one thread. */
typedef struct {
    const char *name;
    /** Make a worker that knows the base case. */
    sv_status (*start)(void **worker, const flow_work *base, sv_error *err);
    /** Fill in n <= CONTINGENCY_CHUNK rows; what they say does not depend on what the worker did before. */
    sv_status (*solve)(void *worker, int32_t n, contingency_row *row, sv_error *err);
    void (*end)(void **worker);
} contingency_method;

extern const contingency_method contingency_ac, contingency_dc;

/** People at each bus. @param[out] people [n_bus] to be freed; NULL = the grid has none. @return false: out of memory */
SV_MUST_USE bool contingency_people(const sv_grid *grid, double **people);

/** Takes the rows in the order of the list, in the caller's thread. */
typedef sv_status (*contingency_sink)(void *context, const contingency_row *row, sv_error *err);

/**
 * Run a method over the list in threads. The rows do not depend on how many.
 * @param[out] n_thread  how many it were
 * @param[out] base      the row of the base case, where nothing is out
 */
SV_MUST_USE sv_status contingency_run(const contingency_method *method, const flow_work *work,
                                      const contingency_options *opt, contingency_list *list, int32_t *n_thread,
                                      contingency_row *base, contingency_sink sink, void *context, sv_error *err);
/** Threads for so many pieces of work: as many as are asked for, or one a core. */
int32_t contingency_threads(const contingency_options *opt, int64_t n_piece);

/** What the branches of the list do alone, where pairs are screened. */
typedef struct {
    int64_t n, n_overload, n_lost, n_no_answer;
} contingency_alone;

/** All pairs of the list's branches in DC: rows of those that do what neither branch does alone, in the order of the list. */
SV_MUST_USE sv_status contingency_run_pairs(const flow_work *work, const contingency_options *opt,
                                            contingency_list *list, int32_t *n_thread, contingency_alone *alone,
                                            contingency_sink sink, void *context, sv_error *err);

/* ---- the view of all ----------------------------------------------------------------------- */

/** A few rows of the list. */
typedef struct {
    int32_t n;
    contingency_row *row; /* [n] */
    double *by;           /* [n] what they are sorted by, largest first */
} contingency_few;

typedef struct {
    const flow_work *work;
    const flow_look *base_look;
    contingency_row base;
    int32_t n_top;
    /* Rows: all; without new trouble; beyond rate A or the band at all, and where the base case is not, or further; that cut
     * off load or people; that cut off buses where nobody is; without an answer. */
    int64_t n, n_clear, n_overload, n_overload_new, n_voltage, n_voltage_new, n_cut_off, n_empty, n_no_answer;
    int64_t n_outcome[SV_N_AC_OUTCOME], n_whole;
    double most_lost_mw, most_people, people; /* people: of the grid, 0 = it has none */
    bool sets;                                /* several elements fail together */
    bool screened; /* pairs: a row, and a count, is of what neither does alone; `alone` is what they do so */
    contingency_alone alone;
    contingency_few loading, voltage;   /* single elements worst first, sets in their order; only what is new */
    contingency_few cut_off, no_answer; /* the first of the list */
} contingency_look;

SV_MUST_USE sv_status contingency_look_new(contingency_look *look, const flow_work *work, const flow_look *base_look,
                                           int64_t n_top);
void contingency_look_add(contingency_look *look, const contingency_row *row);
/** A row of a screened pair. */
void contingency_look_add_pair(contingency_look *look, const contingency_row *row);
/** How far a voltage is outside its bus's band, pu; at most 0 within. @param[out] low it is the lowest one */
double contingency_depth(const sv_grid *grid, const contingency_row *row, bool *low);

/* ---- words and files ----------------------------------------------------------------------- */

/** "branch 12, gen 3": as in a list. */
const char *contingency_text(const contingency_row *row, char text[CONTINGENCY_TEXT]);
/** "converged", in DC "solved", ... */
const char *contingency_outcome(const flow_work *work, const contingency_row *row);
/** Why there is no answer: "diverged after 20 iterations: bus 7 is off by 3.2 MW or Mvar". */
const char *contingency_reason(const flow_work *work, const contingency_row *row, char text[CONTINGENCY_TEXT]);

void contingency_print(const contingency_look *look, const contingency_list *list);
/** @return exit code */
int contingency_print_json(const contingency_look *look, const contingency_list *list, double seconds);

/** The file of rows: under a name of its own until it is whole. Its columns are those of the method. */
typedef struct {
    const flow_work *work;
    bool screened, people; /* rows of screened pairs; a column of people */
    FILE *stream;          /* NULL = no file asked for, or closed */
    const char *path;
    char part[FLOW_PATH + TABLE_BESIDE];
} contingency_file;

/** May a file be written there? */
SV_MUST_USE sv_status contingency_file_check(const char *path, sv_error *err);
SV_MUST_USE sv_status contingency_file_open(contingency_file *file, const contingency_options *opt,
                                            const flow_work *work, sv_error *err);
SV_MUST_USE sv_status contingency_file_put(contingency_file *file, const contingency_row *row, sv_error *err);
/** Give it its name. */
SV_MUST_USE sv_status contingency_file_close(contingency_file *file, sv_error *err);
/** Remove what is not whole. */
void contingency_file_abort(contingency_file *file);

#endif
