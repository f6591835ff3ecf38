/* What a results file says before the first season: the run and its settings, the levers, and what the grid knows.
 * Written once; a resumed run writes the part again that its own command may change. */
#include "settings.h"
#include "table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the grid ------------------------------------------------------------------------------ */

static const struct {
    const char *unit, *meaning;
} metric_words[SV_N_METRIC] = {
    [SV_M_EENS_MWH] = {"MWh", "energy not served"},
    [SV_M_LOLE_H] = {"h", "hours with any load not served"},
    [SV_M_PEOPLE_HOURS] = {"person h", "people without power, summed over hours"},
    [SV_M_WORST_MW] = {"MW", "most power not served in one hour"},
    [SV_M_WORST_PEOPLE] = {"persons", "most people without power in one hour"},
    [SV_M_LONGEST_H] = {"h", "longest time that somebody was without power in a row"},
    [SV_M_OFF_4H] = {"persons", "people without power for more than 4 h in a row at least once"},
    [SV_M_OFF_8H] = {"persons", "people without power for more than 8 h in a row at least once"},
    [SV_M_OFF_24H] = {"persons", "people without power for more than 24 h in a row at least once"},
    [SV_M_OFF_72H] = {"persons", "people without power for more than 72 h in a row at least once"},
    [SV_M_EVENTS] = {"count", "outage events of the whole country"},
    [SV_M_EVENT_LENGTH_H] = {"h", "mean length of the season's outage events, 0 without any"},
    [SV_M_WAVES] = {"count", "waves"},
    [SV_M_STRIKES] = {"count", "strikes aimed at sites"},
    [SV_M_INTERCEPTED] = {"count", "strikes intercepted"},
    [SV_M_UNITS_LOST] = {"count", "units damaged"},
    [SV_M_UNITS_REPAIRED] = {"count", "units repaired"},
    [SV_M_DEMAND_MWH] = {"MWh", "energy wanted"},
    [SV_M_RELAXED_MWH] = {"MWh", "branch limits relaxed because they could not be kept, summed over hours"},
};

static sv_status put_metrics(sv_store *store, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t m = 0; m < SV_N_METRIC && status == SV_OK; m++) {
        const sv_cell cell[] = {text(sv_metric_name[m]), text(metric_words[m].unit), text(metric_words[m].meaning)};
        status = sv_store_put(store, SV_T_METRIC, cell, err);
    }
    return status;
}

static sv_status put_regions(sv_store *store, const sv_scenario *scenario, sv_error *err)
{
    const sv_grid *grid = store->grid;
    sv_status status = SV_OK;
    for (int32_t r = 0; r < grid->n_region && status == SV_OK; r++) {
        const sv_region *region = &grid->region[r];
        double people = 0.0, p_mw = 0.0;
        for (int32_t i = 0; i < grid->n_load; i++)
            if (grid->bus[grid->load[i].i_bus].i_region == r) {
                people += sv_season_people(&scenario->season, &grid->load[i]);
                p_mw += grid->load[i].p_mw > 0.0 ? grid->load[i].p_mw : 0.0;
            }
        const sv_cell cell[] = {whole(r),     text(region->id), text(region->name), text(sv_zone_name[region->zone]),
                                real(people), real(p_mw),       real(region->x_km), real(region->y_km)};
        status = sv_store_put(store, SV_T_REGION, cell, err);
    }
    return status;
}

static sv_status put_sites(sv_store *store, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t s = 0; s < store->grid->n_site && status == SV_OK; s++) {
        const sv_site *site = &store->grid->site[s];
        const sv_cell cell[] = {whole(s),
                                text(site->id),
                                text(site->name),
                                text(sv_site_class_name[site->class_]),
                                index_or_null(site->i_region),
                                real(site->x_km),
                                real(site->y_km),
                                whole(site->shelter),
                                whole(site->n_unit)};
        status = sv_store_put(store, SV_T_SITE, cell, err);
    }
    return status;
}

/* ---- lines of the map ---------------------------------------------------------------------- */

typedef struct {
    int32_t i_from, i_to; /* sites, the lower first */
    double vn_kv;
} link;

/* Order: by sites, the highest voltage first. */
static int compare_links(const void *a, const void *b)
{
    const link *x = a, *y = b;
    if (x->i_from != y->i_from)
        return x->i_from < y->i_from ? -1 : 1;
    if (x->i_to != y->i_to)
        return x->i_to < y->i_to ? -1 : 1;
    return x->vn_kv > y->vn_kv ? -1 : x->vn_kv < y->vn_kv;
}

/* Nothing when both ends are of one site, or of none. */
static int32_t add_link(link *at, const sv_grid *grid, int32_t i_from, int32_t i_to)
{
    const sv_bus *from = &grid->bus[i_from], *to = &grid->bus[i_to];
    if (from->i_site < 0 || to->i_site < 0 || from->i_site == to->i_site)
        return 0;
    bool straight = from->i_site < to->i_site;
    *at = (link){straight ? from->i_site : to->i_site, straight ? to->i_site : from->i_site,
                 fmax(from->vn_kv, to->vn_kv)};
    return 1;
}

static sv_status put_lines(sv_store *store, sv_error *err)
{
    const sv_grid *grid = store->grid;
    link *all = SV_TAKE(store->arena, (int64_t)grid->n_branch + grid->n_dc_line, link);
    if (all == NULL)
        return sv_error_set(err, SV_ENOMEM, store->part, 0, "out of memory for the lines");
    int32_t n = 0, n_line = 0;
    for (int32_t i = 0; i < grid->n_branch; i++)
        if (grid->branch[i].in_service)
            n += add_link(&all[n], grid, grid->branch[i].i_from, grid->branch[i].i_to);
    for (int32_t i = 0; i < grid->n_dc_line; i++)
        if (grid->dc_line[i].in_service)
            n += add_link(&all[n], grid, grid->dc_line[i].i_from, grid->dc_line[i].i_to);
    qsort(all, (size_t)n, sizeof *all, compare_links);
    sv_status status = SV_OK;
    for (int32_t i = 0; i < n && status == SV_OK; i++) {
        if (i > 0 && all[i].i_from == all[i - 1].i_from && all[i].i_to == all[i - 1].i_to)
            continue;
        const sv_cell cell[] = {whole(n_line++), whole(all[i].i_from), whole(all[i].i_to), real(all[i].vn_kv)};
        status = sv_store_put(store, SV_T_LINE, cell, err);
    }
    return status;
}

sv_status sv_store_put_grid(sv_store *store, const sv_store_subject *subject, sv_error *err)
{
    sv_status status = put_metrics(store, err);
    if (status == SV_OK)
        status = put_regions(store, subject->scenario, err);
    if (status == SV_OK)
        status = put_sites(store, err);
    return status == SV_OK ? put_lines(store, err) : status;
}

/* ---- the run ------------------------------------------------------------------------------- */

static sv_status put_run(sv_store *store, const sv_scenario *scenario, sv_error *err)
{
    char seed[24], fingerprint[24], first[32];
    sv_date date = sv_date_from_hour(scenario->season.t0_h);
    snprintf(seed, sizeof seed, "%" PRIu64, scenario->study.seed);
    snprintf(fingerprint, sizeof fingerprint, "%016" PRIx64, store->grid->fingerprint);
    snprintf(first, sizeof first, "%04d-%02d-%02d %02d:00", (int)date.year, (int)date.month, (int)date.day,
             (int)date.hour);
    const char *name = scenario->name != NULL ? scenario->name : "";
    const char *grid_name = store->grid->name != NULL ? store->grid->name : "";
    const sv_cell cell[22] = {text("svitlo"), text(SV_VERSION), text(name), text(scenario->path), text(grid_name),
                              text(scenario->grid_path), text(fingerprint), text(seed), whole(scenario->study.n_season),
                              real(scenario->study.until), text(first), whole(scenario->season.n_h), text(""),
                              /* the end fills the rest */
                              [21] = whole(0)};
    sv_status status = sv_store_put(store, SV_T_RUN, cell, err);
    if (status == SV_OK)
        status = sv_store_exec(store, "UPDATE run SET started_utc = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')",
                               "begin the run", err);
    return status;
}

static sv_status put_settings(sv_store *store, const sv_setting_list *list, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t i = 0; i < list->n && status == SV_OK; i++)
        status = sv_store_put(store, SV_T_SETTING,
                              (const sv_cell[]){text(list->pair[i].key), text(list->pair[i].value)}, err);
    return status;
}

/* ---- levers -------------------------------------------------------------------------------- */

static sv_status put_lever(sv_store *store, int32_t i_lever, const sv_lever *lever, sv_error *err)
{
    const sv_sweep *sweep = lever->sweep;
    const char *name = lever->scenario->name != NULL ? lever->scenario->name : "";
    const sv_cell cell[11] = {whole(i_lever),
                              text(name),
                              text(lever->path),
                              real(sv_scenario_cost_eur(lever->scenario)),
                              text(sweep != NULL ? sweep->key : NULL),
                              text(sweep != NULL ? sweep->unit : NULL),
                              real(sweep != NULL ? sweep->x[lever->i_sweep] : (double)NAN),
                              text(sweep != NULL ? sweep->value[lever->i_sweep] : NULL)};
    return sv_store_put(store, SV_T_LEVER, cell, err); /* the end fills the rest */
}

static sv_status put_parts(sv_store *store, int32_t i_lever, const sv_lever *lever, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t p = 0; p < lever->n_part && status == SV_OK; p++)
        status = sv_store_put(store, SV_T_LEVER_PART,
                              (const sv_cell[]){whole(i_lever), whole(p), whole(lever->part[p])}, err);
    return status;
}

/* Only what differs from the base. */
static sv_status put_changes(sv_store *store, int32_t i_lever, const sv_setting_list *base,
                             const sv_setting_list *changed, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t i = 0; i < changed->n && status == SV_OK; i++) {
        const char *key = changed->pair[i].key, *value = changed->pair[i].value;
        const char *before = sv_setting_value(base, key);
        if (!sv_setting_matters(key) || strncmp(key, "study.", 6) == 0 ||
            (before != NULL && strcmp(before, value) == 0))
            continue;
        status =
            sv_store_put(store, SV_T_LEVER_SETTING, (const sv_cell[]){whole(i_lever), text(key), text(value)}, err);
    }
    return status;
}

static sv_status put_levers(sv_store *store, const sv_store_subject *subject, const sv_setting_list *base,
                            sv_arena *arena, sv_error *err)
{
    sv_status status = SV_OK;
    for (int32_t i = 0; i < subject->n_lever && status == SV_OK; i++)
        status = put_lever(store, i, &subject->lever[i], err);
    for (int32_t i = 0; i < subject->n_lever && status == SV_OK; i++) {
        sv_setting_list changed;
        status = put_parts(store, i, &subject->lever[i], err);
        if (status == SV_OK)
            status = sv_setting_list_read(&changed, arena, subject->lever[i].scenario, err);
        if (status == SV_OK)
            status = put_changes(store, i, base, &changed, err);
    }
    return status;
}

sv_status sv_store_put_subject(sv_store *store, const sv_store_subject *subject, sv_error *err)
{
    sv_arena *arena = sv_arena_new(); /* for the call only */
    if (arena == NULL)
        return sv_error_set(err, SV_ENOMEM, store->part, 0, "out of memory for the settings");
    sv_setting_list base;
    sv_status status = put_run(store, subject->scenario, err);
    if (status == SV_OK)
        status = sv_setting_list_read(&base, arena, subject->scenario, err);
    if (status == SV_OK)
        status = put_settings(store, &base, err);
    if (status == SV_OK)
        status = put_levers(store, subject, &base, arena, err);
    sv_arena_free(arena);
    return status;
}
