/* Inside of a draft, and the one description of every field of every table that checks and fingerprint share.
 * Private to src/grid. */
#ifndef SV_GRID_DRAFT_H
#define SV_GRID_DRAFT_H

#include "svitlo/grid.h"

/* A growable table with a hash map of its ids. */
typedef struct {
    char *row; /* [n * size] */
    int32_t n, capacity;
    const char **id; /* [n] */
    int32_t *slot;   /* [n_slot] row + 1, 0 = free; n_slot is a power of two >= 2 n */
    int32_t n_slot;
    const char *file;
} draft_table;

struct sv_draft {
    sv_arena *arena;
    const char *name, *file;
    double base_mva;
    draft_table table[SV_N_TABLE];
    sv_note note[SV_MOST_NOTES];
    int32_t n_note;
};

typedef enum { FIELD_TEXT, FIELD_INT, FIELD_BOOL, FIELD_REAL } field_type;
typedef enum {
    RULE_ANY,          /* not checked */
    RULE_FINITE,       /* a number, not infinite */
    RULE_NUMBER,       /* a number, infinite allowed */
    RULE_NOT_NEGATIVE, /* finite, >= 0 */
    RULE_SHARE,        /* 0..1 */
    RULE_PLACE,        /* NAN = unknown, else finite */
    RULE_REF,          /* row of table `of` */
    RULE_REF_OR_NONE,  /* the same, or -1 */
    RULE_WORD          /* one of `of` enum values from 0 */
} field_rule;

typedef struct {
    const char *name, *unit;
    uint16_t offset;
    uint8_t type, rule, of;
} field;

typedef struct {
    const char *word; /* for messages: "bus", "branch" */
    size_t size;      /* of a row */
    const field *field;
    int32_t n_field;
    bool has_id;
    int32_t line; /* offset of the row's line, -1 = rows have none */
} table_info;

extern const table_info table_of[SV_N_TABLE];

/* Rows of a finished grid by table, for checks and fingerprint. */
typedef struct {
    const char *row;
    int32_t n;
} table_view;

table_view grid_view(const sv_grid *grid, sv_table table);

/* First row with this id, -1 = none. */
int32_t draft_find(const sv_draft *draft, sv_table table, const char *id);

/* The file that a row of this table came from; NULL = unknown. */
const char *draft_file(const sv_draft *draft, sv_table table);

/* Every rule of every row; sets err. */
sv_status check_grid(const sv_grid *grid, const sv_draft *draft, sv_error *err);

/* Tables of a grid under construction that derivation writes. */
typedef struct {
    sv_grid *grid;
    sv_bus *bus;
    sv_site *site;
    sv_region *region;
} derivation;

/* Each returns SV_ENOMEM or SV_OK. */
sv_status derive_regions(derivation *d);
sv_status derive_sites(derivation *d);
sv_status derive_places(derivation *d);
sv_status derive_units(derivation *d);

uint64_t fingerprint_grid(const sv_grid *grid);

/* Union-find over buses, shared by sites and islands. Roots are the lowest bus of their group. */
static inline int32_t group_root(int32_t *parent, int32_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static inline void group_join(int32_t *parent, int32_t a, int32_t b)
{
    a = group_root(parent, a);
    b = group_root(parent, b);
    if (a < b)
        parent[b] = a;
    else
        parent[a] = b;
}

#endif
