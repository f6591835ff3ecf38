/* The tables of a results file. Private to the store. */
#ifndef SVITLO_STORE_SCHEMA_H
#define SVITLO_STORE_SCHEMA_H

#include <stdint.h>

enum {
    SV_STORE_APPLICATION_ID = 0x53564954, /* "SVIT" */
    SV_STORE_SCHEMA_VERSION = 3           /* user_version; grows with every change of the tables */
};

typedef enum {
    SV_T_RUN = 0,
    SV_T_SETTING,
    SV_T_METRIC,
    SV_T_REGION,
    SV_T_SITE,
    SV_T_LINE,
    SV_T_LEVER,
    SV_T_LEVER_PART,
    SV_T_LEVER_SETTING,
    SV_T_SEASON,
    SV_T_SEASON_REGION,
    SV_T_SEASON_CLASS,
    SV_T_EVENT,
    SV_T_LEVER_SEASON,
    SV_T_HOUR,
    SV_T_SITE_TOTAL,
    SV_T_SUMMARY,
    SV_T_CAUSE,
    SV_T_COURSE,
    SV_T_REGION_DAY,
    SV_T_LEVER_SUMMARY,
    SV_T_LEVER_REGION,
    SV_T_AC_CHECK,
    SV_T_STATE,
    SV_N_STORE_TABLE
} sv_store_table;

/** Name and columns, as CREATE TABLE takes them; n_column of them are written, in this order. */
typedef struct {
    const char *name;
    int32_t n_column;
    const char *columns; /* and constraints */
    const char *suffix;  /* after the closing bracket; "" = rows are in the order in which they were written */
} sv_store_table_text;

extern const sv_store_table_text sv_store_tables[SV_N_STORE_TABLE];

/** A view and its SELECT, which gives its rows an order. */
typedef struct {
    const char *name, *select;
} sv_store_view_text;

enum { SV_N_STORE_VIEW = 8 };
extern const sv_store_view_text sv_store_views[SV_N_STORE_VIEW];

/** Indexes: one text, several statements. */
extern const char *const sv_store_indexes;

#endif
