/* Protection levels of sites: those of the grid's table, and in their place what the settings say of single sites. Done
 * once a workspace, linear in sites and ids; allocates nothing. */
#include "private.h"

#include <string.h>

enum { OF_GRID = UINT8_MAX };

static sv_status shelter_site(uint8_t *level, const sv_grid *grid, const char *id, int32_t l, sv_error *err)
{
    int32_t i_site = id != NULL ? sv_grid_find_site(grid, id) : -1;
    if (i_site < 0)
        return sv_error_set(err, SV_EUSAGE, NULL, 0,
                            "shelters: level %d names '%.100s', accepted are the ids of sites (as %s)", l,
                            id != NULL ? id : "", grid->n_site > 0 ? grid->site[0].id : "none");
    if (level[i_site] != OF_GRID)
        return sv_error_set(err, SV_EUSAGE, NULL, 0,
                            "shelters: site '%.100s' is named at level %d and at level %d, accepted is one of them", id,
                            level[i_site], l);
    level[i_site] = (uint8_t)l;
    return SV_OK;
}

sv_status shelter_levels(uint8_t *level, const sv_grid *grid, const sv_wave_settings *settings, sv_error *err)
{
    memset(level, OF_GRID, (size_t)grid->n_site);
    for (int32_t l = 1; l < SV_N_SHELTER; l++)
        for (int32_t i = 0; i < settings->shelter_at[l].n; i++) {
            sv_status status = shelter_site(level, grid, settings->shelter_at[l].id[i], l, err);
            if (status != SV_OK)
                return status;
        }
    for (int32_t s = 0; s < grid->n_site; s++) {
        int32_t l = grid->site[s].shelter;
        if (level[s] == OF_GRID)
            level[s] = (uint8_t)(l < 0 ? 0 : l < SV_N_SHELTER ? l : SV_N_SHELTER - 1);
    }
    return SV_OK;
}
