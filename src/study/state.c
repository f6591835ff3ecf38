/* All that a study knows, as bytes, so that another one can go on: every array of the tallies in one fixed order, as words
 * of 4 bytes with runs of zeros left out (most bins of most hours are empty). A header says whose it is. The bytes are
 * those of this machine and version: a file of results names both. Linear in the memory of the study. */
#include "private.h"

#include <string.h>

enum { MAGIC = 0x53565331, N_HEAD = 12, FEW_ZEROS = 2 }; /* "SVS1"; zeros in a row that are not worth a new run */

/* One pass over all arrays: to write them, or to read them back. */
typedef struct {
    uint8_t *out; /* writing: NULL = only count */
    size_t room;
    const uint8_t *in; /* reading, else NULL */
    size_t n_in;
    size_t at; /* bytes written or read so far */
    bool bad;  /* reading: it does not fit */
} pass;

static void put_words(pass *self, const uint32_t *word, size_t n)
{
    if (self->out != NULL && self->at + 4 * n <= self->room)
        memcpy(self->out + self->at, word, 4 * n);
    self->at += 4 * n;
}

static size_t zeros_at(const uint32_t *word, size_t i, size_t n)
{
    size_t k = i;
    while (k < n && word[k] == 0)
        k++;
    return k - i;
}

/* [zeros, literals, the literals] again and again. */
static void write_words(pass *self, const uint32_t *word, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t zeros = zeros_at(word, i, n), end = i + zeros;
        while (end < n && zeros_at(word, end, n) <= FEW_ZEROS)
            end++;
        uint32_t head[2] = {(uint32_t)zeros, (uint32_t)(end - i - zeros)};
        put_words(self, head, 2);
        put_words(self, word + i + zeros, head[1]);
        i = end;
    }
}

static void read_words(pass *self, uint32_t *word, size_t n)
{
    for (size_t i = 0; i < n && !self->bad;) {
        uint32_t head[2] = {0, 0};
        if (self->at + sizeof head <= self->n_in)
            memcpy(head, self->in + self->at, sizeof head);
        self->at += sizeof head;
        size_t zeros = head[0], literals = head[1];
        self->bad = zeros + literals == 0 || zeros + literals > n - i || self->at + 4 * literals > self->n_in;
        if (self->bad)
            return;
        memset(word + i, 0, 4 * zeros);
        memcpy(word + i + zeros, self->in + self->at, 4 * literals);
        self->at += 4 * literals;
        i += zeros + literals;
    }
}

/* Every array is of numbers of 4 or 8 bytes. */
static void move(pass *self, void *array, size_t n_byte)
{
    if (self->in != NULL)
        read_words(self, array, n_byte / 4);
    else
        write_words(self, array, n_byte / 4);
}

static void move_hours(pass *self, sv_hours *hours)
{
    size_t n_h = (size_t)hours->n_h;
    move(self, &hours->n_season, sizeof hours->n_season);
    move(self, hours->count, sizeof *hours->count * n_h * SV_HOURS_BINS);
    move(self, hours->n_above_zero, sizeof *hours->n_above_zero * n_h);
    move(self, hours->sum, sizeof *hours->sum * n_h);
}

static void move_base(pass *self, tally *base)
{
    size_t n_region = (size_t)base->grid->n_region, n_h = (size_t)base->n_h;
    move(self, base->total, sizeof *base->total * SV_N_METRIC);
    move(self, base->region, sizeof *base->region * n_region * SV_N_SPLIT_METRIC);
    move(self, base->class_, sizeof *base->class_ * SV_N_CLASS * SV_N_SPLIT_METRIC);
    move_hours(self, &base->shed_mw);
    move_hours(self, &base->people);
    move(self, base->site, sizeof *base->site * (size_t)base->grid->n_site);
    move(self, base->cause_mwh, sizeof *base->cause_mwh * n_region * SV_N_UNIT_CLASS * SV_N_CAUSE);
    move(self, &base->unexplained_mwh, sizeof base->unexplained_mwh);
    move(self, &base->n_course, sizeof base->n_course);
    move(self, base->course_season, sizeof *base->course_season * COURSE_SEASONS);
    move(self, base->course_harm, sizeof *base->course_harm * COURSE_SEASONS);
    move(self, base->course_shed, sizeof *base->course_shed * COURSE_SEASONS * n_h);
    move(self, base->course_people, sizeof *base->course_people * COURSE_SEASONS * n_h);
}

static void move_lever(pass *self, lever_tally *lever, int32_t n_region)
{
    move(self, lever->total, sizeof *lever->total * SV_N_METRIC);
    move(self, lever->difference, sizeof *lever->difference * SV_N_METRIC);
    move(self, lever->contrast, sizeof *lever->contrast * SV_N_METRIC);
    move(self, lever->region, sizeof *lever->region * (size_t)n_region * SV_N_SPLIT_METRIC);
    move(self, &lever->n_season, sizeof lever->n_season);
    move(self, &lever->same_h, sizeof lever->same_h);
    move(self, &lever->reused_h, sizeof lever->reused_h);
}

static void move_all(pass *self, sv_study *study)
{
    move(self, &study->n_done, sizeof study->n_done);
    move(self, &study->n_failed, sizeof study->n_failed);
    move_base(self, &study->base);
    for (int32_t k = 0; k < study->n_lever; k++)
        move_lever(self, &study->lever[k], study->grid->n_region);
}

/* What must be the same for the bytes to mean the same. */
static void fill_head(const sv_study *study, uint32_t head[N_HEAD])
{
    uint32_t of[N_HEAD] = {MAGIC,
                           (uint32_t)sizeof(sv_stat),
                           SV_N_METRIC,
                           SV_HOURS_BINS,
                           COURSE_SEASONS,
                           (uint32_t)study->season.n_h,
                           (uint32_t)study->grid->n_region,
                           (uint32_t)study->grid->n_site,
                           (uint32_t)study->n_lever,
                           (uint32_t)study->settings.seed,
                           (uint32_t)(study->settings.seed >> 32),
                           1}; /* also tells the order of bytes */
    memcpy(head, of, sizeof of);
}

size_t sv_study_save(const sv_study *study, void *buffer, size_t room)
{
    uint32_t head[N_HEAD];
    fill_head(study, head);
    pass writing = {.out = buffer, .room = buffer != NULL ? room : 0};
    put_words(&writing, head, N_HEAD);
    sv_study *arrays = (sv_study *)(uintptr_t)study; /* only read from when writing */
    move_all(&writing, arrays);
    return writing.at;
}

sv_status sv_study_load(sv_study *study, const void *state, size_t n, sv_error *err)
{
    uint32_t ours[N_HEAD];
    fill_head(study, ours);
    if (n < sizeof ours || memcmp(state, ours, sizeof ours) != 0)
        return sv_error_set(err, SV_EDATA, NULL, 0, "what was saved is of another study: other sizes, seed or machine");
    pass reading = {.in = state, .n_in = n, .at = sizeof ours};
    move_all(&reading, study);
    if (reading.bad || reading.at != n || study->n_done < 0 || study->n_failed < 0 || study->base.n_course < 0 ||
        study->base.n_course > COURSE_SEASONS)
        return sv_error_set(err, SV_EDATA, NULL, 0, "what was saved of the study is damaged");
    study->converged = study_is_precise(study);
    return SV_OK;
}
