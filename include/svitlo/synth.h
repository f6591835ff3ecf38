/* synth: a fictional country. Cities by Zipf's law on an abstract plane, a meshed transmission network, a fleet, customers,
 * hourly winter profiles. Same seed and size: same bytes. */
#ifndef SVITLO_SYNTH_H
#define SVITLO_SYNTH_H

#include "svitlo/grid.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    int32_t n_bus; /* 30 .. 50000 */
    uint64_t seed; /* which country */
    int64_t t0_h;  /* first hour of the profiles, years 1 .. 9999; default 2026-11-01 00:00 */
    int64_t n_h;   /* hours of the profiles, 1 .. 87840; default to 2027-03-31 24:00, 3624 h */
} sv_synth_settings;

/** 300 buses, seed 1, the winter of 2026/27. */
sv_synth_settings sv_synth_defaults(void);

/**
 * Make the country. Checked before it is handed out: one network, no branch beyond 75 % of its rating in the intact winter
 * peak, nothing shed in the highest hour of any week of the profiles.
 * The network depends on seed and size only; the weather of an hour on these and that hour, not on the span asked for.
 * @param[out] grid  NULL on failure
 * @return SV_OK; SV_EUSAGE for a setting out of range; SV_ENUM when no country passed the checks (a bug); SV_ENOMEM
 * @cost near-linear in buses: 0.1 s for 300, some 4 s for 10,000, a minute for 50,000
 * @source docs/model/synth.md
 */
SV_MUST_USE sv_status sv_synth_new(sv_grid **grid, const sv_synth_settings *settings, sv_error *err);

#ifdef __cplusplus
}
#endif
#endif
