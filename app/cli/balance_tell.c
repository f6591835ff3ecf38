/* What `svitlo balance` found, as text, JSON and CSV: how many go without, then who. Loads stand in the order of the grid's
 * tables, never by what their loss would cost (docs/MISUSE.md). */
#include "balance.h"
#include "cli.h"
#include "json.h"
#include "lines.h"
#include "table.h"

#include <stdio.h>
#include <string.h>

enum { N_MOST_NAMED = 8 };
static const double ROOM_MW = 1e-6;
static const char head[] = "row,load_id,bus_id,class,demand_mw,served_mw,shed_mw,people,people_without\n";

/* ---- who goes without ---------------------------------------------------------------------- */

static double demand_of(const balance_work *self, int32_t d)
{
    double mw = self->input.load_mw[d];
    return mw > 0.0 ? mw : 0.0; /* below 0: a free injection */
}

static double shed_of(const balance_work *self, int32_t d)
{
    double mw = demand_of(self, d) - self->result.served_mw[d];
    return demand_of(self, d) > 0.0 && mw > ROOM_MW ? mw : 0.0;
}

static double people_of(const balance_work *self, int32_t d)
{
    double shed_mw = shed_of(self, d);
    return shed_mw > 0.0 ? self->grid->load[d].people * shed_mw / demand_of(self, d) : 0.0;
}

static double people_off(const balance_work *self)
{
    double people = 0.0;
    for (int32_t d = 0; d < self->grid->n_load; d++)
        people += people_of(self, d);
    return people;
}

static const char *outcome_name(sv_balance_outcome outcome)
{
    return outcome == SV_BALANCE_RELAXED ? "relaxed" : "optimal";
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static json_t *loads_of(const balance_work *self)
{
    const sv_grid *grid = self->grid;
    json_t *list = json_array();
    for (int32_t d = 0; d < grid->n_load; d++) {
        const sv_load *load = &grid->load[d];
        if (shed_of(self, d) > 0.0)
            json_array_append_new(list,
                                  json_pack("{s:i, s:o, s:o, s:s, s:f, s:f, s:f}", "row", (int)d + 1, "load",
                                            flow_json_text(load->id), "bus", flow_json_text(grid->bus[load->i_bus].id),
                                            "class", sv_class_name[load->class_], "demand_mw", demand_of(self, d),
                                            "shed_mw", shed_of(self, d), "people_without", people_of(self, d)));
    }
    return list;
}

static json_t *relaxed_of(const balance_work *self)
{
    const int32_t *branch = NULL;
    const double *by_mw = NULL;
    int32_t n = sv_balance_relaxed(self->balance, &branch, &by_mw);
    json_t *relaxed = json_array();
    for (int32_t k = 0; k < n; k++)
        json_array_append_new(relaxed, json_pack("{s:o, s:f}", "branch",
                                                 flow_json_text(self->grid->branch[branch[k]].id), "by_mw", by_mw[k]));
    return relaxed;
}

static json_t *warnings_of(const sv_grid *grid)
{
    json_t *list = json_array();
    for (int32_t k = 0; k < grid->n_note; k++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:i}", "key", grid->note[k].key, "text", grid->note[k].text,
                                              "count", (int)grid->note[k].count));
    return list;
}

int balance_print_json(const balance_work *self)
{
    const sv_balance_info *info = &self->info;
    double people = sv_grid_people(self->grid);
    json_t *root = json_pack("{s:s, s:o, s:f, s:f, s:s, s:f, s:i, s:f}", "version", SV_VERSION, "grid",
                             flow_json_text(self->opt->grid_path), "demand_mw", info->demand_mw, "shed_mw",
                             info->shed_mw, "outcome", outcome_name(info->outcome), "relaxed_mw", info->relaxed_mw,
                             "islands", (int)info->n_island, "seconds", self->seconds);
    json_t *classes = json_object();
    for (int c = 0; c < SV_N_CLASS; c++)
        json_object_set_new(classes, sv_class_name[c], json_real(info->shed_class_mw[c]));
    if (root == NULL)
        return flow_json_print(NULL);
    json_object_set_new(root, "people", people > 0.0 ? json_real(people) : json_null());
    json_object_set_new(root, "people_without", people > 0.0 ? json_real(people_off(self)) : json_null());
    json_object_set_new(root, "scale", json_real(self->opt->scale));
    json_object_set_new(root, "network", json_string(self->opt->copper_plate ? "none" : "dc"));
    json_object_set_new(root, "shed_class_mw", classes);
    json_object_set_new(root, "loads_shed", loads_of(self));
    json_object_set_new(root, "relaxed_branches", relaxed_of(self));
    json_object_set_new(root, "warnings", warnings_of(self->grid));
    return flow_json_print(root);
}

/* ---- text ---------------------------------------------------------------------------------- */

static void put_load(const balance_work *self, int32_t d)
{
    const sv_load *load = &self->grid->load[d];
    char a[64], b[64], line[384];
    int n = snprintf(line, sizeof line, "load %.60s at bus %.40s, %s: ", load->id, self->grid->bus[load->i_bus].id,
                     sv_class_name[load->class_]);
    if (people_of(self, d) > 0.0)
        n += snprintf(line + n, sizeof line - (size_t)n, "%s people, ", sv_cli_thousands(people_of(self, d), 0, a));
    snprintf(line + n, sizeof line - (size_t)n, "%s of %s", line_power(shed_of(self, d), "MW", a),
             line_power(demand_of(self, d), "MW", b));
    printf("  ");
    line_wrapped(line, 2);
}

static void print_loads(const balance_work *self)
{
    int32_t n = 0;
    for (int32_t d = 0; d < self->grid->n_load; d++)
        n += shed_of(self, d) > 0.0;
    if (n == 0)
        return;
    printf("Without power         %d of %d %s, in the order of the tables\n", (int)n, (int)self->grid->n_load,
           line_plural(self->grid->n_load, "load", "loads"));
    for (int32_t d = 0, k = 0; d < self->grid->n_load && k < N_MOST_NAMED; d++)
        if (shed_of(self, d) > 0.0) {
            put_load(self, d);
            k++;
        }
    if (n > N_MOST_NAMED)
        printf("  and %d more (--json and --out name all)\n", (int)(n - N_MOST_NAMED));
}

static void print_relaxed(const balance_work *self)
{
    const int32_t *branch = NULL;
    const double *by_mw = NULL;
    char a[32];
    int32_t n = sv_balance_relaxed(self->balance, &branch, &by_mw);
    if (n > 0)
        printf("Limits passed         %s MW in all: phase shifters force flows that no dispatch can undo\n",
               sv_cli_thousands(self->info.relaxed_mw, 1, a));
    for (int32_t k = 0; k < n && k < N_MOST_NAMED; k++)
        printf("  branch %-12s by %s MW\n", self->grid->branch[branch[k]].id, sv_cli_thousands(by_mw[k], 1, a));
    if (n > N_MOST_NAMED)
        printf("  and %d more (--json names all)\n", (int)(n - N_MOST_NAMED));
}

void balance_print(const balance_work *self)
{
    const sv_balance_info *info = &self->info;
    char a[32], b[32];
    double share = info->demand_mw > 0.0 ? 100.0 * info->shed_mw / info->demand_mw : 0.0;
    if (sv_grid_people(self->grid) > 0.0)
        printf("People without power  %s of %s\n", sv_cli_thousands(people_off(self), 0, a),
               sv_cli_thousands(sv_grid_people(self->grid), 0, b));
    printf("Load shed             %s MW of %s MW demand (%.2f %%)\n", sv_cli_thousands(info->shed_mw, 1, a),
           sv_cli_thousands(info->demand_mw, 1, b), share);
    for (int c = 0; c < SV_N_CLASS; c++)
        if (info->shed_class_mw[c] > 0.0)
            printf("  %-19s %s MW\n", sv_class_name[c], sv_cli_thousands(info->shed_class_mw[c], 1, a));
    print_loads(self);
    printf("Islands               %d\n", (int)info->n_island);
    print_relaxed(self);
    for (int32_t k = 0; k < self->grid->n_note; k++) {
        char line[256];
        snprintf(line, sizeof line, "Warning: %d %s", (int)self->grid->note[k].count, self->grid->note[k].text);
        line_hanging(line);
    }
}

/* ---- CSV ----------------------------------------------------------------------------------- */

sv_status balance_check_target(const char *path, sv_error *err)
{
    if (path[0] == '\0' || strcmp(path, "-") == 0)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is '%s'; accepted: the name of a file", path);
    if (strlen(path) >= FLOW_PATH)
        return sv_error_set(err, SV_EUSAGE, NULL, 0, "--out is too long a name; accepted: at most %d bytes",
                            FLOW_PATH - 1);
    return table_check(path, head, "balance", err);
}

sv_status balance_write(const balance_work *self, const char *path, sv_error *err)
{
    const sv_grid *grid = self->grid;
    char part[FLOW_PATH + TABLE_BESIDE];
    FILE *out = table_open(path, part);
    if (out == NULL)
        return table_cannot_write(path, err);
    fputs(head, out);
    for (int32_t d = 0; d < grid->n_load && !ferror(out); d++) {
        const sv_load *load = &grid->load[d];
        fprintf(out, "%d,", (int)d + 1);
        table_put_text(out, load->id);
        fputc(',', out);
        table_put_text(out, grid->bus[load->i_bus].id);
        fprintf(out, ",%s", sv_class_name[load->class_]);
        table_put_real(out, demand_of(self, d));
        table_put_real(out, demand_of(self, d) - shed_of(self, d));
        table_put_real(out, shed_of(self, d));
        table_put_real(out, load->people);
        table_put_real(out, people_of(self, d));
        fputc('\n', out);
    }
    sv_status status = table_close(out, part, err);
    return status == SV_OK ? table_rename(part, path, err) : status;
}
