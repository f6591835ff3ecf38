/* Which hours are to be checked by AC power flow, whether they can be, and what they came to. */
#include "check.h"
#include "cli.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the flag -------------------------------------------------------------------------------- */

/* "worst:20" or "random:20", one of each at most. @param[in] n length of the part */
static bool read_part(const char *part, size_t n, sv_study_ac_settings *asked)
{
    static const char *const name[] = {"worst:", "random:"};
    int32_t *const place[] = {&asked->n_worst, &asked->n_random};
    for (int k = 0; k < 2; k++) {
        size_t at = strlen(name[k]);
        if (n <= at || n > at + 4 || strncmp(part, name[k], at) != 0 || *place[k] != 0)
            continue;
        int32_t value = 0;
        for (; at < n && part[at] >= '0' && part[at] <= '9'; at++)
            value = 10 * value + (part[at] - '0');
        *place[k] = value;
        return at == n && value >= 1 && value <= SV_MOST_WORST;
    }
    return false;
}

bool check_read(const char *text, sv_study_ac_settings *asked)
{
    *asked = (sv_study_ac_settings){0};
    size_t n = strcspn(text, ",");
    bool good = read_part(text, n, asked);
    if (good && text[n] == ',')
        good = read_part(text + n + 1, strlen(text + n + 1), asked);
    if (!good) {
        fprintf(stderr,
                "svitlo: --ac-check is '%.60s'; accepted: worst:N, random:M, or worst:N,random:M, with whole numbers 1 "
                "to %d\n",
                text, (int)SV_MOST_WORST);
        return false;
    }
    if (asked->n_random == 0)
        asked->n_random = asked->n_worst;
    return true;
}

/* ---- before the study ------------------------------------------------------------------------ */

sv_status check_possible(const sv_scenario *scenario, const sv_grid *grid, sv_error *err)
{
    if (!scenario->season.network)
        return sv_error_set(err, SV_EUSAGE, scenario->path, 0,
                            "--ac-check needs the flows of the network, and network is none; accepted: network: dc, as "
                            "by --set network=dc");
    sv_ac *ac = NULL;
    sv_state *state = sv_state_new(grid);
    sv_status status =
        state != NULL ? sv_ac_new(&ac, grid, err) : sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    sv_error found = {0};
    if (status == SV_OK)
        status = sv_ac_update(ac, state, &found);
    if (found.text[0] != '\0')
        status = sv_error_set(err, status, NULL, 0, "--ac-check: AC power flow cannot take the grid: %s", found.text);
    sv_ac_free(&ac);
    sv_state_free(&state);
    return status;
}

/* ---- after it -------------------------------------------------------------------------------- */

check_group check_count(const sv_study_ac *ac, bool random)
{
    check_group group = {0};
    for (int32_t i = 0; i < ac->n_worst + ac->n_random; i++) {
        const sv_study_ac_hour *hour = &ac->hour[i];
        if (hour->random != random)
            continue;
        group.n++;
        group.n_of[hour->ac.verdict]++;
        if (hour->ac.verdict == SV_AC_SHED) {
            group.more_shed_mw += hour->ac.shed_mw;
            group.more_people += hour->more_people;
            group.served_mw += hour->served_mw;
            group.dark_mw += hour->ac.dark_mw;
            group.short_mw += fmin(hour->ac.short_mw, hour->ac.shed_mw);
            group.most_shed_mw = fmax(group.most_shed_mw, hour->ac.shed_mw);
            group.most_people = fmax(group.most_people, hour->more_people);
        }
        if (hour->ac.verdict != SV_AC_BROKEN)
            continue;
        group.broken_shed_mw += hour->ac.shed_mw;
        group.broken_people += hour->more_people;
        group.n_high += hour->ac.after.n_high > 0;
        group.n_low += hour->ac.after.n_low > 0;
        group.n_over += hour->ac.after.n_over > 0;
        group.n_unsolved += hour->ac.after.n_high + hour->ac.after.n_low + hour->ac.after.n_over == 0;
    }
    return group;
}
