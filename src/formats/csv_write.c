/* A grid as a folder of CSV tables, in the columns that csv_tables.c reads. All files are written beside their names first
 * and renamed together at the end, so a full disk leaves the old grid. Numbers read back as the same numbers: the grid that
 * comes back has the same fingerprint. Linear. */
#include "kinds.h"
#include "text.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    FILE *f;
    const sv_grid *g;
    bool fresh; /* nothing in this row yet */
} sheet;

/* ---- cells --------------------------------------------------------------------------------- */

static void next_cell(sheet *s)
{
    if (!s->fresh)
        fputc(',', s->f);
    s->fresh = false;
}

static void end_row(sheet *s)
{
    fputc('\n', s->f);
    s->fresh = true;
}

/* Quoted where a reader would otherwise split or trim it. */
static void put_text(sheet *s, const char *text)
{
    next_cell(s);
    const size_t n = text ? strlen(text) : 0;
    if (n == 0)
        return;
    if (!strpbrk(text, ",\"\n\r") && !strchr(" \t", text[0]) && !strchr(" \t", text[n - 1])) {
        fputs(text, s->f);
        return;
    }
    fputc('"', s->f);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', s->f);
        fputc(*text, s->f);
    }
    fputc('"', s->f);
}

static void put_real(sheet *s, double value)
{
    char text[REAL_TEXT];
    next_cell(s);
    fputs(real_text(value, text), s->f);
}

static void put_int(sheet *s, int64_t value)
{
    next_cell(s);
    fprintf(s->f, "%lld", (long long)value);
}

static void put_bus(sheet *s, int32_t i_bus)
{
    put_text(s, s->g->bus[i_bus].id);
}

static void put_series_id(sheet *s, int32_t i_series)
{
    put_text(s, i_series < 0 ? NULL : s->g->series[i_series].id);
}

static void put_head(sheet *s, const char *head)
{
    s->fresh = true;
    fputs(head, s->f);
    fputc('\n', s->f);
}

/* ---- tables -------------------------------------------------------------------------------- */

static void put_grid(sheet *s)
{
    put_head(s, "Name,Base MVA");
    put_text(s, s->g->name);
    put_real(s, s->g->base_mva);
    end_row(s);
}

static void put_regions(sheet *s)
{
    put_head(s, "Region ID,Region Name,Zone,x_km,y_km,Temperature Series");
    for (int32_t i = 0; i < s->g->n_region; i++) {
        const sv_region *region = &s->g->region[i];
        put_text(s, region->id);
        put_text(s, region->name);
        put_text(s, sv_zone_name[region->zone]);
        put_real(s, region->x_km);
        put_real(s, region->y_km);
        put_series_id(s, region->i_series_temperature);
        end_row(s);
    }
}

static void put_sites(sheet *s)
{
    put_head(s, "Site ID,Site Name,Class,Region,x_km,y_km,Shelter");
    for (int32_t i = 0; i < s->g->n_site; i++) {
        const sv_site *site = &s->g->site[i];
        put_text(s, site->id);
        put_text(s, site->name);
        put_text(s, sv_site_class_name[site->class_]);
        put_text(s, s->g->region[site->i_region].id);
        put_real(s, site->x_km);
        put_real(s, site->y_km);
        put_int(s, site->shelter);
        end_row(s);
    }
}

/* Sum of the loads of each bus, so that readers of plain SourceData see the demand. */
static void put_buses(sheet *s, const double *load)
{
    static const char *const type[] = {"", "PQ", "PV", "Ref", "Dead"};
    const sv_grid *g = s->g;
    put_head(
        s,
        "Bus ID,Bus Name,BaseKV,Bus Type,MW Load,MVAR Load,V Mag,V Angle,Area,Zone,x_km,y_km,V Max,V Min,Site,Region");
    for (int32_t i = 0; i < g->n_bus; i++) {
        const sv_bus *bus = &g->bus[i];
        put_text(s, bus->id);
        put_text(s, bus->name);
        put_real(s, bus->vn_kv);
        put_text(s, type[bus->type]);
        put_real(s, load[(size_t)i * 2]);
        put_real(s, load[(size_t)i * 2 + 1]);
        put_real(s, bus->vm_pu);
        put_real(s, bus->va_deg);
        put_int(s, bus->area);
        put_int(s, bus->zone);
        put_real(s, bus->x_km);
        put_real(s, bus->y_km);
        put_real(s, bus->v_max_pu);
        put_real(s, bus->v_min_pu);
        put_text(s, g->site[bus->i_site].id);
        put_text(s, g->region[bus->i_region].id);
        end_row(s);
    }
}

static void put_branches(sheet *s)
{
    put_head(s,
             "UID,From Bus,To Bus,R,X,B,Cont Rating,LTE Rating,STE Rating,Tr Ratio,Length km,Shift Deg,Angle Min Deg,"
             "Angle Max Deg,MTTF Hr,MTTR Hr,In Service");
    for (int32_t i = 0; i < s->g->n_branch; i++) {
        const sv_branch *b = &s->g->branch[i];
        put_text(s, b->id);
        put_bus(s, b->i_from);
        put_bus(s, b->i_to);
        const double value[] = {b->r_pu,          b->x_pu,   b->b_pu,      b->rate_a_mva, b->rate_b_mva,
                                b->rate_c_mva,    b->tap,    b->length_km, b->shift_deg,  b->angle_min_deg,
                                b->angle_max_deg, b->mttf_h, b->mttr_h};
        for (size_t k = 0; k < sizeof value / sizeof value[0]; k++)
            put_real(s, value[k]);
        put_int(s, b->in_service);
        end_row(s);
    }
}

static void put_costs(sheet *s, const sv_gen *gen)
{
    char text[REAL_TEXT];
    put_int(s, gen->cost_model);
    put_real(s, gen->cost_startup_usd);
    put_real(s, gen->cost_shutdown_usd);
    next_cell(s);
    for (int32_t k = 0; k < gen->n_cost; k++)
        fprintf(s->f, "%s%s", k ? " " : "", real_text(gen->cost[k], text));
}

static void put_gens(sheet *s)
{
    static const char *const type[SV_N_GEN_KIND] = {"THERMAL", "NUCLEAR", "HYDRO", "WIND", "PV", "SYNC_COND"};
    put_head(
        s, "GEN UID,Bus ID,Unit Type,Fuel,MW Inj,MVAR Inj,V Setpoint p.u.,PMax MW,PMin MW,QMax MVAR,QMin MVAR,MTTF Hr,"
           "MTTR Hr,Base MVA,In Service,Series,Cost Model,Startup Cost USD,Shutdown Cost USD,Cost");
    for (int32_t i = 0; i < s->g->n_gen; i++) {
        const sv_gen *gen = &s->g->gen[i];
        put_text(s, gen->id);
        put_bus(s, gen->i_bus);
        put_text(s, type[gen->kind]);
        put_text(s, fuel_of_kind(gen->kind));
        const double value[] = {gen->p_mw,       gen->q_mvar,     gen->vm_pu,  gen->p_max_mw, gen->p_min_mw,
                                gen->q_max_mvar, gen->q_min_mvar, gen->mttf_h, gen->mttr_h,   gen->base_mva};
        for (size_t k = 0; k < sizeof value / sizeof value[0]; k++)
            put_real(s, value[k]);
        put_int(s, gen->in_service);
        put_series_id(s, gen->i_series);
        put_costs(s, gen);
        end_row(s);
    }
}

static void put_storage(sheet *s)
{
    put_head(s, "GEN UID,Bus ID,Power MW,Energy MWh,Round Trip Efficiency,Initial SOC,MTTF Hr,MTTR Hr,In Service");
    for (int32_t i = 0; i < s->g->n_storage; i++) {
        const sv_storage *st = &s->g->storage[i];
        put_text(s, st->id);
        put_bus(s, st->i_bus);
        const double value[] = {st->p_mw, st->energy_mwh, st->efficiency, st->initial_soc, st->mttf_h, st->mttr_h};
        for (size_t k = 0; k < sizeof value / sizeof value[0]; k++)
            put_real(s, value[k]);
        put_int(s, st->in_service);
        end_row(s);
    }
}

static void put_dc_lines(sheet *s)
{
    put_head(s,
             "UID,From Bus,To Bus,MW Load,PMin MW,PMax MW,Loss MW,Loss Share,From MVAR,To MVAR,From V p.u.,To V p.u.,"
             "From QMin MVAR,From QMax MVAR,To QMin MVAR,To QMax MVAR,MTTF Hr,MTTR Hr,In Service");
    for (int32_t i = 0; i < s->g->n_dc_line; i++) {
        const sv_dc_line *dc = &s->g->dc_line[i];
        put_text(s, dc->id);
        put_bus(s, dc->i_from);
        put_bus(s, dc->i_to);
        const double value[] = {dc->p_mw,          dc->p_min_mw,        dc->p_max_mw,        dc->loss_mw,
                                dc->loss_share,    dc->q_from_mvar,     dc->q_to_mvar,       dc->vm_from_pu,
                                dc->vm_to_pu,      dc->q_min_from_mvar, dc->q_max_from_mvar, dc->q_min_to_mvar,
                                dc->q_max_to_mvar, dc->mttf_h,          dc->mttr_h};
        for (size_t k = 0; k < sizeof value / sizeof value[0]; k++)
            put_real(s, value[k]);
        put_int(s, dc->in_service);
        end_row(s);
    }
}

static void put_loads(sheet *s)
{
    put_head(s, "Load ID,Bus ID,Class,MW Load,MVAR Load,People,Series");
    for (int32_t i = 0; i < s->g->n_load; i++) {
        const sv_load *load = &s->g->load[i];
        put_text(s, load->id);
        put_bus(s, load->i_bus);
        put_text(s, sv_class_name[load->class_]);
        put_real(s, load->p_mw);
        put_real(s, load->q_mvar);
        put_real(s, load->people);
        put_series_id(s, load->i_series);
        end_row(s);
    }
}

static void put_shunts(sheet *s)
{
    put_head(s, "Bus ID,MW Shunt G,MVAR Shunt B");
    for (int32_t i = 0; i < s->g->n_shunt; i++) {
        put_bus(s, s->g->shunt[i].i_bus);
        put_real(s, s->g->shunt[i].g_mw);
        put_real(s, s->g->shunt[i].b_mvar);
        end_row(s);
    }
}

static void put_interconnectors(sheet *s)
{
    put_head(s, "Interconnector ID,Name,Bus ID,Limit MW,Series");
    for (int32_t i = 0; i < s->g->n_interconnector; i++) {
        const sv_interconnector *link = &s->g->interconnector[i];
        put_text(s, link->id);
        put_text(s, link->name);
        put_bus(s, link->i_bus);
        put_real(s, link->limit_mw);
        put_series_id(s, link->i_series);
        end_row(s);
    }
}

/* ---- series -------------------------------------------------------------------------------- */

/* The first series with the same hours as this one: they share a file. */
static int32_t file_of_series(const sv_grid *g, int32_t i)
{
    int32_t k = 0;
    while (g->series[k].t0_h != g->series[i].t0_h || g->series[k].n_h != g->series[i].n_h)
        k++;
    return k;
}

static void put_pointers(sheet *s)
{
    put_head(s, "Simulation,Category,Object,Parameter,Scaling Factor,Data File");
    for (int32_t i = 0; i < s->g->n_series; i++) {
        fputs("DAY_AHEAD,Series", s->f);
        s->fresh = false;
        put_text(s, s->g->series[i].id);
        fprintf(s->f, ",Value,1,series_%d.csv", (int)file_of_series(s->g, i) + 1);
        end_row(s);
    }
}

/* All series that share the hours of series `first`. */
static void put_series(sheet *s, int32_t first)
{
    const sv_grid *g = s->g;
    char text[REAL_TEXT];
    fputs("Year,Month,Day,Period", s->f);
    s->fresh = false;
    for (int32_t i = first; i < g->n_series; i++) {
        if (file_of_series(g, i) == first)
            put_text(s, g->series[i].id);
    }
    end_row(s);
    for (int64_t t = 0; t < g->series[first].n_h; t++) {
        const sv_date date = sv_date_from_hour(g->series[first].t0_h + t);
        fprintf(s->f, "%d,%d,%d,%d", (int)date.year, (int)date.month, (int)date.day, (int)date.hour + 1);
        for (int32_t i = first; i < g->n_series; i++) {
            if (file_of_series(g, i) == first)
                fprintf(s->f, ",%s", float_text(g->series[i].value[t], text));
        }
        fputc('\n', s->f);
    }
}

/* ---- the folder ---------------------------------------------------------------------------- */

typedef struct {
    const sv_grid *g;
    const char *folder;
    sv_arena *arena;
    const double *load; /* [n_bus * 2] */
    output *out;        /* all files, closed but not named yet */
    int32_t n_out;
    sv_error *err;
} folder_writer;

typedef void (*put_table)(sheet *s);

/* Open the next file, fill it by one of the calls, close it. */
static sv_status write_file(folder_writer *w, const char *name, put_table put, int32_t i_series)
{
    const char *path = path_join(w->arena, w->folder, name);
    if (!path)
        return sv_error_set(w->err, SV_ENOMEM, w->folder, 0, "out of memory");
    output *out = &w->out[w->n_out];
    sv_status status = output_open(out, w->arena, path, w->err);
    if (status)
        return status;
    w->n_out++;
    sheet s = {out->stream, w->g, true};
    if (put)
        put(&s);
    else if (i_series >= 0)
        put_series(&s, i_series);
    else
        put_buses(&s, w->load);
    return output_close(out, w->err);
}

static sv_status write_files(folder_writer *w)
{
    static const struct {
        const char *name;
        put_table put;
    } files[] = {{"grid.csv", put_grid},
                 {"region.csv", put_regions},
                 {"site.csv", put_sites},
                 {"bus.csv", NULL},
                 {"branch.csv", put_branches},
                 {"gen.csv", put_gens},
                 {"storage.csv", put_storage},
                 {"dc_branch.csv", put_dc_lines},
                 {"load.csv", put_loads},
                 {"shunt.csv", put_shunts},
                 {"interconnector.csv", put_interconnectors},
                 {"timeseries_pointers.csv", put_pointers}};
    enum { N_FILE = sizeof files / sizeof files[0] };
    w->out = SV_TAKE(w->arena, (size_t)N_FILE + (size_t)w->g->n_series, output);
    if (!w->out)
        return sv_error_set(w->err, SV_ENOMEM, w->folder, 0, "out of memory");
    sv_status status = SV_OK;
    for (int k = 0; k < N_FILE && !status; k++)
        status = write_file(w, files[k].name, files[k].put, -1);
    for (int32_t i = 0; i < w->g->n_series && !status; i++) {
        char name[40];
        if (file_of_series(w->g, i) != i)
            continue;
        snprintf(name, sizeof name, "series_%d.csv", (int)i + 1);
        status = write_file(w, name, NULL, i);
    }
    for (int32_t k = 0; k < w->n_out && !status; k++)
        status = output_rename(&w->out[k], w->err);
    return status;
}

static double *sum_loads(sv_arena *arena, const sv_grid *g)
{
    double *sum = SV_TAKE(arena, (size_t)g->n_bus * 2, double);
    for (int32_t i = 0; sum && i < g->n_load; i++) {
        sum[(size_t)g->load[i].i_bus * 2] += g->load[i].p_mw;
        sum[(size_t)g->load[i].i_bus * 2 + 1] += g->load[i].q_mvar;
    }
    return sum;
}

sv_status sv_csv_write(const sv_grid *grid, const char *folder, sv_error *err)
{
    folder_writer w = {.g = grid, .folder = folder, .arena = sv_arena_new(), .err = err};
    w.load = w.arena ? sum_loads(w.arena, grid) : NULL;
    if (!w.load) {
        sv_arena_free(w.arena);
        return sv_error_set(err, SV_ENOMEM, folder, 0, "out of memory");
    }
    sv_status status = SV_OK;
    const bool made = mkdir(folder, 0777) == 0;
    if (!made && errno != EEXIST)
        status = sv_error_set(err, SV_EIO, folder, 0, "cannot be made: %s", strerror(errno));
    if (!status)
        status = write_files(&w);
    for (int32_t k = 0; k < w.n_out; k++)
        output_abort(&w.out[k]);
    if (status && made)
        (void)rmdir(folder); /* only when nothing is left in it */
    sv_arena_free(w.arena);
    return status;
}
