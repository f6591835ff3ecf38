/* Cells that name something: buses, regions, series; cells that must not be empty; runs of numbers. Any thread with its own
 * reader. */
#include "csv_read.h"

const char *text_or_null(const char *text)
{
    return *text ? text : NULL;
}

sv_status cell_need_text(const csv_row *row, int32_t k, const char **text)
{
    *text = cell_text(row, k);
    if (!**text)
        return ROW_BAD(row, "%s is empty; accepted: a word or number", row->column[k]);
    return SV_OK;
}

sv_status cell_bus(csv_reader *r, const csv_row *row, int32_t k, int32_t *i_bus)
{
    const char *id = cell_text(row, k);
    *i_bus = sv_draft_find_bus(r->draft, id);
    if (*i_bus < 0)
        return ROW_BAD(row, "%s is '%.40s', which is not in bus.csv", row->column[k], id);
    return SV_OK;
}

sv_status cell_region(csv_reader *r, const csv_row *row, int32_t k, int32_t *i_region)
{
    const char *id = cell_text(row, k);
    if (!*id)
        return SV_OK;
    *i_region = sv_draft_find_region(r->draft, id);
    if (*i_region < 0)
        return ROW_BAD(row, "%s is '%.40s', which is not in region.csv", row->column[k], id);
    return SV_OK;
}

sv_status cell_series(csv_reader *r, const csv_row *row, int32_t k, int32_t *i_series)
{
    const char *id = cell_text(row, k);
    if (!*id)
        return SV_OK;
    *i_series = sv_draft_find_series(r->draft, id);
    if (*i_series < 0)
        return ROW_BAD(row, "%s is '%.40s', which timeseries_pointers.csv does not give (category Series)",
                       row->column[k], id);
    return SV_OK;
}

/* Read n real cells; the columns follow each other from the first. */
sv_status cell_reals(const csv_row *row, int32_t first, double *const *value, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        if (cell_real(row, first + i, value[i]))
            return SV_EDATA;
    }
    return SV_OK;
}
