/* The settings of a scenario as a list, to find one and to compare. Private to the store. */
#ifndef SVITLO_STORE_SETTINGS_H
#define SVITLO_STORE_SETTINGS_H

#include "svitlo/store.h"

typedef struct {
    int32_t n, room;
    struct sv_setting_pair {
        const char *key, *value;
    } * pair; /* [n] in the order of the schema */
    sv_arena *arena;
} sv_setting_list;

/** All settings of a scenario, copied into the arena. @return SV_ENOMEM */
SV_MUST_USE sv_status sv_setting_list_read(sv_setting_list *list, sv_arena *arena, const sv_scenario *scenario,
                                           sv_error *err);
/** @return the value of a key, NULL = it has none */
const char *sv_setting_value(const sv_setting_list *list, const char *key);

/** Does a setting make a difference to a season? Names, the path of the grid and how many seasons there are do not. */
bool sv_setting_matters(const char *key);

#endif
