/* repair: crews, spares, order of repair; what comes back, and when. */
#ifndef SVITLO_REPAIR_H
#define SVITLO_REPAIR_H

#include "svitlo/hazard.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Work of one class of unit, by damage state (index sv_damage; NONE unused). */
typedef struct {
    double work_h[SV_N_DAMAGE]; /* median hours of work of one set of crews at full shift */
    double spread;              /* sigma of the log */
    int32_t crews;              /* crews needed at once; 0 = the plant's own staff, no crew is sent */
    int32_t spare_from;         /* sv_damage from which a spare is used up; SV_N_DAMAGE = never */
} sv_repair_class;

typedef struct {
    sv_repair_class unit[SV_N_UNIT_CLASS];
    int32_t crews_per_region;        /* home = the region's centre */
    int32_t crews_extra;             /* more, homes spread over the regions in turn, largest population first */
    double shift_h;                  /* hours of work in a day, (0, 24]; work goes on at shift_h / 24 of full pace */
    double speed_km_per_h;           /* on the way, straight line times detour */
    double detour;                   /* >= 1 */
    double inspection_h;             /* from the hit until a crew may be sent */
    int32_t spares[SV_N_UNIT_CLASS]; /* in stock at the start */
    double delivery_weeks[SV_N_UNIT_CLASS];  /* until the replacement of a used one arrives; 0 = none ordered */
    double delivery_spread;                  /* sigma of the log of lead times */
    int32_t shipment_count[SV_N_UNIT_CLASS]; /* one more shipment, arriving at shipment_h */
    int64_t shipment_h[SV_N_UNIT_CLASS];     /* hours since 1970; INT64_MAX = none */
} sv_repair_settings;

sv_repair_settings sv_repair_defaults(void); /* figures of docs/model/repair.md */

typedef struct sv_repair sv_repair;

SV_MUST_USE sv_status sv_repair_new(sv_repair **repair, const sv_grid *grid, const sv_repair_settings *settings,
                                    int64_t t0_h, int64_t n_h, sv_error *err);
void sv_repair_free(sv_repair **repair);
void sv_repair_reset(sv_repair *repair, uint64_t seed, int64_t i_season);

/** A unit was hit at hour t_h of the season. Under repair already: crews leave, a spare is lost, work starts anew at
 *  the worse state. Hits of an hour come before its repairs: work that would end at t_h is lost too. */
void sv_repair_hit(sv_repair *repair, int64_t t_h, int32_t i_unit, sv_damage damage);

/** Next hour at which something ends, arrives or may be assigned; INT64_MAX = nothing to do. Call step at each of these
 *  hours; in between nothing is ranked anew. @cost one read */
int64_t sv_repair_next_h(const sv_repair *repair);

/** Jobs that wait for crews (not for inspection or a spare) while some crew is idle: what assign will rank.
 *  Deliveries and ends of hour t_h are taken into account first. @return count; units borrowed until the next call */
int32_t sv_repair_waiting(sv_repair *repair, int64_t t_h, const int32_t **i_unit);

/**
 * Finish what ends at t_h, take deliveries, send idle crews to the waiting jobs: first those that bring back critical
 * load, then by load regained per crew-hour (travel and expected work), first come first served on ties; the nearest
 * idle crews go. No overtaking: while the first needs more crews than are idle, those wait for it. A spare is taken in
 * the same order.
 * @param[in]  critical_mw [n_waiting] of the last sv_repair_waiting: unserved critical load behind the unit, MW
 * @param[in]  gain_mw     [n_waiting] load that its return could bring back, MW; both count as 0 when NULL or when
 *                         sv_repair_waiting was not called for this hour
 * @param[out] done  units back in service, borrowed until the next call
 * @return their number
 */
int32_t sv_repair_step(sv_repair *repair, int64_t t_h, const double *critical_mw, const double *gain_mw,
                       const int32_t **done);

typedef struct {
    int32_t n_crew, n_busy;          /* crews in all, travelling or working */
    int32_t n_job, n_waiting_spare;  /* damaged units, of which without a spare */
    int32_t spares[SV_N_UNIT_CLASS]; /* left in stock */
} sv_repair_info;

void sv_repair_describe(const sv_repair *repair, sv_repair_info *info);

#ifdef __cplusplus
}
#endif
#endif
