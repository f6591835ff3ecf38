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
    uint64_t seed;
    int64_t t0_h; /* first hour of the profiles; default 2026-11-01 */
    int64_t n_h;  /* default to 2027-03-31 24:00, 3624 h */
} sv_synth_settings;

sv_synth_settings sv_synth_defaults(void);

/** Make the country. Checked before it is returned: one network, no overload and nothing shed in the intact winter peak.
 *  @return SV_EUSAGE for a size out of range; SV_ENUM when no checked network was found (a bug) */
SV_MUST_USE sv_status sv_synth_new(sv_grid **grid, const sv_synth_settings *settings, sv_error *err);

#ifdef __cplusplus
}
#endif
#endif
