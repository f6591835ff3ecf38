/* The hours of a season allocate nothing: every malloc of the process is counted while seasons run on a workspace that is
 * there. Clp allocates, for limits that nothing can meet, and KLU where the symmetric factor has no pivot; these winters
 * have neither. */
#include "svitlo/formats.h"
#include "svitlo/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CAN_COUNT 1
#else
#define CAN_COUNT 0
#endif

#if CAN_COUNT
static bool counting;
static int64_t n_allocation;

static void count(void)
{
    n_allocation += counting;
}

/* The C library's own, under the names that it keeps for those who stand in between. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
    count();
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    count();
    return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
    count();
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    count();
    return __libc_memalign(alignment, size);
}

static sv_scenario *winter;
static sv_grid *grid;

static int open_winter(void **unused)
{
    (void)unused;
    sv_error err = {0};
    if (sv_scenario_read(&winter, SV_SOURCE_DIR "/examples/winter.yaml", NULL, 0, &err) == SV_OK &&
        sv_grid_read(&grid, winter->grid_path, &err) == SV_OK)
        return 0;
    print_error("%s\n", err.text);
    return 1;
}

static int close_winter(void **unused)
{
    (void)unused;
    sv_grid_free(&grid);
    sv_scenario_free(&winter);
    return 0;
}

static int64_t allocations_of(const sv_season_settings *settings, bool traced)
{
    sv_season *season = NULL;
    sv_season_row *row = sv_season_row_new(grid, settings->n_h);
    sv_season_trace *trace = sv_season_trace_new(grid, settings->n_h);
    assert_int_equal(sv_season_new(&season, grid, settings, NULL), SV_OK);
    assert_int_equal(sv_season_run(season, 1, 0, row), SV_OK);
    n_allocation = 0;
    counting = true;
    for (int64_t k = 1; k < 4; k++) {
        sv_status status = traced ? sv_season_run_traced(season, 1, k, trace, row) : sv_season_run(season, 1, k, row);
        if (status == SV_OK && traced)
            status = sv_season_run_beside(season, 1, k, trace, row);
        if (status != SV_OK)
            fail_msg("season %d: %s", (int)k, sv_status_name(status));
    }
    counting = false;
    assert_int_equal(row->relaxed_h, 0);
    assert_true(row->eens_mwh > 0.0);
    sv_season_trace_free(&trace);
    sv_season_row_free(&row);
    sv_season_free(&season);
    return n_allocation;
}

static void the_counter_counts(void **unused)
{
    (void)unused;
    n_allocation = 0;
    counting = true;
    sv_arena *arena = sv_arena_new();
    bool taken = SV_TAKE(arena, 4, double) != NULL;
    counting = false;
    assert_true(taken && n_allocation >= 2);
    sv_arena_free(arena);
}

static void hours_allocate_nothing(void **unused)
{
    (void)unused;
    for (int network = 0; network < 2; network++)
        for (int traced = 0; traced < 2; traced++) {
            sv_season_settings settings = winter->season;
            settings.network = network == 1;
            assert_int_equal(allocations_of(&settings, traced == 1), 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_counter_counts),
        cmocka_unit_test(hours_allocate_nothing),
    };
    return cmocka_run_group_tests(tests, open_winter, close_winter);
}
#else
int main(void)
{
    puts("skipped: sanitizers and other C libraries keep malloc to themselves");
    return 77;
}
#endif
