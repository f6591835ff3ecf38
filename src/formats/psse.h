/* Inside of the PSS/E RAW reader: lines -> records of fields -> sections -> draft. Private to src/formats. */
#ifndef SV_FORMATS_PSSE_H
#define SV_FORMATS_PSSE_H

#include "text.h"

/* In the order in which a file has them. */
typedef enum {
    SECTION_SYSTEM, /* system-wide data, from version 34 */
    SECTION_BUS,
    SECTION_LOAD,
    SECTION_FIXED_SHUNT,
    SECTION_GENERATOR,
    SECTION_BRANCH,
    SECTION_SWITCH, /* system switching devices, from version 34 */
    SECTION_TRANSFORMER,
    SECTION_AREA,
    SECTION_DC_LINE, /* two-terminal */
    SECTION_VSC,
    SECTION_CORRECTION, /* tables of transformer impedance over tap */
    SECTION_MULTI_DC,
    SECTION_MULTI_LINE,
    SECTION_ZONE,
    SECTION_TRANSFER,
    SECTION_OWNER,
    SECTION_FACTS,
    SECTION_SWITCHED_SHUNT,
    SECTION_GNE,
    SECTION_MACHINE,    /* induction machines */
    SECTION_SUBSTATION, /* nodes and breakers, from version 34 */
    SECTION_DONE,
    N_SECTION
} psse_section;

typedef struct {
    const char *text; /* in the file; a quoted text without its quotes, doubled quotes still doubled */
    size_t n;         /* 0 = left out, unless quoted */
    bool quoted;
} psse_field;

enum { PSSE_FIELDS = 64, PSSE_WHAT = 64, PSSE_NAME = 128 };

/* One line of data. Fields beyond PSSE_FIELDS are passed over: no table needs them. */
typedef struct {
    int32_t line;
    int32_t n; /* fields kept */
    psse_field field[PSSE_FIELDS];
    const char *text, *end;    /* the whole line */
    const char *comment;       /* behind the slash that ends the record, NULL = there was none */
    char what[PSSE_WHAT];      /* what it is about, for messages: "bus 101" */
    psse_section ends, begins; /* by the comment of a record 0; N_SECTION = it does not say */
} psse_record;

typedef struct {
    int32_t number;
    char *name;
} psse_area;

typedef struct {
    const char *file; /* name, for messages */
    const char *at, *end;
    int32_t line;
    sv_arena *arena;
    sv_draft *draft;
    sv_error *err;
    sv_status status; /* sticky: the first failure */

    int32_t version;
    double base_mva;
    double km_per_length;    /* of LEN, whose unit the file does not say */
    double tie_threshold_pu; /* THRSHZ: lines without resistance and at most this reactance are ties */
    psse_section section;
    int32_t section_line;     /* where it began */
    int32_t n_section_record; /* in it so far */
    psse_area *area;          /* as named in the file */
    int32_t n_area;
    size_t area_capacity;
} psse;

/* ---- records (psse_record.c) ---------------------------------------------------------------- */

/* Keep the first failure. @return its status */
sv_status psse_fail(psse *p, int32_t line, const char *format, ...) SV_PRINTF(3, 4);

/* The next line as it stands, without its line end. @return false at the end of the file */
bool psse_line(psse *p, const char **begin, const char **end);
/* The next line that holds data: comments (@!) and blank lines are passed over. @return false at the end of the file, or
 * after a failure */
bool psse_next(psse *p, psse_record *r);
/* Cut a line into fields. */
void psse_split(psse *p, psse_record *r, const char *begin, const char *end);
/* The next line of a record of several lines, which must be there; k of n, counted from 1. */
bool psse_more(psse *p, psse_record *r, const char *what, int32_t k, int32_t n);

/* Is the record a 0 that ends a section, or the Q that ends the file? */
bool psse_is_end(const psse_record *r);
bool psse_is_quit(const psse_record *r);
/* "BRANCH DATA" and the like. */
const char *psse_section_name(psse_section section);
/* Does the text hold the word, whatever its case? @return behind it, NULL = no */
const char *psse_find(const char *begin, const char *end, const char *word);

/* Field i (from 0) by its name in the manual; `otherwise` where it is left out. Failures name what the record is about. */
bool psse_given(const psse_record *r, int32_t i);
double psse_real(psse *p, const psse_record *r, int32_t i, const char *name, double otherwise);
int32_t psse_int(psse *p, const psse_record *r, int32_t i, const char *name, int32_t otherwise);
/* A whole number from lowest to highest. */
typedef struct {
    int32_t otherwise, lowest, highest;
} psse_range;
int32_t psse_code(psse *p, const psse_record *r, int32_t i, const char *name, psse_range range);
/* 0 or 1, 1 where it is left out. */
bool psse_on(psse *p, const psse_record *r, int32_t i, const char *name);
/* A text without blanks around it, as UTF-8 (what is not, is taken for Latin-1), cut to size. */
void psse_text(const psse_record *r, int32_t i, char *out, size_t size);
/* The same, "1" where it is left out: identifiers of circuits, machines, loads. */
void psse_id(const psse_record *r, int32_t i, char out[PSSE_NAME]);
/* A bus number; its index in the draft, -1 after a failure. At the end of a branch a minus sign may mark the metered end. */
int32_t psse_number(psse *p, const psse_record *r, int32_t i, const char *name);
int32_t psse_bus(psse *p, const psse_record *r, int32_t i, const char *name);
int32_t psse_branch_end(psse *p, const psse_record *r, int32_t i, const char *name);

/* ---- tables --------------------------------------------------------------------------------- */

/* One record each (psse_tables.c); the record under the eye may be followed by more lines of it. */
void psse_read_bus(psse *p, psse_record *r);
void psse_read_load(psse *p, psse_record *r);
void psse_read_fixed_shunt(psse *p, psse_record *r);
void psse_read_generator(psse *p, psse_record *r);
void psse_read_branch(psse *p, psse_record *r);
void psse_read_switch(psse *p, psse_record *r);
void psse_read_switched_shunt(psse *p, psse_record *r);
void psse_read_area(psse *p, psse_record *r);
/* Areas with names of their own become regions. */
void psse_make_regions(psse *p);
/* A shunt at a bus, unless the bus is dead or both are 0. */
void psse_add_shunt(psse *p, int32_t line, int32_t i_bus, double g_mw, double b_mvar);

void psse_read_transformer(psse *p, psse_record *r); /* psse_transformer.c */
void psse_read_dc_line(psse *p, psse_record *r);     /* psse_dc.c */
void psse_read_vsc(psse *p, psse_record *r);

#endif
