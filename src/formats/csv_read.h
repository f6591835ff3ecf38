/* Inside of the reader of a CSV folder. Private to src/formats. */
#ifndef SV_FORMATS_CSV_READ_H
#define SV_FORMATS_CSV_READ_H

#include "csv_file.h"

/* A row of timeseries_pointers.csv that a DAY_AHEAD simulation asks for. */
typedef struct {
    int32_t line;
    const char *category, *object, *parameter, *file;
} pointer;

/* A storage.csv row that belongs to a gen.csv row. */
typedef struct {
    const char *uid, *name;
    int32_t line;
    double energy_mwh, initial_soc;
} head_store;

/* What the draft does not keep of a bus. */
typedef struct {
    const char *area;
    double lat, lng;
} bus_more;

typedef struct {
    sv_draft *draft;
    sv_arena *arena; /* scratch of the reading */
    const char *folder;
    sv_error *err;
    bool has_region, has_site, has_load, has_shunt;
    const char *pointers_path;
    pointer *pointer;
    head_store *store;
    bus_more *bus;
    int32_t n_pointer, n_store, n_bus;
    size_t pointer_capacity, store_capacity, bus_capacity;
    struct series_file *first_file;
} csv_reader;

/* timeseries_pointers.csv into the list (csv_series.c). */
sv_status read_pointers(csv_reader *r);
/* Category Series: the grid's own series tables, before the tables that name them. */
sv_status add_own_series(csv_reader *r);
/* Category Area, Region, Generator: series of RTS-GMLC's kind, when all tables are there. */
sv_status apply_pointers(csv_reader *r);

/* A file named in a table, relative to the folder, each part in whatever case it has on the disk. */
sv_status resolve_path(csv_reader *r, const char *name, int32_t line, const char **path);

/* Room for one more element of an arena array; NULL = out of memory (recorded). */
void *room_for_one(csv_reader *r, void *old, int32_t n, size_t *capacity, size_t size);

#define COUNT(a) ((int32_t)(sizeof(a) / sizeof((a)[0])))
#define BIT(k) (UINT64_C(1) << (k))

/* Cells (csv_refs.c). An empty region or series leaves the index alone. */
const char *text_or_null(const char *text);
sv_status cell_need_text(const csv_row *row, int32_t k, const char **text);
sv_status cell_bus(csv_reader *r, const csv_row *row, int32_t k, int32_t *i_bus);
sv_status cell_region(csv_reader *r, const csv_row *row, int32_t k, int32_t *i_region);
sv_status cell_series(csv_reader *r, const csv_row *row, int32_t k, int32_t *i_series);
/* n cells that follow each other from the first. */
sv_status cell_reals(const csv_row *row, int32_t first, double *const *value, int32_t n);

/* Tables (csv_tables.c, csv_network.c). */
extern const csv_table table_grid, table_region, table_site, table_bus, table_branch, table_store_heads, table_gen,
    table_storage, table_dc_line, table_load, table_shunt, table_interconnector;

#endif
