/* The tables of a results file. Private to the store. */
#ifndef SVITLO_STORE_SCHEMA_H
#define SVITLO_STORE_SCHEMA_H

#include <stdint.h>

enum {
    SV_STORE_APPLICATION_ID = 0x53564954, /* "SVIT" */
    SV_STORE_SCHEMA_VERSION = 1           /* user_version; grows with every change of the tables */
};

typedef enum {
    SV_T_RUN = 0,
    SV_T_SETTING,
    SV_T_METRIC,
    SV_T_REGION,
    SV_T_SITE,
    SV_T_SEASON,
    SV_T_SEASON_REGION,
    SV_T_SEASON_CLASS,
    SV_T_EVENT,
    SV_T_HOUR,
    SV_T_SITE_TOTAL,
    SV_T_SUMMARY,
    SV_N_STORE_TABLE
} sv_store_table;

/** Name and columns, as CREATE TABLE takes them; n_column of them are written, in this order. */
typedef struct {
    const char *name;
    int32_t n_column;
    const char *columns; /* and constraints */
    const char *suffix;  /* after the closing bracket */
} sv_store_table_text;

extern const sv_store_table_text sv_store_tables[SV_N_STORE_TABLE];

/** Indexes and views: one text, several statements. */
extern const char *const sv_store_views;

#endif
