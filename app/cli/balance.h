/* What the parts of `svitlo balance` share: one damage state, and who goes without. */
#ifndef SVITLO_CLI_BALANCE_H
#define SVITLO_CLI_BALANCE_H

#include "svitlo/balance.h"

typedef struct {
    const char *grid_path, *off_path[3]; /* by sv_out_kind */
    const char *out_path;
    double scale;
    bool json, copper_plate;
} balance_options;

/** All that one solve needs and gives. */
typedef struct {
    const balance_options *opt;
    sv_grid *grid;
    sv_state *state;
    sv_balance *balance;
    sv_arena *arena;
    sv_balance_input input;
    sv_balance_result result;
    sv_balance_info info;
    double seconds;
} balance_work;

void balance_print(const balance_work *self);
/** @return exit code */
int balance_print_json(const balance_work *self);
/** May the file be written there? @return SV_OK; SV_EUSAGE for another file, SV_EIO */
SV_MUST_USE sv_status balance_check_target(const char *path, sv_error *err);
/** A row a load, in the order of the tables, whole or not at all. @return SV_OK; SV_EIO */
SV_MUST_USE sv_status balance_write(const balance_work *self, const char *path, sv_error *err);

#endif
