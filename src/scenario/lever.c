/* What only levers have: a base, what they add, what they cost. Sums are made once all levers are read, in ascending
 * order, so that they do not depend on the order of the levers. Linear in the keys. */
#include "private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- its base ----------------------------------------------------------------------------------- */

sv_status lever_base_path(reader *self, const scenario_file *lever, const char **path)
{
    const node *base = lever->base;
    if (base->kind != NODE_TEXT || base->text[0] == '\0' || strlen(base->text) > MOST_GRID)
        return fail(self->err, (spot){lever->path, base->line, base->column},
                    "base %s; accepted: the path of a scenario, seen from the lever's folder",
                    base->kind == NODE_MAP    ? "is a map"
                    : base->kind == NODE_LIST ? "is a list"
                    : base->text[0] == '\0'   ? "has no value"
                                              : "is too long");
    const char *slash = strrchr(lever->path, '/');
    size_t n = base->text[0] != '/' && slash != NULL ? (size_t)(slash - lever->path) + 1 : 0;
    char *joined = SV_TAKE(self->arena, n + strlen(base->text) + 1, char);
    if (joined == NULL)
        return fail_memory(self->err);
    memcpy(joined, lever->path, n);
    strcpy(joined + n, base->text);
    *path = joined;
    return SV_OK;
}

/* ---- its keys ------------------------------------------------------------------------------------ */

static sv_status read_add(reader *self, const node *add)
{
    if (strcmp(add->key, "add") != 0)
        return layer_read_key(self, "", add->key + strlen("add."), add);
    if (add->kind != NODE_MAP)
        return fail(self->err, spot_of(self, add), "add %s; accepted: a map, as {spares: {autotransformer: 12}}",
                    add->kind == NODE_LIST ? "is a list"
                    : add->empty           ? "has no value"
                                           : "is one value");
    sv_status status = SV_OK;
    for (const node *value = add->child; value != NULL && status == SV_OK; value = value->next)
        status = layer_read_key(self, "", value->key, value);
    return status;
}

static bool is_add(const char *key)
{
    return strcmp(key, "add") == 0 || (strncmp(key, "add.", 4) == 0 && key[4] != '\0');
}

sv_status lever_read(reader *self, const scenario_file *lever)
{
    self->file = lever->path;
    self->lined = true;
    self->layer++;
    self->lever = true;
    sv_status status = SV_OK;
    for (int32_t pass = 0; pass < 2; pass++) { /* whatever their order in the file */
        self->adding = pass == 1;
        for (const node *value = lever->root->child; value != NULL && status == SV_OK; value = value->next)
            if (strcmp(value->key, "base") != 0 && strcmp(value->key, "cost") != 0 &&
                is_add(value->key) == self->adding)
                status = self->adding ? read_add(self, value) : layer_read_key(self, "", value->key, value);
    }
    self->lever = self->adding = false;
    return status;
}

sv_status lever_touch(const reader *self, place at, spot where)
{
    const origin *before = &self->origin[at.i_setting][at.i_name];
    char path[MOST_PATH];
    bool own = before->lever == self->layer;
    if (!self->lever || before->lever == 0 || (own && !self->adding) || (before->added && self->adding) ||
        strcmp(schema[at.i_setting].path, "name") == 0)
        return SV_OK;
    place_path(at, path);
    if (own)
        return fail(self->err, where, "%s is set and added to in one lever (line %d); accepted: one of them", path,
                    (int)before->at.line);
    return fail(self->err, where, "%s is %s by %s too (line %d); accepted: levers that set different keys, or add",
                path, before->added ? "added to" : "set", before->at.file, (int)before->at.line);
}

/* ---- add ------------------------------------------------------------------------------------------ */

static sv_status refuse_added(reader *self, place at, const node *value, const char *why)
{
    const setting *row = &schema[at.i_setting];
    char path[MOST_PATH], found[MOST_QUOTE], text[MOST_ACCEPTED] = "";
    builder accepted = {text, 0, sizeof text};
    if (row->kind == KIND_COUNT)
        build(&accepted, "a whole number");
    else if (row->family->unit[0].name[0] == '\0')
        build(&accepted, "a number");
    else
        build(&accepted, "a number with its unit");
    for (int32_t i = 0, n = 0; row->kind != KIND_COUNT && i < row->family->n; i++)
        if (!row->family->unit[i].alias && row->family->unit[i].name[0] != '\0')
            build(&accepted, "%s%s", n++ == 0 ? ": " : ", ", row->family->unit[i].name);
    return fail(self->err, spot_of(self, value), "%s is '%s'%s; accepted to add: %s", place_path(at, path),
                quote(value->text, found), why, text);
}

/* Keep it in the order of keys and values. */
static sv_status keep_addition(reader *self, addition added)
{
    addition **link = &self->addition, *kept = SV_TAKE(self->trees, 1, addition);
    if (kept == NULL)
        return fail_memory(self->err);
    for (; *link != NULL; link = &(*link)->next) {
        place a = (*link)->at, b = added.at;
        bool same = a.i_setting == b.i_setting && a.i_name == b.i_name;
        if (same && (*link)->value >= added.value)
            break;
        if (a.i_setting > b.i_setting || (a.i_setting == b.i_setting && a.i_name > b.i_name))
            break;
    }
    *kept = added;
    kept->next = *link;
    *link = kept;
    return SV_OK;
}

sv_status lever_add(reader *self, place at, const node *value)
{
    const setting *row = &schema[at.i_setting];
    double number = 0.0;
    int64_t whole = 0;
    if (row->kind == KIND_COUNT) {
        text_verdict verdict = text_whole(value->text, &whole);
        if (verdict != TEXT_GOOD)
            return refuse_added(self, at, value, verdict == TEXT_NO_NUMBER ? ", not a whole number" : ", out of range");
        number = (double)whole;
    } else {
        const char *why = value_quantity(row, value->text, &number);
        if (why != NULL)
            return refuse_added(self, at, value, why);
    }
    return keep_addition(self, (addition){.at = at, .value = number, .where = spot_of(self, value)});
}

/* A sum in decimals: 0.7 + 0.1 is 0.8. */
static double sum_of(double a, double b)
{
    char text[40];
    if (b == 0.0)
        return a;
    snprintf(text, sizeof text, "%.15g", a + b);
    return strtod(text, NULL);
}

static const char *text_of_value(const setting *row, double value, char out[MOST_NUMBER])
{
    return row->kind == KIND_COUNT ? text_of_number(value, 0, out) : text_of_quantity(value, row->family, out);
}

static sv_status add_to_key(reader *self, const addition *last, double added)
{
    const setting *row = &schema[last->at.i_setting];
    char path[MOST_PATH], accepted[MOST_ACCEPTED], own_text[MOST_NUMBER], added_text[MOST_NUMBER], text[MOST_NUMBER];
    void *field = value_field(self->draft, last->at);
    double own = row->kind == KIND_COUNT ? *(const int32_t *)field : *(const double *)field;
    place_path(last->at, path);
    if (row->word != NULL && !(own >= row->low))
        return fail(self->err, last->where,
                    "%s is '%s', a word to which nothing can be added; accepted: add to a number, or set %s", path,
                    row->word, path);
    double sum = sum_of(own, added);
    if (!(sum >= row->low && sum <= row->high))
        return fail(self->err, last->where, "%s is %s, and %s added is %s, out of range; accepted: %s", path,
                    text_of_value(row, own, own_text), text_of_value(row, added, added_text),
                    text_of_value(row, sum, text), value_accepted(row, accepted));
    if (row->kind == KIND_COUNT)
        *(int32_t *)field = (int32_t)sum;
    else
        *(double *)field = sum;
    return SV_OK;
}

sv_status lever_settle(reader *self)
{
    double added = 0.0;
    for (const addition *a = self->addition; a != NULL; a = a->next) {
        added = sum_of(added, a->value);
        bool last = a->next == NULL || a->next->at.i_setting != a->at.i_setting || a->next->at.i_name != a->at.i_name;
        sv_status status = last ? add_to_key(self, a, added) : SV_OK;
        if (status != SV_OK)
            return status;
        added = last ? 0.0 : added;
    }
    return SV_OK;
}

/* ---- cost ----------------------------------------------------------------------------------------- */

enum { MOST_COST = 100 };

static const unit euro_unit[] = {
    {"M EUR", 1.0, 6, false}, {"EUR", 1.0, 0, false}, {"k EUR", 1.0, 3, false}, {"bn EUR", 1.0, 9, false}};
static const unit_family euros = {4, euro_unit};
static const setting cost_row = {.path = "cost", .kind = KIND_NUMBER, .family = &euros, .high = 1e12};

static sv_status read_amount(reader *self, const char *what, const node *value, double *eur)
{
    char accepted[MOST_ACCEPTED], found[MOST_QUOTE], shown[MOST_QUOTE];
    const char *why = ", not an amount";
    if (value->kind == NODE_TEXT && !value->empty) {
        why = value_quantity(&cost_row, value->text, eur);
        if (why == NULL && *eur >= cost_row.low && *eur <= cost_row.high)
            return SV_OK;
        why = why == NULL ? ", out of range" : why;
    }
    bool text = value->kind == NODE_TEXT && !value->empty;
    return fail(self->err, spot_of(self, value), "cost%s%s %s%s%s%s; accepted: %s%s", what != NULL ? " of " : "",
                what != NULL ? quote(what, shown) : "",
                text           ? "is '"
                : value->empty ? "has no value"
                               : "is a list or map",
                text ? quote(value->text, found) : "", text ? "'" : "", text ? why : "",
                value_accepted(&cost_row, accepted),
                what == NULL ? ", or a map of what is bought, as {20 shelters: 55 M EUR}" : "");
}

static sv_status read_items(reader *self, const node *map, sv_cost *cost)
{
    char found[MOST_QUOTE];
    sv_status status = SV_OK;
    for (const node *item = map->child; item != NULL && status == SV_OK; item = item->next, cost++) {
        if (strlen(item->key) > MOST_TEXT)
            return fail(self->err, spot_of_key(self, item), "cost has '%s', too long; accepted: at most %d bytes",
                        quote(item->key, found), MOST_TEXT);
        cost->what = sv_arena_text(self->arena, item->key);
        if (cost->what == NULL)
            return fail_memory(self->err);
        status = read_amount(self, item->key, item, &cost->eur);
    }
    return status;
}

static const node *cost_of(const scenario_file *lever)
{
    const node *value = lever->root->child;
    while (value != NULL && strcmp(value->key, "cost") != 0)
        value = value->next;
    return value;
}

/* How many items one lever names. */
static sv_status count_items(reader *self, const node *value, int32_t *n)
{
    *n = value == NULL ? 0 : value->kind == NODE_MAP ? value->n_child : 1;
    if (value != NULL && (*n == 0 || *n > MOST_COST))
        return fail(self->err, spot_of(self, value), "cost is a map of %d items; accepted: 1 to %d", (int)*n,
                    MOST_COST);
    return SV_OK;
}

sv_status lever_costs(reader *self, const scenario_file *lever, const char *const *name, int32_t n_lever)
{
    sv_scenario *scenario = &self->draft->self;
    sv_cost *cost = SV_TAKE(self->arena, (size_t)n_lever * MOST_COST, sv_cost);
    if (cost == NULL)
        return fail_memory(self->err);
    sv_status status = SV_OK;
    bool all_named = true; /* half of a cost would look like a bargain */
    for (int32_t i = 0; i < n_lever && status == SV_OK; i++) {
        const node *value = cost_of(&lever[i]);
        int32_t n = 0;
        self->file = lever[i].path;
        status = count_items(self, value, &n);
        all_named = all_named && n > 0;
        if (status != SV_OK || n == 0)
            continue;
        sv_cost *own = &cost[scenario->n_cost];
        scenario->n_cost += n;
        if (value->kind == NODE_MAP) {
            status = read_items(self, value, own);
        } else {
            own->what = n_lever > 1 ? name[i] : NULL;
            status = read_amount(self, NULL, value, &own->eur);
        }
    }
    scenario->cost = cost;
    scenario->n_cost = all_named ? scenario->n_cost : 0;
    return status;
}

double sv_scenario_cost_eur(const sv_scenario *scenario)
{
    double sum = 0.0;
    for (int32_t i = 0; i < scenario->n_cost; i++)
        sum += scenario->cost[i].eur;
    return scenario->n_cost > 0 ? sum : (double)NAN;
}
