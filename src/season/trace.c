/* What a season leaves behind for its levers. A lever changes only what it touches, so for weeks its hours are the base's:
 * the same units in service, the same stores of energy, hence the same dispatch. The balance starts cold every BLOCK_H, so
 * an hour's answer is a function of the hours since then: as long as all of those are the base's, its answer is taken
 * over, to the bits. Memory is bounded: what does not fit is not kept and gets solved again. */
#include "private.h"

#include <string.h>

enum { MOST_STATE_BYTES = 64 << 20, MOST_SHED = 4 << 20 };

size_t trace_state_bytes(const sv_grid *grid)
{
    return (size_t)grid->n_bus + (size_t)grid->n_branch + (size_t)grid->n_gen + (size_t)grid->n_storage +
           (size_t)grid->n_dc_line;
}

enum { N_STATE_TABLE = 5 };

/* The tables of a state and their lengths, in the order in which they are packed. */
static void list_tables(const sv_state *state, uint8_t *on[N_STATE_TABLE], size_t n[N_STATE_TABLE])
{
    const sv_grid *grid = state->grid;
    uint8_t *all[N_STATE_TABLE] = {state->bus_on, state->branch_on, state->gen_on, state->storage_on,
                                   state->dc_line_on};
    int32_t count[N_STATE_TABLE] = {grid->n_bus, grid->n_branch, grid->n_gen, grid->n_storage, grid->n_dc_line};
    for (int k = 0; k < N_STATE_TABLE; k++) {
        on[k] = all[k];
        n[k] = (size_t)count[k];
    }
}

void trace_pack(const sv_state *state, uint8_t *packed)
{
    uint8_t *on[N_STATE_TABLE];
    size_t n[N_STATE_TABLE];
    list_tables(state, on, n);
    for (int k = 0; k < N_STATE_TABLE; packed += n[k++])
        memcpy(packed, on[k], n[k]);
}

void trace_unpack(const uint8_t *packed, sv_state *state)
{
    uint8_t *on[N_STATE_TABLE];
    size_t n[N_STATE_TABLE];
    list_tables(state, on, n);
    for (int k = 0; k < N_STATE_TABLE; packed += n[k++])
        memcpy(on[k], packed, n[k]);
}

sv_season_trace *sv_season_trace_new(const sv_grid *grid, int64_t n_h)
{
    sv_arena *arena = sv_arena_new();
    sv_season_trace *self = arena != NULL ? SV_TAKE(arena, 1, sv_season_trace) : NULL;
    if (self == NULL) {
        sv_arena_free(arena);
        return NULL;
    }
    size_t n_byte = trace_state_bytes(grid);
    int64_t most_state = MOST_STATE_BYTES / (int64_t)(n_byte + 1), most_shed = n_h * grid->n_load;
    *self = (sv_season_trace){
        .arena = arena,
        .n_h = n_h,
        .n_byte = n_byte,
        .n_storage = grid->n_storage,
        .max_state = n_h < most_state ? n_h : most_state,
        .max_shed = most_shed < MOST_SHED ? most_shed : MOST_SHED,
        .hour = SV_TAKE(arena, n_h, trace_hour),
        .soc_mwh = SV_TAKE(arena, n_h * grid->n_storage, double),
        .storage_mw = SV_TAKE(arena, n_h * grid->n_storage, double),
    };
    self->state = SV_TAKE(arena, (size_t)self->max_state * n_byte, uint8_t);
    self->shed = SV_TAKE(arena, self->max_shed, sv_shed);
    if (sv_arena_failed(arena)) {
        sv_arena_free(arena);
        return NULL;
    }
    return self;
}

void sv_season_trace_free(sv_season_trace **trace)
{
    if (trace == NULL || *trace == NULL)
        return;
    sv_arena_free((*trace)->arena);
    *trace = NULL;
}

/* All settings that an hour's demand, limits and dispatch depend on, beside the state and the stores. */
static trace_dispatch dispatch_of(const sv_season_settings *settings)
{
    trace_dispatch of;
    memset(&of, 0, sizeof of); /* it is compared as bytes */
    of.t0_h = settings->t0_h;
    of.n_h = settings->n_h;
    of.network = settings->network;
    of.number[0] = settings->demand_scale;
    of.number[1] = settings->per_degree_cold;
    of.number[2] = settings->colder_by_c;
    of.number[3] = settings->cold_spread_c;
    of.number[4] = settings->cold_persistence_d;
    of.number[5] = settings->import_limit_mw;
    memcpy(of.class_scale, settings->demand_class_scale, sizeof of.class_scale);
    memcpy(of.weight, settings->weight, sizeof of.weight);
    return of;
}

void trace_begin(sv_season_trace *self, const sv_season_settings *settings, uint64_t seed, int64_t i_season)
{
    self->dispatch = dispatch_of(settings);
    self->seed = seed;
    self->i_season = i_season;
    self->n_state = self->n_shed = 0;
    memset(self->hour, 0, sizeof *self->hour * (size_t)self->n_h); /* all TRACE_UNKNOWN */
}

bool trace_fits(const sv_season_trace *self, const sv_season_settings *settings, uint64_t seed, int64_t i_season)
{
    trace_dispatch ours = dispatch_of(settings);
    return self->seed == seed && self->i_season == i_season && memcmp(&ours, &self->dispatch, sizeof ours) == 0;
}

bool trace_is_same(const sv_season_trace *self, int64_t t_h, const uint8_t *packed, const double *soc_mwh, bool updated)
{
    const trace_hour *hour = &self->hour[t_h];
    size_t n_storage = (size_t)self->n_storage;
    return hour->kind != TRACE_UNKNOWN && hour->updated == updated &&
           memcmp(packed, trace_state(self, t_h), self->n_byte) == 0 &&
           (n_storage == 0 ||
            memcmp(soc_mwh, &self->soc_mwh[(size_t)t_h * n_storage], sizeof *soc_mwh * n_storage) == 0);
}

/* Number of the hour's state: the last one again, or a new one. -1 = no room. */
static int64_t state_number(sv_season_trace *self, const uint8_t *packed)
{
    int64_t last = self->n_state - 1;
    if (last >= 0 && memcmp(packed, &self->state[(size_t)last * self->n_byte], self->n_byte) == 0)
        return last;
    if (self->n_state >= self->max_state)
        return -1;
    memcpy(&self->state[(size_t)self->n_state * self->n_byte], packed, self->n_byte);
    return self->n_state++;
}

void trace_see(sv_season_trace *self, int64_t t_h, const uint8_t *packed, const double *soc_mwh, bool updated)
{
    trace_hour *hour = &self->hour[t_h];
    hour->i_state = state_number(self, packed);
    hour->updated = updated;
    hour->kind = TRACE_UNKNOWN; /* until it is known how it went */
    for (int32_t k = 0; k < self->n_storage; k++)
        self->soc_mwh[t_h * self->n_storage + k] = soc_mwh[k];
}

void trace_keep_plain(sv_season_trace *self, int64_t t_h)
{
    trace_hour *hour = &self->hour[t_h];
    hour->kind = hour->i_state >= 0 ? TRACE_PLAIN : TRACE_UNKNOWN;
}

void trace_keep(sv_season_trace *self, int64_t t_h, const trace_answer *answer)
{
    trace_hour *hour = &self->hour[t_h];
    int64_t n_shed = answer->dark ? answer->n_shed : 0;
    if (hour->i_state < 0 || self->n_shed + n_shed > self->max_shed)
        return;
    hour->kind = answer->dark ? TRACE_DARK : TRACE_LIGHT;
    hour->relaxed = answer->relaxed;
    hour->relaxed_mw = answer->relaxed_mw;
    hour->first_shed = self->n_shed;
    hour->n_shed = n_shed;
    if (n_shed > 0)
        memcpy(&self->shed[self->n_shed], answer->shed, sizeof *self->shed * (size_t)n_shed);
    self->n_shed += n_shed;
    for (int32_t k = 0; k < self->n_storage; k++)
        self->storage_mw[t_h * self->n_storage + k] = answer->storage_mw[k];
}

void trace_take(const sv_season_trace *self, int64_t t_h, trace_answer *answer)
{
    const trace_hour *hour = &self->hour[t_h];
    answer->dark = hour->kind == TRACE_DARK;
    answer->relaxed = hour->relaxed;
    answer->relaxed_mw = hour->relaxed_mw;
    answer->n_shed = (int32_t)hour->n_shed;
    answer->shed = &self->shed[hour->first_shed];
    for (int32_t k = 0; k < self->n_storage; k++)
        answer->storage_mw[k] = self->storage_mw[t_h * self->n_storage + k];
}
