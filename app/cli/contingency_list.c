/* The list of outages: all branches and units in service, the sets of a file, or the pairs of either. A line of the file is
 * `branch 12` or `gen 3`, or several of them with commas between; rows are those of the grid's tables, from 1. Pairs are made
 * when they are asked for. Linear in the file. */
#include "contingency.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char accepted[] = "accepted: branch ROW or gen ROW, several with commas between, as in 'branch 12, gen 3'";

/* ---- growing ------------------------------------------------------------------------------- */

static bool grow(void **array, int64_t most, size_t size)
{
    void *more = realloc(*array, (size_t)most * size);
    if (more != NULL)
        *array = more;
    return more != NULL;
}

/* A set of elements at the end. @return false: out of memory */
static bool add_set(contingency_list *list, int32_t n, const contingency_element *element)
{
    if (list->n_set + 1 >= list->most_set) {
        int32_t most = 2 * list->most_set + 1024;
        if (!grow((void **)&list->start, most, sizeof *list->start))
            return false;
        list->most_set = most;
    }
    int32_t at = list->n_set > 0 ? list->start[list->n_set] : 0;
    if (at + n > list->most_element) {
        int64_t most = 2 * list->most_element + 1024;
        if (!grow((void **)&list->element, most, sizeof *list->element))
            return false;
        list->most_element = most;
    }
    list->start[list->n_set] = at;
    list->start[++list->n_set] = at + n;
    memcpy(list->element + at, element, (size_t)n * sizeof *element);
    return true;
}

/* ---- all that is in service ---------------------------------------------------------------- */

static bool is_live(const flow_work *work, contingency_element element)
{
    const sv_state *state = work->state;
    if (!element.is_gen)
        return sv_state_branch_live(state, element.i);
    return state->gen_on[element.i] && state->bus_on[work->grid->gen[element.i].i_bus];
}

static bool add_singles(contingency_list *list, const flow_work *work, bool units)
{
    for (int32_t kind = 0; kind <= (units ? 1 : 0); kind++)
        for (int32_t i = 0; i < (kind == 0 ? work->grid->n_branch : work->grid->n_gen); i++) {
            contingency_element one = {i, kind == 1};
            if (is_live(work, one) && !add_set(list, 1, &one))
                return false;
        }
    return true;
}

/* ---- a file -------------------------------------------------------------------------------- */

/* Without blanks around it, in place. */
static char *trim(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    size_t n = strlen(text);
    while (n > 0 && isspace((unsigned char)text[n - 1]))
        text[--n] = '\0';
    return text;
}

typedef struct {
    const char *path;
    int32_t line;
} place;

static sv_status read_element(const sv_grid *grid, const char *word, place at, contingency_element *out, sv_error *err)
{
    bool branch = strncmp(word, "branch", 6) == 0, gen = strncmp(word, "gen", 3) == 0;
    const char *number = word + (branch ? 6 : gen ? 3 : 0);
    size_t gap = strspn(number, " \t");
    number += gap;
    size_t digits = strspn(number, "0123456789");
    if (*word == '\0')
        return sv_error_set(err, SV_EDATA, at.path, at.line, "an element is missing beside a comma; %s", accepted);
    if ((!branch && !gen) || gap == 0 || digits == 0 || number[digits] != '\0')
        return sv_error_set(err, SV_EDATA, at.path, at.line, "'%.40s' is no element; %s", word, accepted);
    int32_t n = branch ? grid->n_branch : grid->n_gen;
    long row = digits < 10 ? strtol(number, NULL, 10) : 0;
    if (row < 1 || row > n)
        return sv_error_set(err, SV_EDATA, at.path, at.line, "'%.40s' is no row of the %s table; accepted: 1 to %d",
                            number, branch ? "branch" : "gen", (int)n);
    *out = (contingency_element){(int32_t)row - 1, gen};
    return SV_OK;
}

/* Of elements that are to be paired: each once in the file, or pairs would come twice. */
static sv_status note_named(contingency_list *list, const sv_grid *grid, contingency_element element, place at,
                            sv_error *err)
{
    int32_t *named_at = &list->named_at[element.is_gen ? grid->n_branch + element.i : element.i];
    if (*named_at > 0)
        return sv_error_set(err, SV_EDATA, at.path, at.line,
                            "%s %d is named twice, in line %d already; accepted: once with --k 2, which pairs all",
                            element.is_gen ? "gen" : "branch", (int)element.i + 1, (int)*named_at);
    *named_at = at.line;
    return SV_OK;
}

/* line is taken to pieces. */
static sv_status read_line(contingency_list *list, const flow_work *work, char *line, place at, sv_error *err)
{
    contingency_element set[SV_CONTINGENCY_MOST];
    int32_t n = 0, most = list->n_out == 2 ? 1 : SV_CONTINGENCY_MOST;
    bool idle = false;
    for (char *next = line; next != NULL; n++) {
        char *word = next, *comma = strchr(next, ',');
        next = comma != NULL ? comma + 1 : NULL;
        if (comma != NULL)
            *comma = '\0';
        if (n == most)
            return sv_error_set(err, SV_EDATA, at.path, at.line, "more than %d element%s out at once; accepted: %s",
                                (int)most, most == 1 ? "" : "s",
                                most == 1 ? "one a line with --k 2, which makes pairs of them" : "1 to 8 a line");
        sv_status status = read_element(work->grid, trim(word), at, &set[n], err);
        if (status != SV_OK)
            return status;
        if (set[n].is_gen && list->branches_only)
            return sv_error_set(err, SV_EDATA, at.path, at.line,
                                "gen %d is no branch; accepted with --dc --k 2: branch ROW, one a line",
                                (int)set[n].i + 1);
        for (int32_t k = 0; k < n; k++)
            if (set[k].i == set[n].i && set[k].is_gen == set[n].is_gen)
                return sv_error_set(err, SV_EDATA, at.path, at.line, "%s %d is named twice; accepted: once a line",
                                    set[n].is_gen ? "gen" : "branch", (int)set[n].i + 1);
        if (list->n_out == 2)
            status = note_named(list, work->grid, set[n], at, err);
        if (status != SV_OK)
            return status;
        idle = idle || !is_live(work, set[n]);
    }
    if (idle && list->n_idle++ == 0)
        list->idle_number = list->n_set + 1;
    if (list->n_set == CONTINGENCY_MOST_ROWS)
        return sv_error_set(err, SV_EDATA, at.path, at.line,
                            "more than %lld contingencies; accepted: at most that many, so split the file",
                            (long long)CONTINGENCY_MOST_ROWS);
    return add_set(list, n, set) ? SV_OK : sv_error_set(err, SV_ENOMEM, at.path, at.line, "out of memory");
}

static sv_status cannot_read(const char *path, sv_error *err)
{
    return sv_error_set(err, SV_EIO, path, 0, "cannot be read: %s", strerror(errno));
}

static sv_status read_lines(contingency_list *list, const flow_work *work, FILE *file, const char *path, sv_error *err)
{
    char *line = NULL;
    size_t room = 0;
    sv_status status = SV_OK;
    place at = {path, 1};
    errno = 0;
    for (; status == SV_OK && getline(&line, &room, file) >= 0; at.line++) {
        char *text = line;
        if (at.line == 1 && strncmp(text, "\xEF\xBB\xBF", 3) == 0)
            text += 3;
        text = trim(text);
        if (*text != '\0' && *text != '#')
            status = read_line(list, work, text, at, err);
    }
    if (status == SV_OK && ferror(file))
        status = cannot_read(path, err);
    free(line);
    return status;
}

static sv_status read_file(contingency_list *list, const flow_work *work, const char *path, sv_error *err)
{
    struct stat there;
    if (stat(path, &there) != 0)
        return cannot_read(path, err);
    if (!S_ISREG(there.st_mode))
        return sv_error_set(err, SV_EIO, path, 0, "is %s; accepted: a file",
                            S_ISDIR(there.st_mode) ? "a folder" : "no regular file");
    if (list->n_out == 2) {
        list->named_at = calloc((size_t)work->grid->n_branch + (size_t)work->grid->n_gen + 1, sizeof *list->named_at);
        if (list->named_at == NULL)
            return sv_error_set(err, SV_ENOMEM, path, 0, "out of memory");
    }
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return cannot_read(path, err);
    sv_status status = read_lines(list, work, file, path, err);
    fclose(file);
    if (status == SV_OK && list->n_set == 0)
        status = sv_error_set(err, SV_EDATA, path, 0, "names no contingency; %s", accepted);
    return status;
}

/* ---- the list ------------------------------------------------------------------------------ */

static sv_status count(contingency_list *list, const contingency_options *opt, sv_error *err)
{
    const char *what = opt->list_path != NULL ? "listed elements" : "branches in service";
    list->n = list->n_set;
    if (list->n_out == 2)
        list->n = (int64_t)list->n_set * (list->n_set - 1) / 2;
    int64_t most = contingency_screens(opt) ? CONTINGENCY_MOST_PAIRS : CONTINGENCY_MOST_ROWS;
    if (list->n > most)
        return sv_error_set(err, SV_EUSAGE, opt->flow.grid_path, 0,
                            "%d %s make %lld %s; accepted: at most %lld, so name fewer in a --list", (int)list->n_set,
                            what, (long long)list->n, list->n_out == 2 ? "pairs" : "contingencies", (long long)most);
    if (list->n == 0 && list->n_out == 1)
        return sv_error_set(err, SV_EDATA, opt->flow.grid_path, 0,
                            "nothing is in service to take out; accepted: a branch or a generator in service");
    if (list->n == 0)
        return sv_error_set(err, SV_EDATA, opt->flow.grid_path, 0, "%d %s make no pair; accepted: 2 or more",
                            (int)list->n_set, what);
    list->second = 1;
    return SV_OK;
}

sv_status contingency_list_new(contingency_list *list, const contingency_options *opt, const flow_work *work,
                               sv_error *err)
{
    *list = (contingency_list){.n_out = (int32_t)opt->n_out, .branches_only = contingency_screens(opt)};
    sv_status status = SV_OK;
    if (opt->list_path != NULL)
        status = read_file(list, work, opt->list_path, err);
    else if (!add_singles(list, work, opt->n_out == 1))
        status = sv_error_set(err, SV_ENOMEM, NULL, 0, "out of memory");
    return status == SV_OK ? count(list, opt, err) : status;
}

void contingency_list_free(contingency_list *list)
{
    free(list->start);
    free(list->element);
    free(list->named_at);
    *list = (contingency_list){0};
}

static void append(const contingency_list *list, int32_t k, contingency_row *row)
{
    for (int32_t e = list->start[k]; e < list->start[k + 1]; e++)
        row->element[row->n_element++] = list->element[e];
}

int32_t contingency_list_take(contingency_list *list, int32_t most, contingency_row *row)
{
    int32_t n = 0;
    for (; n < most && list->taken < list->n; n++) {
        row[n] = (contingency_row){.number = ++list->taken};
        append(list, list->first, &row[n]);
        if (list->n_out == 1) {
            list->first++;
            continue;
        }
        append(list, list->second, &row[n]);
        if (++list->second == list->n_set)
            list->second = ++list->first + 1;
    }
    return n;
}

sv_contingency contingency_outage(const contingency_row *row, int32_t own[SV_CONTINGENCY_MOST])
{
    int32_t n_branch = 0, n_gen = 0;
    for (int32_t e = 0; e < row->n_element; e++)
        if (!row->element[e].is_gen)
            own[n_branch++] = row->element[e].i;
    for (int32_t e = 0; e < row->n_element; e++)
        if (row->element[e].is_gen)
            own[n_branch + n_gen++] = row->element[e].i;
    return (sv_contingency){.n_branch = n_branch, .n_gen = n_gen, .i_branch = own, .i_gen = own + n_branch};
}
