/* Small PSS/E RAW texts put together from sections, for the tests. */
#ifndef TESTS_FORMATS_PSSE_TEXT_H
#define TESTS_FORMATS_PSSE_TEXT_H

#include "scratch.h"

/* Records of each section with their line ends; NULL = none. Sections end with a bare 0: their place alone names them. */
typedef struct {
    int version;
    const char *system, *bus, *load, *shunt, *gen, *branch, *device, *transformer, *area, *dc, *vsc, *correction,
        *multi_dc, *multi_line, *zone, *transfer, *owner, *facts, *switched, *gne, *machine, *substation;
} raw_parts;

#define BUS_1 "1,'SLACK',230,3\n"
#define BUS_2 "2,'TOWN',115,1\n"
#define BUS_3 "3,'WELL',13.8,1\n"
#define GEN_1 "1,'1',40,5\n"
#define LOAD_2 "2,'1',1,1,1,50,10\n"
#define LINE_12 "1,2,'1',0.01,0.1,0.02\n"

/* What is not given comes from a grid of two buses. Borrowed until the call after the next. */
static inline const char *raw_text(raw_parts t)
{
    static char text[2][8192];
    static int turn;
    char *s = text[turn++ % 2];
    const int version = t.version ? t.version : 33;
    const char *const part[] = {version >= 34 ? (t.system ? t.system : "") : NULL,
                                t.bus ? t.bus : BUS_1 BUS_2,
                                t.load ? t.load : LOAD_2,
                                t.shunt ? t.shunt : "",
                                t.gen ? t.gen : GEN_1,
                                t.branch ? t.branch : LINE_12,
                                version >= 34 ? (t.device ? t.device : "") : NULL,
                                t.transformer ? t.transformer : "",
                                t.area ? t.area : "",
                                t.dc ? t.dc : "",
                                t.vsc ? t.vsc : "",
                                t.correction ? t.correction : "",
                                t.multi_dc ? t.multi_dc : "",
                                t.multi_line ? t.multi_line : "",
                                t.zone ? t.zone : "",
                                t.transfer ? t.transfer : "",
                                t.owner ? t.owner : "",
                                t.facts ? t.facts : "",
                                t.switched ? t.switched : "",
                                t.gne ? t.gne : "",
                                t.machine ? t.machine : "",
                                version >= 34 ? (t.substation ? t.substation : "") : NULL};
    size_t n = (size_t)snprintf(s, sizeof text[0], "0,100.0,%d,0,0,50.0\nsmall\n\n", version);
    for (size_t k = 0; k < sizeof part / sizeof part[0]; k++) {
        if (part[k])
            n += (size_t)snprintf(s + n, sizeof text[0] - n, "%s0\n", part[k]);
    }
    snprintf(s + n, sizeof text[0] - n, "Q\n");
    return s;
}

static inline sv_status raw_parse(sv_grid **grid, const char *text, sv_error *err)
{
    *err = (sv_error){0};
    return sv_psse_parse(grid, "case.raw", text, strlen(text), err);
}

#define RAW_MUST_PARSE(grid, source)                                                                                   \
    do {                                                                                                               \
        sv_error error_;                                                                                               \
        if (raw_parse(&(grid), (source), &error_))                                                                     \
            fail_msg("%s", error_.text);                                                                               \
    } while (0)

static inline bool near(double a, double b)
{
    return fabs(a - b) <= 1e-12 * fmax(1.0, fabs(b));
}

#endif
