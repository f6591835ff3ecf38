/* A PSS/E RAW file, version 33, 34 or 35: case identification, then sections in a fixed order, each ended by a record 0, then
 * Q. Comments of the records 0 (END OF BUS DATA, BEGIN LOAD DATA) may skip sections, as programs do that leave some out; a
 * comment that says another section than the one being read means that an end is missing. Linear in the file. */
#include "psse.h"

#include <stdlib.h>
#include <string.h>

#define VERSIONS "33, 34, 35"

/* ---- sections that are read past ------------------------------------------------------------ */

static void pass(psse *p, psse_record *r)
{
    (void)p;
    (void)r;
}

/* Left out, though it takes part in the network while it is in service; field i says whether it is. */
static void leave_out(psse *p, const psse_record *r, int32_t i)
{
    static const struct {
        psse_section section;
        const char *key, *text;
    } kinds[] = {
        {SECTION_FACTS, "facts", "FACTS devices, left out: what they do to voltages and flows is missing"},
        {SECTION_MACHINE, "induction_machines",
         "induction machines, left out: the power that they draw or give is missing"},
        {SECTION_MULTI_DC, "multi_terminal_dc",
         "multi-terminal dc lines, left out: the power that they carry is missing"},
        {SECTION_GNE, "gne_devices", "GNE devices, left out: what they do to voltages and flows is missing"},
    };
    char status[8];
    psse_text(r, i, status, sizeof status);
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0] && strcmp(status, "0") != 0; k++) {
        if (kinds[k].section == p->section)
            sv_draft_note(p->draft, kinds[k].key, kinds[k].text, r->line);
    }
}

/* NAME, I, J, MODE, ... */
static void pass_facts(psse *p, psse_record *r)
{
    leave_out(p, r, 3);
}

/* I, ID, STAT, ... */
static void pass_machine(psse *p, psse_record *r)
{
    leave_out(p, r, 2);
}

static void pass_lines(psse *p, const char *what, int64_t n)
{
    psse_record more;
    for (int64_t k = 0; k < n && psse_more(p, &more, what, (int32_t)(k + 2), (int32_t)(n + 1)); k++) {
    }
}

static int32_t count_of(psse *p, const psse_record *r, int32_t i, const char *name)
{
    return psse_code(p, r, i, name, (psse_range){0, 0, 100000});
}

/* NAME, NCONV, NDCBS, NDCLN, MDC, ...; then as many converters, dc buses and dc links */
static void pass_multi_dc(psse *p, psse_record *r)
{
    snprintf(r->what, sizeof r->what, "multi-terminal dc line");
    leave_out(p, r, 4);
    const int64_t n = (int64_t)count_of(p, r, 1, "NCONV") + count_of(p, r, 2, "NDCBS") + count_of(p, r, 3, "NDCLN");
    pass_lines(p, r->what, n);
}

/* NAME, MODEL, NTERM, BUS1, ..., NREAL, NINTG, NCHAR, STATUS, OWNER, NMETR; then reals, whole numbers and texts, ten a line.
 * From 34 on the last three may stand on a line of their own. */
static void pass_gne(psse *p, psse_record *r)
{
    snprintf(r->what, sizeof r->what, "GNE device");
    const int32_t first = 3 + psse_code(p, r, 2, "NTERM", (psse_range){1, 1, PSSE_FIELDS - 6});
    leave_out(p, r, first + 3);
    const int32_t n_real = count_of(p, r, first, "NREAL"), n_int = count_of(p, r, first + 1, "NINTG"),
                  n_text = count_of(p, r, first + 2, "NCHAR");
    const bool own_line = p->version >= 34 && r->n == first + 3 && !r->comment;
    pass_lines(p, r->what, (n_real + 9) / 10 + (n_int + 9) / 10 + (n_text + 9) / 10 + own_line);
}

/* A point of a table may begin with 0.0; the end of the section is a 0 by itself. */
static bool is_lone_zero(const psse_record *r)
{
    return psse_is_end(r) && r->n == 1 && r->field[0].n == 1;
}

/* Fields of a line that are three zeros at the place of a point: the end of a table. */
static bool is_last_point(psse *p, const psse_record *r, int32_t i)
{
    return psse_real(p, r, i, "T", 0.0) == 0.0 && psse_real(p, r, i + 1, "F", 0.0) == 0.0 &&
           psse_real(p, r, i + 2, "F", 0.0) == 0.0;
}

/* 33: I, T1, F1, ..., T11, F11 on one line. From 34 on I, then T, Re F, Im F in lines of six until a point of zeros; a table
 * without one ends with its section. */
static void pass_correction(psse *p, psse_record *r)
{
    snprintf(r->what, sizeof r->what, "impedance correction table");
    int32_t i = 1;
    while (p->version >= 34) {
        for (; i + 2 < r->n && !p->status; i += 3) {
            if (is_last_point(p, r, i))
                return;
        }
        const psse before = *p;
        if (!psse_next(p, r))
            return;
        if (is_lone_zero(r) || psse_is_quit(r)) { /* to be read again, as what it is */
            p->at = before.at;
            p->line = before.line;
            return;
        }
        i = 0;
    }
}

/* Only the threshold below which a line is a tie says something about the network. */
static void read_system(psse *p, psse_record *r)
{
    const char *s = psse_find(r->text, r->end, "THRSHZ");
    if (!s)
        return;
    while (s < r->end && (*s == ' ' || *s == '='))
        s++;
    psse_record value;
    psse_split(p, &value, s, r->end);
    p->tie_threshold_pu = psse_real(p, &value, 0, "THRSHZ", p->tie_threshold_pu);
    if (!(p->tie_threshold_pu >= 0.0))
        psse_fail(p, r->line, "THRSHZ is %g pu; accepted: 0 or more", p->tie_threshold_pu);
}

/* ---- from section to section ---------------------------------------------------------------- */

typedef void (*read_record)(psse *p, psse_record *r);

static const read_record readers[N_SECTION] = {
    [SECTION_SYSTEM] = read_system,
    [SECTION_BUS] = psse_read_bus,
    [SECTION_LOAD] = psse_read_load,
    [SECTION_FIXED_SHUNT] = psse_read_fixed_shunt,
    [SECTION_GENERATOR] = psse_read_generator,
    [SECTION_BRANCH] = psse_read_branch,
    [SECTION_SWITCH] = psse_read_switch,
    [SECTION_TRANSFORMER] = psse_read_transformer,
    [SECTION_AREA] = psse_read_area,
    [SECTION_DC_LINE] = psse_read_dc_line,
    [SECTION_VSC] = psse_read_vsc,
    [SECTION_CORRECTION] = pass_correction,
    [SECTION_MULTI_DC] = pass_multi_dc,
    [SECTION_MULTI_LINE] = pass,
    [SECTION_ZONE] = pass,
    [SECTION_TRANSFER] = pass,
    [SECTION_OWNER] = pass,
    [SECTION_FACTS] = pass_facts,
    [SECTION_SWITCHED_SHUNT] = psse_read_switched_shunt,
    [SECTION_GNE] = pass_gne,
    [SECTION_MACHINE] = pass_machine,
    [SECTION_SUBSTATION] = pass,
    [SECTION_DONE] = pass,
};

static void enter(psse *p, psse_section section, int32_t line)
{
    p->section = section;
    p->section_line = line;
    p->n_section_record = 0;
}

static psse_section next_section(const psse *p)
{
    psse_section next = p->section < SECTION_DONE ? (psse_section)(p->section + 1) : SECTION_DONE;
    if (p->version < 34 && (next == SECTION_SWITCH || next == SECTION_SUBSTATION))
        next = (psse_section)(next + 1);
    return next;
}

static const char *named(psse_section section)
{
    return section == SECTION_DONE ? "the end" : psse_section_name(section);
}

/* A record 0. */
static void end_section(psse *p, const psse_record *r)
{
    if (r->ends != N_SECTION && r->ends != p->section && p->section != SECTION_DONE) {
        psse_fail(p, r->line,
                  "this record ends %s DATA, but %s DATA has not ended since line %d; accepted: a record 0 "
                  "behind each section",
                  psse_section_name(r->ends), named(p->section), (int)p->section_line);
        return;
    }
    const psse_section next = next_section(p);
    const psse_section begins = r->begins == N_SECTION ? next : r->begins;
    if (begins < next) {
        psse_fail(p, r->line, "this record begins %s DATA, which comes before %s; accepted: the order of PSS/E",
                  psse_section_name(begins), named(p->section));
        return;
    }
    enter(p, begins, r->line);
}

/* Stations hold lists that end with a 0 of their own; nothing of them is needed, so only the last end counts. */
static bool ends_section(const psse *p, const psse_record *r)
{
    if (!psse_is_end(r))
        return false;
    if (p->section == SECTION_SUBSTATION)
        return r->ends == SECTION_SUBSTATION;
    return p->section != SECTION_CORRECTION || is_lone_zero(r);
}

static void read_data(psse *p, psse_record *r)
{
    if (p->section == SECTION_SYSTEM && !r->field[0].quoted && psse_given(r, 0) && r->field[0].text[0] >= '0' &&
        r->field[0].text[0] <= '9')
        enter(p, SECTION_BUS, r->line); /* there was no such data */
    if (p->section == SECTION_DONE) {
        psse_fail(p, r->line, "data behind the last section; accepted: Q");
        return;
    }
    p->n_section_record++;
    readers[p->section](p, r);
}

static void read_sections(psse *p)
{
    psse_record r;
    while (psse_next(p, &r)) {
        if (psse_is_quit(&r) && p->section != SECTION_SYSTEM) {
            if (p->n_section_record > 0 && p->section != SECTION_SUBSTATION)
                psse_fail(p, r.line,
                          "the file ends within %s DATA, which began at line %d; accepted: a record 0 behind "
                          "each section, then Q",
                          named(p->section), (int)p->section_line);
            return;
        }
        if (ends_section(p, &r))
            end_section(p, &r);
        else
            read_data(p, &r);
    }
    if (!p->status && p->section <= SECTION_GNE) /* some programs write no Q; the sections must then be whole */
        psse_fail(p, p->line,
                  "the file ends within %s DATA, which began at line %d; accepted: a record 0 behind each "
                  "section, then Q",
                  named(p->section), (int)p->section_line);
}

/* ---- the head ------------------------------------------------------------------------------ */

/* "PSS/E-30.3" and the like: programs named the version there before the record had a place for it. */
static int32_t version_in_comment(const psse_record *r)
{
    const char *s = r->comment ? psse_find(r->comment, r->end, "E-") : NULL;
    int32_t version = 0;
    for (; s && s < r->end && *s >= '0' && *s <= '9' && version < 1000; s++)
        version = 10 * version + (*s - '0');
    return version;
}

/* IC, SBASE, REV, XFRRAT, NXFRAT, BASFRQ */
static void read_identification(psse *p)
{
    psse_record r;
    if (!psse_next(p, &r)) {
        psse_fail(p, 0, "the file is empty; accepted: a PSS/E RAW file, version " VERSIONS);
        return;
    }
    snprintf(r.what, sizeof r.what, "case identification");
    const int32_t change = psse_int(p, &r, 0, "IC", 0);
    p->base_mva = psse_real(p, &r, 1, "SBASE", 100.0);
    const double version =
        psse_real(p, &r, 2, "REV", (double)version_in_comment(&r)); /* "33.0", and 34.2 counts as 34 */
    const double hertz = psse_real(p, &r, 5, "BASFRQ", 0.0);
    p->km_per_length = hertz == 60.0 ? 1.609344 : 1.0;
    if (p->status)
        return;
    if (version == 0.0)
        psse_fail(p, r.line, "the first record names no version; accepted: a PSS/E RAW file, version " VERSIONS);
    else if (!(version >= 33.0 && version < 36.0))
        psse_fail(p, r.line, "the version of this PSS/E RAW file is %g; accepted: " VERSIONS, version);
    else if (change != 0)
        psse_fail(p, r.line, "IC is %d: the file changes another case; accepted: 0, a whole case", (int)change);
    else
        p->version = (int32_t)version;
}

/* Two lines of any text; the first names the case, where it says something. */
static void read_titles(psse *p)
{
    char name[PSSE_NAME] = "";
    for (int k = 0; k < 2; k++) {
        psse_record title = {.n = 1};
        const char *begin, *end;
        if (!psse_line(p, &begin, &end)) {
            psse_fail(p, p->line, "the file ends before its two title lines");
            return;
        }
        title.field[0] = (psse_field){.text = begin, .n = (size_t)(end - begin)};
        if (k == 0)
            psse_text(&title, 0, name, sizeof name);
    }
    if (name[0] == '\0') {
        snprintf(name, sizeof name, "%s", path_base(p->file));
        const size_t n = strlen(name);
        if (n > 4 && text_same(name + n - 4, ".raw"))
            name[n - 4] = '\0';
    }
    sv_draft_set_name(p->draft, name, p->file);
}

static void read_file(psse *p)
{
    read_identification(p);
    if (!p->status)
        read_titles(p);
    if (p->status)
        return;
    sv_draft_set_base(p->draft, p->base_mva);
    enter(p, p->version >= 34 ? SECTION_SYSTEM : SECTION_BUS, p->line + 1);
    read_sections(p);
    if (!p->status)
        psse_make_regions(p);
}

sv_status sv_psse_parse(sv_grid **grid, const char *name, const char *text, size_t n, sv_error *err)
{
    *grid = NULL;
    sv_error own = {0}; /* a row lost for want of memory must not read as bad data */
    psse p = {.file = name, .at = text, .end = text + n, .err = &own, .tie_threshold_pu = 1e-4};
    if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        p.at += 3;
    p.arena = sv_arena_new();
    p.draft = sv_draft_new();
    if (p.arena && p.draft) {
        read_file(&p);
        if (!p.status)
            p.status = sv_grid_new(grid, p.draft, &own);
    }
    if (!p.arena || !p.draft || sv_draft_failed(p.draft) || sv_arena_failed(p.arena)) {
        sv_grid_free(grid);
        p.status = sv_error_set(err, SV_ENOMEM, name, 0, "out of memory");
    } else if (p.status) {
        error_pass(&own, err);
    }
    sv_draft_free(&p.draft);
    sv_arena_free(p.arena);
    return p.status;
}

sv_status sv_psse_read(sv_grid **grid, const char *path, sv_error *err)
{
    *grid = NULL;
    text_file file;
    sv_status status = text_load(&file, path, err);
    if (status)
        return status;
    status = sv_psse_parse(grid, path, file.data, file.n, err);
    text_free(&file);
    return status;
}
