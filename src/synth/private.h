/* The plan of a country while it is made: cities, places (sites), lines, banks of transformers, machines. Private.
 * Only + - * / and sqrt touch what is written (they round the same everywhere); every coordinate, length and power is
 * rounded to a few decimals where it is made, so that no choice hinges on a last bit. */
#ifndef SV_SYNTH_PRIVATE_H
#define SV_SYNTH_PRIVATE_H

#include "svitlo/synth.h"

/* Figures per bus, so that every size has the density and the loading of the country of 300 buses
 * (35 M people, 18 GW winter peak, 24 GW of plant, 2.45 GW of imports, 0.2 GW of batteries, 600 x 450 km). */
#define PEOPLE_PER_BUS (35.0e6 / 300.0)
#define PEAK_MW_PER_BUS 60.0
#define FLEET_MW_PER_BUS 80.0
#define STORAGE_MW_PER_BUS (200.0 / 300.0)
#define IMPORT_MW 2450.0 /* of 300 buses; grows with the length of the border */
#define AREA_KM2_PER_BUS (600.0 * 450.0 / 300.0)
#define BUSES_PER_REGION 12.5

#define MOST_DEGREE 2.895    /* 2 * branches / buses */
#define MOST_ON_ONE_MW 140.0 /* load on one transformer, with a second way near */

enum { MOST_REGIONS = 100, N_LEVEL = 3, TEXT = 64, N_NEIGHBOUR = 12 };
typedef enum { LEVEL_110 = 0, LEVEL_330 = 1, LEVEL_750 = 2 } level;
extern const double level_kv[N_LEVEL];

/* What a draw of the country is for: the element of its key. The occurrence counts within it. Append only. */
typedef enum {
    DRAW_CITY_PLACE = 1,
    DRAW_CITY_NAME,
    DRAW_SITE_PLACE,
    DRAW_SITE_LOAD,
    DRAW_PLANT_PLACE,
    DRAW_PLANT_SIZE,
    DRAW_PLANT_NAME,
    DRAW_COUNTRY_NAME,
    DRAW_REGION_SHAPE,
    DRAW_WEATHER_COUNTRY,
    DRAW_WIND_COUNTRY,
    DRAW_CLEAR_COUNTRY,
    DRAW_HYDRO,
    DRAW_OF_REGION = 1000 /* + 8 * region + what below */
} draw_of;
enum { REGION_WEATHER = 0, REGION_WIND, REGION_CLEAR, REGION_LOAD };

typedef struct {
    double x, y; /* km */
} point;

typedef struct {
    point at;
    double people;
    int32_t i_place, n_place; /* its load sites, before places are sorted */
    int32_t n_330;            /* of which 330 kV */
    int32_t i_region;
    const char *name;
} city;

/* A site: substation or plant. */
typedef struct {
    const char *name;
    point at;
    sv_site_class class_;
    int32_t i_city; /* -1 = none */
    int32_t i_region;
    bool has[N_LEVEL];
    int32_t bus[N_LEVEL]; /* -1 = none */
    double load_mw;       /* at its 110 kV bus */
    double people;
} place;

typedef struct {
    int32_t a, b; /* places */
    level at;
    double length_km;
    int32_t i_rating; /* row of the level's table */
    int32_t n_unit;   /* circuits */
} line;

/* Transformers in parallel between two levels of one place. */
typedef struct {
    int32_t i_place;
    level high;
    int32_t i_rating, n_unit;
} bank;

typedef struct {
    int32_t i_place;
    level at;
    sv_gen_kind kind;
    bool heat; /* combined heat and power */
    double p_mw;
} machine;

typedef struct {
    int32_t i_place;
    level at;
    double limit_mw;
} tie;

typedef struct {
    int32_t i_place;
    double p_mw;
} battery;

typedef struct {
    const char *name;
    sv_zone zone;
    point at;
    double people, load_mw;
} region;

typedef struct namer namer; /* name.c */

typedef struct {
    sv_arena *arena;
    sv_synth_settings settings;
    namer *names; /* of cities and plants: no name twice */
    const char *name;
    double width_km, height_km, peak_mw, people;
    /* how many of what: see composition() */
    int32_t n_nuclear, n_thermal, n_hydro_330, n_hydro_110, n_wind, n_solar, n_substation_330, n_substation_750, n_town;
    double most_on_one_mw; /* load that may hang on one transformer */
    int32_t n_second;      /* dead ends of the 110 kV trees that got a second way */
    int32_t n_city, n_place, n_line, n_bank, n_machine, n_tie, n_battery, n_region;
    city *city;
    place *place;
    line *line;
    bank *bank;
    machine *machine;
    tie *tie;
    battery *battery;
    region *region;
} plan;

/* ---- small things (synth.c) ---------------------------------------------------------------- */

double uniform(const plan *p, uint32_t of, int32_t occurrence); /* (0, 1) */
sv_draw4 draw(const plan *p, uint32_t of, int32_t occurrence);
double nearly_normal(sv_draw4 d);               /* sum of four uniforms: mean 0, variance 1, |z| < 3.47 */
double round_to(double value, double per_unit); /* round_to(v, 100) keeps two decimals */
double distance(point a, point b);              /* km, to the millimetre */
void bring_near(const plan *p, point at,
                double *far_km);                     /* [n_city] distance to the nearest of some points (place.c) */
bool inside(const plan *p, point at);                /* the country (place.c) */
point point_from(const plan *p, double u, double v); /* shares of the plane to km, rounded */
int32_t whole(double value);                         /* nearest, at least 0 */

/* ---- text (text.c) ------------------------------------------------------------------------- */

typedef struct {
    char text[TEXT];
    int32_t n;
} words;

void words_add(words *w, const char *text);
void words_add_int(words *w, int64_t value, int32_t width); /* zeros in front up to width */
const char *words_keep(const words *w, sv_arena *arena);

/* ---- names (name.c) ------------------------------------------------------------------------ */

namer *namer_new(sv_arena *arena, int32_t n_most);
const char *namer_country(namer *self, const plan *p);
const char *namer_next(namer *self, const plan *p, draw_of of); /* NULL = out of memory; never the same twice */

/* ---- steps, in their order ----------------------------------------------------------------- */

sv_status make_places(plan *p);  /* place.c: cities and load sites */
sv_status make_plants(plan *p);  /* plant.c: sites of plants */
sv_status make_regions(plan *p); /* region.c: regions, zones; sorts the places by region */
/* network.c: lines and banks; `fewer` second ways than there might be room for; at most this load on one transformer, and
 * only with a second way near */
sv_status make_network(plan *p, int32_t fewer, double most_on_one_mw);
sv_status make_fleet(plan *p);                  /* fleet.c: machines, ties, batteries */
sv_status size_network(plan *p, sv_error *err); /* size.c: ratings and circuits */
sv_status make_grid(const plan *p, bool with_series, sv_grid **grid, sv_error *err); /* output.c */
sv_status check_country(const plan *p, const sv_grid *grid, sv_error *err);          /* check.c */

/* ---- graphs on the plane (mesh.c) ---------------------------------------------------------- */

typedef struct {
    int32_t a, b;
    double d_km;
} edge;

typedef struct {
    bool mesh;          /* keep all edges of the relative neighbourhood graph, not the tree only */
    int32_t n_second;   /* most second ways; -1 = wherever there is one */
    const bool *joined; /* [n] these are one network already; NULL = none */
    const bool *weak;   /* [n] of these, what must not feed a network alone; NULL = none */
} mesh_settings;

/** Connect points: a Euclidean minimum spanning tree, then second ways: from what hangs on one weak point, then for dead
 *  ends. */
sv_status mesh_build(sv_arena *arena, int32_t n, const point *at, const mesh_settings *settings, edge **edges,
                     int32_t *n_edge);

int32_t root_of(int32_t *set, int32_t i); /* union-find with path halving */

/** The nearest others of each point. near [n * k] by distance, -1 where there are fewer. */
sv_status find_nearest(sv_arena *arena, int32_t n, const point *at, int32_t k, int32_t *near);

/* ---- equipment (equipment.c) --------------------------------------------------------------- */

typedef struct {
    double rate_mva;
    double r_ohm_km, x_ohm_km, b_us_km;
} line_type;

typedef struct {
    double rate_mva;
    double r_share, x_share; /* of the transformer's own base */
} bank_type;

const line_type *line_types(level at, int32_t *n);
const bank_type *bank_types(level high, int32_t *n);

/* ---- dispatch (dispatch.c) ----------------------------------------------------------------- */

typedef struct {
    double load;                        /* share of the peak */
    double nuclear, hydro, wind, solar; /* available shares */
    double import;                      /* share of the limits */
    bool in_proportion; /* every source gives the same share of what it has; else thermal fills the rest */
} situation;

extern const situation winter_peak; /* on own plant, no imports */

/* p_gen [n_machine], p_import [n_tie] in MW; sums to the load. */
void dispatch(const plan *p, const situation *s, double *p_gen, double *p_import);
/* The same, also as net injections. inject [n_bus] */
void inject_situation(const plan *p, const situation *s, double *p_gen, double *p_import, double *inject);

/* ---- profiles (profile.c, weather.c) ------------------------------------------------------- */

/* What the weather of one region is in each hour. value [n_h] */
void fill_temperature(const plan *p, int32_t i_region, bool mean_of_day, int64_t t0_h, int64_t n_h, float *value);
void fill_wind(const plan *p, int32_t i_region, int64_t t0_h, int64_t n_h, float *value);
void fill_solar(const plan *p, int32_t i_region, int64_t t0_h, int64_t n_h, float *value);
void fill_hydro(const plan *p, int64_t t0_h, int64_t n_h, float *value);
/** Demand of every region over the season, multiplier of the nominal loads. load [n_region][n_h]
 *  1 = the coldest peak of the winter 2026/27 of the whole country. */
sv_status fill_load(const plan *p, sv_arena *arena, int64_t t0_h, int64_t n_h, float *const *load);

/** Interpolation in a table of twelve months, values at mid-month. */
double by_month(const double table[12], int64_t t_h);

#endif
