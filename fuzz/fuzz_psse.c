/* PSS/E RAW files: any bytes give a grid or one sentence, and a grid that was read is a whole one. */
#include "svitlo/formats.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sv_grid *grid = NULL;
    sv_error err = {0};
    const sv_status status = sv_psse_parse(&grid, "fuzz.raw", (const char *)data, size, &err);
    if ((status == SV_OK) != (grid != NULL) || (status != SV_OK) != (err.text[0] != '\0'))
        abort();
    if (grid) {
        sv_state *state = sv_state_new(grid);
        sv_topology *topology = sv_topology_new(grid);
        if (!state || !topology || grid->n_bus < 1 || grid->n_unit < grid->n_bus + grid->n_branch)
            abort();
        if (sv_topology_islands(topology, state)->n_island > grid->n_bus)
            abort();
        sv_topology_free(&topology);
        sv_state_free(&state);
    }
    sv_grid_free(&grid);
    return 0;
}
