/* Common random numbers: a truce, a shelter, a cover or a rate changes what it touches and no other bit. */
#include "hazard/country.h"

enum { MAX_RECORD_WAVE = 400, MAX_RECORD_HIT = 40000 };

static const country_plan plain = {.substations = 8, .thermals = 4, .hydros = 3, .units = 3, .sheltered_site = -1};
static const int64_t winter_h = 3624;
static const int64_t day_0_h = 500000; /* hour since 1970 of the season's start */

typedef struct {
    int32_t n_wave, n_hit;
    sv_wave wave[MAX_RECORD_WAVE];
    int32_t first_hit[MAX_RECORD_WAVE + 1];
    sv_hit hit[MAX_RECORD_HIT];
} record;

static void play(record *r, const sv_grid *grid, const sv_wave_settings *settings, uint64_t seed, int64_t i_season)
{
    sv_hazard *hazard = NULL;
    sv_error err = {0};
    sv_status status = sv_hazard_new(&hazard, grid, settings, day_0_h, winter_h, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, SV_OK);
    sv_hazard_reset(hazard, seed, i_season);
    memset(r, 0, sizeof *r);
    while (sv_hazard_next_h(hazard) != INT64_MAX) {
        assert_true(r->n_wave < MAX_RECORD_WAVE);
        const sv_hit *hit = NULL;
        int32_t n = sv_hazard_step(hazard, &r->wave[r->n_wave], &hit);
        assert_true(r->n_hit + n <= MAX_RECORD_HIT);
        for (int32_t k = 0; k < n; k++)
            r->hit[r->n_hit++] = hit[k];
        r->first_hit[++r->n_wave] = r->n_hit;
    }
    sv_hazard_free(&hazard);
}

static bool same_hits(const record *a, int32_t wave_a, const record *b, int32_t wave_b)
{
    int32_t n = a->first_hit[wave_a + 1] - a->first_hit[wave_a];
    if (n != b->first_hit[wave_b + 1] - b->first_hit[wave_b])
        return false;
    for (int32_t k = 0; k < n; k++) {
        const sv_hit *x = &a->hit[a->first_hit[wave_a] + k], *y = &b->hit[b->first_hit[wave_b] + k];
        if (x->i_unit != y->i_unit || x->damage != y->damage)
            return false;
    }
    return true;
}

static bool same_wave(const record *a, int32_t wave_a, const record *b, int32_t wave_b)
{
    const sv_wave *x = &a->wave[wave_a], *y = &b->wave[wave_b];
    return x->t_h == y->t_h && x->size == y->size && x->n_aimed == y->n_aimed && x->n_spared == y->n_spared &&
           x->n_intercepted == y->n_intercepted && x->n_site_hit == y->n_site_hit && same_hits(a, wave_a, b, wave_b);
}

static bool same_record(const record *a, const record *b)
{
    bool same = a->n_wave == b->n_wave;
    for (int32_t i = 0; i < a->n_wave && same; i++)
        same = same_wave(a, i, b, i);
    return same;
}

static sv_damage state_of(const record *r, int32_t i_wave, int32_t i_unit)
{
    for (int32_t k = r->first_hit[i_wave]; k < r->first_hit[i_wave + 1]; k++)
        if (r->hit[k].i_unit == i_unit)
            return r->hit[k].damage;
    return SV_DAMAGE_NONE;
}

static sv_wave_settings busy(void)
{
    sv_wave_settings s = sv_wave_defaults();
    s.rate_per_week = 4.0;
    s.date_h[0] = day_0_h + 1000;
    s.date_h[1] = day_0_h + 2000;
    s.n_date = 2;
    return s;
}

static void add_peace(sv_wave_settings *s, sv_peace_kind kind, int64_t from_h, int64_t to_h, double kept,
                      const char *where)
{
    sv_peace *p = &s->peace[s->n_peace++];
    *p = (sv_peace){.kind = kind, .from_h = from_h, .to_h = to_h, .kept = kept};
    if (where != NULL)
        p->where[p->n_where++] = where;
}

static void same_key_same_bits(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    static record a, b;
    sv_wave_settings s = busy();
    play(&a, grid, &s, 1, 7);
    play(&b, grid, &s, 1, 7);
    assert_true(a.n_wave > 50 && a.n_hit > 500);
    assert_true(same_record(&a, &b));
    play(&b, grid, &s, 1, 8);
    assert_false(same_record(&a, &b));
    play(&b, grid, &s, 2, 7);
    assert_false(same_record(&a, &b));
    /* One workspace, reset in the middle of another season. */
    sv_hazard *hazard = NULL;
    assert_int_equal(sv_hazard_new(&hazard, grid, &s, day_0_h, winter_h, NULL), SV_OK);
    sv_hazard_reset(hazard, 1, 3);
    for (int32_t i = 0; i < 9; i++)
        sv_hazard_step(hazard, NULL, NULL);
    sv_hazard_reset(hazard, 1, 7);
    for (int32_t i = 0; i < a.n_wave; i++) {
        const sv_hit *hit = NULL;
        sv_wave wave;
        int32_t n = sv_hazard_step(hazard, &wave, &hit);
        assert_int_equal(wave.t_h, a.wave[i].t_h);
        assert_int_equal(n, a.first_hit[i + 1] - a.first_hit[i]);
        for (int32_t k = 0; k < n; k++) {
            assert_int_equal(hit[k].i_unit, a.hit[a.first_hit[i] + k].i_unit);
            assert_int_equal(hit[k].damage, a.hit[a.first_hit[i] + k].damage);
        }
    }
    assert_int_equal(sv_hazard_next_h(hazard), INT64_MAX);
    sv_hazard_free(&hazard);
    sv_grid_free(&grid);
}

static void ceasefire_takes_its_waves_and_no_other(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    static record base, truce;
    const int64_t from[] = {900, INT64_MIN, 2500}, to[] = {2100, 1500, INT64_MAX};
    for (int32_t k = 0; k < 3; k++) {
        sv_wave_settings s = busy();
        play(&base, grid, &s, 5, k);
        int64_t from_h = from[k] == INT64_MIN ? from[k] : day_0_h + from[k];
        int64_t to_h = to[k] == INT64_MAX ? to[k] : day_0_h + to[k];
        add_peace(&s, SV_PEACE_FULL, from_h, to_h, 1.0, NULL);
        play(&truce, grid, &s, 5, k);
        int32_t at = 0, n_outside = 0;
        for (int32_t i = 0; i < base.n_wave; i++) {
            if (base.wave[i].t_h >= from[k] && base.wave[i].t_h < to[k])
                continue;
            n_outside++;
            assert_true(at < truce.n_wave);
            assert_true(same_wave(&base, i, &truce, at++));
        }
        assert_int_equal(at, truce.n_wave);
        assert_true(n_outside > 10 && n_outside < base.n_wave - 10);
    }
    sv_grid_free(&grid);
}

/* A ceasefire that is kept with 70 %: so many waves do not come, and those that do are the same. */
static void ceasefire_is_kept_by_chance(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    static record base, truce;
    double n_base = 0.0, n_come = 0.0;
    for (int64_t season = 0; season < 20; season++) {
        sv_wave_settings s = busy();
        play(&base, grid, &s, 9, season);
        add_peace(&s, SV_PEACE_FULL, INT64_MIN, INT64_MAX, 0.7, NULL);
        play(&truce, grid, &s, 9, season);
        int32_t at = 0;
        for (int32_t i = 0; i < base.n_wave && at < truce.n_wave; i++)
            if (same_wave(&base, i, &truce, at))
                at++;
        assert_int_equal(at, truce.n_wave);
        n_base += base.n_wave;
        n_come += truce.n_wave;
        s.peace[0].kept = 0.0;
        play(&truce, grid, &s, 9, season);
        assert_true(same_record(&base, &truce));
    }
    assert_true(errors_off(n_come / n_base, 0.3, sqrt(0.21), n_base) < 4.0);
    sv_grid_free(&grid);
}

/* One region spared: nothing is hit there in the window; elsewhere and outside of it every bit is the same. */
static void check_regional_truce(const sv_grid *grid, sv_peace_kind kind, const char *where, const bool *spared_region)
{
    static record base, truce;
    sv_wave_settings s = busy();
    play(&base, grid, &s, 6, 1);
    add_peace(&s, kind, day_0_h + 1000, day_0_h + 3000, 1.0, where);
    play(&truce, grid, &s, 6, 1);
    assert_int_equal(base.n_wave, truce.n_wave);
    int32_t n_spared = 0, n_other = 0;
    for (int32_t i = 0; i < base.n_wave; i++) {
        if (base.wave[i].t_h < 1000 || base.wave[i].t_h >= 3000) {
            assert_true(same_wave(&base, i, &truce, i));
            continue;
        }
        n_spared += truce.wave[i].n_spared;
        assert_int_equal(truce.wave[i].n_aimed + truce.wave[i].n_spared, base.wave[i].n_aimed);
        assert_int_equal(truce.wave[i].size + truce.wave[i].n_spared, base.wave[i].size);
        for (int32_t u = 0; u < grid->n_unit; u++) {
            bool spared = spared_region[grid->unit[u].i_region];
            sv_damage state = state_of(&truce, i, u);
            assert_int_equal(state, spared ? SV_DAMAGE_NONE : state_of(&base, i, u));
            n_other += !spared && state != SV_DAMAGE_NONE;
        }
    }
    assert_true(n_spared > 100);
    assert_true(n_other > 100 || (spared_region[0] && spared_region[1] && spared_region[2]));
}

static void regional_truces_spare_their_region_only(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    const bool north[3] = {true, false, false}, rear[3] = {true, true, false}, front[3] = {false, false, true},
               all[3] = {true, true, true};
    check_regional_truce(grid, SV_PEACE_ENERGY, "north", north);
    check_regional_truce(grid, SV_PEACE_FULL, "north", north);
    check_regional_truce(grid, SV_PEACE_ENERGY, "rear", rear);
    check_regional_truce(grid, SV_PEACE_FULL, "front", front);
    check_regional_truce(grid, SV_PEACE_ENERGY, NULL, all); /* the waves come, but not to grid sites */
    sv_grid_free(&grid);
}

static void a_full_truce_named_region_by_region_is_a_ceasefire(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    static record r;
    sv_wave_settings s = busy();
    add_peace(&s, SV_PEACE_FULL, INT64_MIN, INT64_MAX, 1.0, "rear");
    s.peace[0].where[s.peace[0].n_where++] = "east";
    play(&r, grid, &s, 6, 1);
    assert_int_equal(r.n_wave, 0);
    sv_grid_free(&grid);
}

static void strikes_are_spared_by_chance(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    static record r;
    double aimed = 0.0, spared = 0.0;
    for (int64_t season = 0; season < 10; season++) {
        sv_wave_settings s = busy();
        add_peace(&s, SV_PEACE_ENERGY, INT64_MIN, INT64_MAX, 0.25, NULL);
        add_peace(&s, SV_PEACE_ENERGY, INT64_MIN, INT64_MAX, 0.6, NULL); /* the one better kept counts */
        play(&r, grid, &s, 6, season);
        for (int32_t i = 0; i < r.n_wave; i++) {
            aimed += r.wave[i].n_aimed + r.wave[i].n_spared;
            spared += r.wave[i].n_spared;
        }
    }
    assert_true(errors_off(spared / aimed, 0.6, sqrt(0.24), aimed) < 4.0);
    sv_grid_free(&grid);
}

/* A window holds its first hour and not its last one. */
static void windows_are_half_open(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    static record r;
    sv_wave_settings s = sv_wave_defaults();
    const int64_t hour[] = {99, 100, 101, 199, 200};
    for (int32_t i = 0; i < 5; i++)
        s.date_h[s.n_date++] = day_0_h + hour[i];
    add_peace(&s, SV_PEACE_FULL, day_0_h + 100, day_0_h + 200, 1.0, NULL);
    play(&r, grid, &s, 1, 1);
    assert_int_equal(r.n_wave, 2);
    assert_int_equal(r.wave[0].t_h, 99);
    assert_int_equal(r.wave[1].t_h, 200);
    s.peace[0].kind = SV_PEACE_ENERGY;
    play(&r, grid, &s, 1, 1);
    assert_int_equal(r.n_wave, 5);
    for (int32_t i = 0; i < 5; i++)
        assert_true((r.wave[i].n_aimed > 0) == (i == 0 || i == 4));
    sv_grid_free(&grid);
}

/* What a truce keeps away does not load the cover: of those that come, ten a wave are engaged. */
static void spared_strikes_do_not_saturate(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    static record r;
    sv_wave_settings s = sv_wave_defaults();
    s.rate_per_week = 15.0;
    s.size_median = 60.0;
    s.size_spread = 0.0;
    s.reach = 1.0;
    s.exposure[SV_ZONE_REAR] = 0.0;
    s.cover[SV_ZONE_FRONT] = 1.0;
    s.saturates_at = 10.0;
    add_peace(&s, SV_PEACE_ENERGY, INT64_MIN, INT64_MAX, 0.5, "east");
    play(&r, grid, &s, 2, 2);
    double intercepted = 0.0, sigma = 0.0;
    for (int32_t i = 0; i < r.n_wave; i++) {
        intercepted += r.wave[i].n_intercepted;
        sigma += 10.0 * (1.0 - 10.0 / r.wave[i].n_aimed);
    }
    assert_true(r.n_wave > 250);
    assert_true(fabs(intercepted - 10.0 * r.n_wave) < 4.0 * sqrt(sigma));
    sv_grid_free(&grid);
}

static void shelter_changes_its_site_only(void **unused)
{
    (void)unused;
    country_plan sheltered = plain;
    sheltered.sheltered_site = 3; /* a substation of the north */
    sheltered.shelter = 2;
    sv_grid *grid = new_country(&plain), *grid_2 = new_country(&sheltered);
    assert_int_equal(grid->n_unit, grid_2->n_unit);
    static record a, b;
    sv_wave_settings s = busy();
    s.shelter_pass[2] = 0.4;
    double hit = 0.0, still = 0.0;
    for (int64_t season = 0; season < 30; season++) {
        play(&a, grid, &s, 17, season);
        play(&b, grid_2, &s, 17, season);
        assert_int_equal(a.n_wave, b.n_wave);
        for (int32_t i = 0; i < a.n_wave; i++) {
            assert_int_equal(a.wave[i].n_intercepted, b.wave[i].n_intercepted);
            for (int32_t u = 0; u < grid->n_unit; u++) {
                sv_damage before = state_of(&a, i, u), after = state_of(&b, i, u);
                if (grid->unit[u].i_site != 3) {
                    assert_int_equal(before, after);
                    continue;
                }
                assert_true(after <= before);
                hit += before != SV_DAMAGE_NONE;
                still += after != SV_DAMAGE_NONE;
            }
        }
    }
    assert_true(hit > 300.0);
    /* A unit reached twice in one wave has two chances: somewhat above 0.4. */
    assert_true(still / hit > 0.4 - 4.0 * sqrt(0.24 / hit) && still / hit < 0.55);
    sv_grid_free(&grid);
    sv_grid_free(&grid_2);
}

/* More cover over the front: what still gets through is a part of what did before; the rear is untouched. */
static void cover_is_monotone_and_local(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    static record a, b;
    sv_wave_settings s = busy();
    play(&a, grid, &s, 4, 4);
    s.cover[SV_ZONE_FRONT] = 0.9;
    play(&b, grid, &s, 4, 4);
    assert_int_equal(a.n_wave, b.n_wave);
    int32_t n_fewer = 0;
    for (int32_t i = 0; i < a.n_wave; i++)
        for (int32_t u = 0; u < grid->n_unit; u++) {
            sv_damage before = state_of(&a, i, u), after = state_of(&b, i, u);
            assert_true(grid->unit[u].i_region == 2 ? after <= before : after == before);
            n_fewer += after < before;
        }
    assert_true(n_fewer > 50);
    sv_grid_free(&grid);
}

/* A ceasefire from a date is a window of peace that is open at its end, whatever other windows there are. */
static void ceasefire_is_an_open_window(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    static record a, b;
    const int64_t from[] = {INT64_MIN, day_0_h - 50, day_0_h, day_0_h + 1000, day_0_h + winter_h + 50};
    for (size_t k = 0; k < sizeof from / sizeof *from; k++)
        for (int32_t with_truce = 0; with_truce < 2; with_truce++) {
            sv_wave_settings s = busy();
            if (with_truce)
                add_peace(&s, SV_PEACE_FULL, day_0_h + 500, day_0_h + 2000, 0.5, NULL);
            sv_wave_settings window = s;
            s.ceasefire_h = from[k];
            add_peace(&window, SV_PEACE_FULL, from[k], INT64_MAX, 1.0, NULL);
            play(&a, grid, &s, 5, (int64_t)k);
            play(&b, grid, &window, 5, (int64_t)k);
            assert_true(same_record(&a, &b));
            assert_true((a.n_wave == 0) == (k < 3));
        }
    sv_wave_settings s = busy();
    play(&a, grid, &s, 5, 5);
    s.ceasefire_h = day_0_h + winter_h; /* too late to matter */
    play(&b, grid, &s, 5, 5);
    assert_true(same_record(&a, &b));
    sv_grid_free(&grid);
}

/* Sites protected by the settings: what the grid says counts for the others only. */
static void shelter_of_a_lever_changes_its_sites_only(void **unused)
{
    (void)unused;
    country_plan sheltered = plain;
    sheltered.sheltered_site = 3;
    sheltered.shelter = 2;
    sv_grid *grid = new_country(&plain), *grid_2 = new_country(&sheltered);
    static record a, b;
    static const char *const sites[] = {"site-3", "site-20"};
    sv_wave_settings none = busy(), lever = busy();
    lever.shelter_at[2] = (sv_names){1, sites};
    for (int64_t season = 0; season < 5; season++) { /* as if the grid said so */
        play(&a, grid_2, &none, 17, season);
        play(&b, grid, &lever, 17, season);
        assert_true(same_record(&a, &b));
        play(&b, grid_2, &lever, 17, season);
        assert_true(same_record(&a, &b));
    }
    lever.shelter_at[2].n = 0;
    lever.shelter_at[3] = (sv_names){2, sites}; /* better than the grid's */
    int32_t n_less[2] = {0, 0};
    for (int64_t season = 0; season < 5; season++) {
        play(&a, grid_2, &none, 17, season);
        play(&b, grid_2, &lever, 17, season);
        assert_int_equal(a.n_wave, b.n_wave);
        for (int32_t i = 0; i < a.n_wave; i++) {
            assert_int_equal(a.wave[i].n_aimed, b.wave[i].n_aimed);
            assert_int_equal(a.wave[i].n_intercepted, b.wave[i].n_intercepted);
            assert_int_equal(a.wave[i].n_site_hit, b.wave[i].n_site_hit);
            for (int32_t u = 0; u < grid->n_unit; u++) {
                int32_t i_site = grid->unit[u].i_site;
                sv_damage before = state_of(&a, i, u), after = state_of(&b, i, u);
                if (i_site == 3 || i_site == 20) {
                    assert_true(after <= before);
                    n_less[i_site == 20] += after < before;
                } else {
                    assert_int_equal(before, after);
                }
            }
        }
    }
    assert_true(n_less[0] > 10 && n_less[1] > 10);
    lever.shelter_at[3].n = 0;
    lever.shelter_at[1] = (sv_names){0, NULL};
    play(&a, grid_2, &none, 17, 1);
    play(&b, grid_2, &lever, 17, 1); /* a lever that touches nothing */
    assert_true(same_record(&a, &b));
    sv_grid_free(&grid);
    sv_grid_free(&grid_2);
}

/* Each layer more intercepts some more of the same strikes; what still gets through is a part of what did before. */
static void layers_of_cover_are_monotone_and_local(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    static record a, b;
    sv_wave_settings s = busy();
    s.size_median = 600.0;
    s.saturates_at = 15.0; /* some layers are saturated, some are not */
    s.cover_layers[SV_ZONE_FRONT] = 0;
    play(&a, grid, &s, 4, 4);
    int32_t n_front[2] = {0, 0};
    for (int32_t layers = 1; layers <= 10; layers++) {
        s.cover_layers[SV_ZONE_FRONT] = layers;
        play(&b, grid, &s, 4, 4);
        assert_int_equal(a.n_wave, b.n_wave);
        for (int32_t i = 0; i < a.n_wave; i++) {
            assert_true(b.wave[i].n_intercepted >= a.wave[i].n_intercepted);
            for (int32_t u = 0; u < grid->n_unit; u++) {
                sv_damage before = state_of(&a, i, u), after = state_of(&b, i, u);
                assert_true(grid->unit[u].i_region == 2 ? after <= before : after == before);
                n_front[0] += layers == 1 && grid->unit[u].i_region == 2 && before != SV_DAMAGE_NONE;
                n_front[1] += layers == 10 && grid->unit[u].i_region == 2 && after != SV_DAMAGE_NONE;
            }
        }
        a = b;
    }
    assert_true(n_front[0] > 500 && n_front[1] < n_front[0] / 10);
    sv_grid_free(&grid);
}

/* Intercepted in a region of n strikes: 1 - prod(1 - p_k), p_k of what the layer before lets through. */
static void layers_intercept_as_many_as_they_should(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    static record r;
    sv_wave_settings s = sv_wave_defaults();
    s.rate_per_week = 15.0;
    s.size_median = 50.0;
    s.size_spread = 0.0;
    s.reach = 1.0;
    s.exposure[SV_ZONE_REAR] = 0.0;
    s.cover[SV_ZONE_FRONT] = 0.6;
    s.cover_layers[SV_ZONE_FRONT] = 3;
    s.saturates_at = 30.0;
    const double p[] = {0.6 * 30.0 / 50.0, 0.6 * 30.0 / 32.0, 0.6}; /* meets 50, 32, 14 strikes */
    const double all = 1.0 - (1.0 - p[0]) * (1.0 - p[1]) * (1.0 - p[2]);
    play(&r, grid, &s, 3, 1);
    double n = 0.0, intercepted = 0.0;
    for (int32_t i = 0; i < r.n_wave; i++) {
        assert_int_equal(r.wave[i].n_aimed, 50);
        n += 50.0;
        intercepted += r.wave[i].n_intercepted;
    }
    assert_true(n > 12000.0);
    assert_true(errors_off(intercepted / n, all, sqrt(all * (1.0 - all)), n) < 4.0);
    s.saturates_at = 0.0; /* no limit */
    s.cover_layers[SV_ZONE_FRONT] = 2;
    play(&r, grid, &s, 3, 2);
    n = intercepted = 0.0;
    for (int32_t i = 0; i < r.n_wave; i++) {
        n += 50.0;
        intercepted += r.wave[i].n_intercepted;
    }
    assert_true(errors_off(intercepted / n, 0.84, sqrt(0.84 * 0.16), n) < 4.0);
    sv_grid_free(&grid);
}

/* A lower rate: wave k comes later, but it is the same wave: its size and its number of strikes. */
static void rate_moves_times_not_waves(void **unused)
{
    (void)unused;
    sv_grid *grid = new_country(&plain);
    static record a, b;
    sv_wave_settings s = busy();
    s.n_date = 0;
    play(&a, grid, &s, 4, 4);
    s.rate_per_week = 2.0;
    s.trend_per_month = 0.05;
    play(&b, grid, &s, 4, 4);
    assert_true(b.n_wave > 20 && b.n_wave < a.n_wave);
    for (int32_t i = 0; i < b.n_wave; i++) {
        assert_true(b.wave[i].t_h >= a.wave[i].t_h);
        assert_int_equal(b.wave[i].size, a.wave[i].size);
        assert_int_equal(b.wave[i].n_aimed, a.wave[i].n_aimed);
    }
    /* A wave of the calendar more: all others keep their size. */
    s.date_h[s.n_date++] = day_0_h + 50;
    play(&a, grid, &s, 4, 4);
    assert_int_equal(a.n_wave, b.n_wave + 1);
    for (int32_t i = 0, at = 0; i < a.n_wave; i++) {
        if (a.wave[i].t_h == 50)
            continue;
        assert_int_equal(a.wave[i].size, b.wave[at].size);
        assert_int_equal(a.wave[i].t_h, b.wave[at++].t_h);
    }
    sv_grid_free(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_key_same_bits),
        cmocka_unit_test(ceasefire_takes_its_waves_and_no_other),
        cmocka_unit_test(ceasefire_is_kept_by_chance),
        cmocka_unit_test(regional_truces_spare_their_region_only),
        cmocka_unit_test(a_full_truce_named_region_by_region_is_a_ceasefire),
        cmocka_unit_test(strikes_are_spared_by_chance),
        cmocka_unit_test(windows_are_half_open),
        cmocka_unit_test(spared_strikes_do_not_saturate),
        cmocka_unit_test(shelter_changes_its_site_only),
        cmocka_unit_test(cover_is_monotone_and_local),
        cmocka_unit_test(ceasefire_is_an_open_window),
        cmocka_unit_test(shelter_of_a_lever_changes_its_sites_only),
        cmocka_unit_test(layers_of_cover_are_monotone_and_local),
        cmocka_unit_test(layers_intercept_as_many_as_they_should),
        cmocka_unit_test(rate_moves_times_not_waves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
