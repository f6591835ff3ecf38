/* scenario, inside: text and units (text.c), YAML to a tree (tree.c), the one table of settings (schema.c), a value in
 * and out (value.c, list.c), names that are near (nearest.c), a file or override (layer.c), what only levers have
 * (lever.c), all of it (scenario.c), a key from A to B (sweep.c), the table for readers (doc.c). */
#ifndef SVITLO_SCENARIO_PRIVATE_H
#define SVITLO_SCENARIO_PRIVATE_H

#include "svitlo/scenario.h"

/* ---- where something stands, and what is wrong with it --------------------------------------- */

typedef struct {
    const char *file;     /* or "--set key=value", then without a line */
    int32_t line, column; /* 1-based, 0 = none */
} spot;

/** One sentence that starts `file:line:column: `. @return SV_EUSAGE */
sv_status fail(sv_error *err, spot at, const char *format, ...) SV_PRINTF(3, 4);
sv_status fail_memory(sv_error *err);

enum { MOST_QUOTE = 64, MOST_PATH = SV_KEY_TEXT };
/** What was found, for a message: cut after 48 bytes, without control characters. */
const char *quote(const char *text, char out[MOST_QUOTE]);

/* ---- text.c: numbers and units ---------------------------------------------------------------- */

/** A value in this unit is number * factor * 10^shift in the unit of the setting. */
typedef struct {
    const char *name;
    double factor;
    int32_t shift;
    bool alias; /* another spelling: understood, not listed */
} unit;

/** Units of one quantity; the first is the one that is written. */
typedef struct {
    int32_t n;
    const unit *unit;
} unit_family;

typedef enum { TEXT_GOOD, TEXT_NO_NUMBER, TEXT_TOO_LONG, TEXT_TOO_LARGE, TEXT_NO_UNIT, TEXT_OTHER_UNIT } text_verdict;

/** Read `number unit`; a family of one empty name takes a bare number. */
text_verdict text_quantity(const char *text, const unit_family *family, double *value);
/** A whole number in decimal digits, nothing else. */
text_verdict text_whole(const char *text, int64_t *value);

enum { MOST_NUMBER = 64 };
/** Shortest digits that read back as the same number, times 10^-shift. */
const char *text_of_number(double value, int32_t shift, char out[MOST_NUMBER]);
/** The same with the family's first unit. */
const char *text_of_quantity(double value, const unit_family *family, char out[MOST_NUMBER]);

/** `2026-11-01`, or with an hour. @param[out] whole_day no hour was given; may be NULL */
bool text_date(const char *text, int64_t *t_h, bool *whole_day);
const char *text_of_date(int64_t t_h, char out[MOST_NUMBER]);
/** An end: at midnight the day before, which is the last. */
const char *text_of_last(int64_t t_h, char out[MOST_NUMBER]);

/* A string that grows in a buffer of fixed size and never leaves it. */
typedef struct {
    char *text;
    size_t n, most; /* most counts the zero byte */
} builder;

void build(builder *out, const char *format, ...) SV_PRINTF(2, 3);
/** A word as YAML in flow style: plain where that is safe, else in double quotes. */
void build_word(builder *out, const char *word);

/* ---- tree.c: YAML to a tree ------------------------------------------------------------------- */

typedef enum { NODE_TEXT, NODE_MAP, NODE_LIST } node_kind;

typedef struct node {
    node_kind kind;
    bool empty; /* a key without any value */
    int32_t line, column;
    const char *text; /* NODE_TEXT */
    const char *key;  /* in a map, else NULL */
    int32_t key_line, key_column;
    struct node *child, *next;
    int32_t n_child;
} node;

/** A scenario is written by people: winter.yaml has 3 kB. The parser reads ahead and takes some 350 times the text for
 *  brackets alone, so this bounds its memory to 100 MB. */
enum { MOST_BYTES = 256 << 10 };

/** Read one document. @param[in] lined  false = `file` already tells where (an override)
 *  @param[out] root  NULL when the text holds nothing */
sv_status tree_read(node **root, sv_arena *arena, const char *file, bool lined, const char *text, size_t n,
                    sv_error *err);

/** What the parser must not see: bytes that are no text, directives, tabs that look like depth. */
sv_status text_check(const char *file, bool lined, const char *text, size_t n, sv_error *err);

/* ---- schema.c: the table ---------------------------------------------------------------------- */

typedef enum {
    KIND_TEXT,    /* const char * */
    KIND_NUMBER,  /* double with a unit family (plain numbers: the family without a unit) */
    KIND_COUNT,   /* int32_t */
    KIND_COUNT64, /* int64_t, uint64_t */
    KIND_HOURS,   /* int64_t with a unit */
    KIND_SWITCH,  /* bool: choice[0] = false, choice[1] = true */
    KIND_CHOICE,  /* int32_t: first + place in choice */
    KIND_DATE,    /* int64_t hours since 1970 */
    KIND_LAST,    /* the same, a day alone means its end */
    KIND_DATES,   /* the calendar of waves */
    KIND_PEACE,   /* the windows of peace */
    KIND_SITES    /* sv_names: ids of sites */
} value_kind;

/** The names that take the place of * in a path. */
typedef struct {
    const char *title; /* "UNIT" */
    int32_t n;
    const char *const *name;
} axis;

typedef struct {
    const char *section; /* title of the section that starts here, or NULL */
    const char *path;    /* "waves.size.median", "repair.*.slight" */
    value_kind kind;
    size_t offset, stride; /* in draft; from name to name of the axis */
    const axis *axis;      /* NULL = no * */
    const unit_family *family;
    double low, high;
    const char *const *choice;
    int32_t n_choice, first;
    const char *word; /* instead of a number or date: "grid", "never" */
    int64_t word_h;   /* its value for a date; a number that is a word is `word_value` */
    double word_value;
    bool whole; /* naming the map sets all of its names: those not listed get 0 */
    const char *help;
} setting;

enum { MOST_AXIS = 12 };
extern const setting schema[];
extern const int32_t n_schema;

/** One key: a row of the table and a name of its axis. */
typedef struct {
    int32_t i_setting, i_name;
} place;

/** All keys in order; rows that differ only after the * come name by name. Start with {-1, 0}. */
bool place_next(place *at);
bool place_find(const char *path, place *at);
/** The path stands before a dot of some key. */
bool place_is_group(const char *path);
const char *place_path(place at, char out[MOST_PATH]);

/* ---- a scenario in the making ----------------------------------------------------------------- */

static const int64_t unset_h = INT64_MIN;

typedef struct {
    sv_scenario self;
    int64_t from_h, to_h, hours; /* of the season as asked for; unset_h = not */
} draft;

typedef struct {
    spot at;
    int32_t layer; /* 0 = never set; 1 = file, then one a lever or override */
    int32_t lever; /* layer of the last lever that sets it, clears it or adds to it; 0 = none */
    bool added;    /* by that lever */
    int32_t n_own; /* added to a list: its length before */
} origin;

/** What levers add to one number. */
typedef struct addition {
    place at;
    double value;
    spot where;
    struct addition *next;
} addition;

typedef struct {
    draft *draft;
    sv_arena *arena; /* of the scenario */
    sv_arena *trees; /* gone at the end */
    sv_error *err;
    const char *file;
    bool lined;
    int32_t layer;
    bool lever;                  /* this layer is one */
    bool adding;                 /* within its `add` */
    origin (*origin)[MOST_AXIS]; /* [n_schema] */
    addition *addition;          /* by key, then ascending */
} reader;

static inline spot spot_of(const reader *self, const node *at)
{
    return (spot){self->file, self->lined ? at->line : 0, self->lined ? at->column : 0};
}
static inline spot spot_of_key(const reader *self, const node *at)
{
    return (spot){self->file, self->lined ? at->key_line : 0, self->lined ? at->key_column : 0};
}

/* ---- value.c, list.c: one value in and out ------------------------------------------------------ */

enum { MOST_ACCEPTED = 200, MOST_VALUE = 65536, MOST_TEXT = 200, MOST_GRID = 4000 };

/** What is accepted, for messages and docs. */
const char *value_accepted(const setting *row, char out[MOST_ACCEPTED]);
sv_status value_read(reader *self, place at, const node *value);
/** A map is named as a whole: what this layer has not set there gets 0, where the table says so. */
sv_status value_clear(reader *self, const char *path, spot at);
void *value_field(draft *self, place at);
/** What is wrong with the text of a quantity, as ", not a number"; NULL = nothing. */
const char *value_quantity(const setting *row, const char *text, double *number);
/** As YAML. @return false when there is nothing to write (no grid named, the other spelling of a season's end) */
bool value_write(const draft *from, place at, builder *out);

enum { MOST_SITE = 5000, MOST_ID = 100, MOST_SITES_TEXT = 60000 };

/** Read a list in the place of the one before; while adding, behind it. What levers add, all behind the first n_own items,
 *  is sorted: the same list comes out whichever lever adds first. */
sv_status list_read(reader *self, place at, const node *value, int32_t n_own);
int32_t list_length(const draft *from, place at);
void list_write(const draft *from, place at, builder *out);

/* ---- nearest.c ---------------------------------------------------------------------------------- */

/** Edits from one word to the other (insert, delete, replace, swap of neighbours). */
int32_t word_distance(const char *a, const char *b);
/** The key or group most like this one. @return false when none is near */
bool nearest_key(const char *path, char out[MOST_PATH]);
/** `a, b or c`: what may stand under a group; "" = at the top. */
void build_members(builder *out, const char *group);

/* ---- layer.c: a file, an override ----------------------------------------------------------------- */

/** The tree of one file. */
typedef struct {
    const char *path; /* in the scenario's arena: messages and origins name it */
    const node *root; /* a map */
    const node *base; /* its key `base`; NULL = a whole scenario */
} scenario_file;

sv_status file_parse(reader *self, const char *path, const char *text, size_t n, scenario_file *file);
/** @param[in] named  the key of a lever that names this file, in `by`; NULL = none */
sv_status file_read(reader *self, const char *path, const scenario_file *by, scenario_file *file);

sv_status layer_read_file(reader *self, const scenario_file *file);
/** Where a key was set last. */
const origin *origin_of(const reader *self, const char *path);
sv_status layer_read_override(reader *self, const char *text);
/** One key of a map: a value, or a group of them. */
sv_status layer_read_key(reader *self, const char *group, const char *path, const node *value);
sv_status layer_refuse_key(reader *self, const char *path, const char *group, const node *at);

/** `FLAG text` in place of a file's name, cut when long. NULL = out of memory */
char *label_of(sv_arena *arena, const char *flag, const char *text);
/** Nothing but text on one line. */
sv_status check_one_line(const char *label, const char *text, sv_error *err);
/** Without blanks around it, in place. */
char *trim(char *text);

/* ---- lever.c: what only levers have ---------------------------------------------------------------- */

/** Where a lever's base is, ready to open. */
sv_status lever_base_path(reader *self, const scenario_file *lever, const char **path);
/** Its keys, and what it adds: numbers wait for lever_settle. */
sv_status lever_read(reader *self, const scenario_file *lever);
/** May this layer set a key, or add to it? Two levers must not set the same one. */
sv_status lever_touch(const reader *self, place at, spot where);
sv_status lever_add(reader *self, place at, const node *value);
/** All levers are read: add up. */
sv_status lever_settle(reader *self);
sv_status lever_costs(reader *self, const scenario_file *lever, const char *const *name, int32_t n_lever);

/* ---- scenario.c --------------------------------------------------------------------------------- */

/** A file that is in memory. */
typedef struct {
    const char *path, *text;
    size_t n;
} source;

/** As sv_scenario_read_lever, without a file touched: whatever a lever's base is called, it is this one. */
SV_MUST_USE sv_status scenario_of_sources(sv_scenario **scenario, const source *base, const char *const *set,
                                          int32_t n_set, const source *lever, int32_t n_lever, sv_error *err);

void draft_defaults(draft *self);
/** A scenario seen through the table: its season as it was asked for. */
draft draft_of(const sv_scenario *scenario);

#endif
