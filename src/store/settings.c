/* Settings as text: what the file keeps, and how two runs are told apart. Some hundreds of them: linear search will do. */
#include "settings.h"

#include <string.h>

static void count_one(void *context, const char *key, const char *value)
{
    (void)key;
    (void)value;
    ((sv_setting_list *)context)->room++;
}

static void keep_one(void *context, const char *key, const char *value)
{
    sv_setting_list *list = context;
    if (list->n >= list->room)
        return;
    list->pair[list->n].key = sv_arena_text(list->arena, key);
    list->pair[list->n].value = sv_arena_text(list->arena, value != NULL ? value : "");
    list->n++;
}

sv_status sv_setting_list_read(sv_setting_list *list, sv_arena *arena, const sv_scenario *scenario, sv_error *err)
{
    *list = (sv_setting_list){.arena = arena};
    sv_scenario_settings(scenario, count_one, list);
    list->pair = SV_TAKE(arena, list->room, struct sv_setting_pair);
    if (list->pair != NULL)
        sv_scenario_settings(scenario, keep_one, list);
    return sv_arena_failed(arena) ? sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory for the settings") : SV_OK;
}

const char *sv_setting_value(const sv_setting_list *list, const char *key)
{
    for (int32_t i = 0; i < list->n; i++)
        if (strcmp(list->pair[i].key, key) == 0)
            return list->pair[i].value;
    return NULL;
}

bool sv_setting_matters(const char *key)
{
    static const char *const not [] = {"name", "grid", "base", "cost", "study.seasons", "study.until", "study.threads"};
    for (size_t i = 0; i < sizeof not / sizeof not [0]; i++)
        if (strcmp(key, not [i]) == 0)
            return false;
    return true;
}
