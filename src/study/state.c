/* All that a study knows, as bytes, so that another one can go on: every array of the tallies in one fixed order, as words
 * of 4 bytes with runs of zeros left out (most bins of most hours are empty). A header says whose it is. The bytes are
 * those of this machine and version: a file of results names both. Linear in the memory of the study. */
#include "private.h"

#include <string.h>

enum { MAGIC = 0x53565333, FEW_ZEROS = 2 }; /* "SVS3"; zeros in a row that are not worth a new run */
enum { N_WHOSE = 12, HEAD_LEVERS = 12, HEAD_SUM = 14, N_HEAD = 16 }; /* words of the head */

/* One pass over all arrays: to write them, or to read them back. */
typedef struct {
    uint8_t *out; /* writing: NULL = only count */
    size_t room;
    const uint8_t *in; /* reading, else NULL */
    size_t n_in;
    size_t at; /* bytes written or read so far */
    bool bad;  /* reading: it does not fit */
} pass;

/* FNV-1a by words: enough to tell damage. */
static uint64_t mix(uint64_t sum, const void *bytes, size_t n_word)
{
    for (size_t i = 0; i < n_word; i++) {
        uint32_t word;
        memcpy(&word, (const uint8_t *)bytes + 4 * i, sizeof word);
        sum = (sum ^ word) * UINT64_C(1099511628211);
    }
    return sum;
}

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
    move(self, base->day_mwh, sizeof *base->day_mwh * n_region * (size_t)base->n_day);
    move(self, base->day_people_hours, sizeof *base->day_people_hours * n_region * (size_t)base->n_day);
    move(self, base->site, sizeof *base->site * (size_t)base->grid->n_site);
    move(self, base->cause_mwh, sizeof *base->cause_mwh * n_region * SV_N_UNIT_CLASS * SV_N_CAUSE);
    move(self, &base->unexplained_mwh, sizeof base->unexplained_mwh);
    move(self, &base->n_course, sizeof base->n_course);
    move(self, base->course_season, sizeof *base->course_season * COURSE_SEASONS);
    move(self, base->course_harm, sizeof *base->course_harm * COURSE_SEASONS);
    move(self, base->course_shed, sizeof *base->course_shed * COURSE_SEASONS * n_h);
    move(self, base->course_people, sizeof *base->course_people * COURSE_SEASONS * n_h);
    move(self, &base->worst.n, sizeof base->worst.n);
    move(self, base->worst.hour, sizeof *base->worst.hour * SV_MOST_WORST);
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

/* Whose it is: what must be the same for the bytes to mean the same. */
static void fill_head(const sv_study *study, uint32_t head[N_HEAD])
{
    const uint32_t whose[N_WHOSE] = {MAGIC,
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
    uint64_t levers = UINT64_C(14695981039346656037);
    for (int32_t k = 0; k < study->n_lever; k++) {
        levers = mix(levers, &study->lever[k].n_against, 1);
        levers = mix(levers, study->lever[k].against, (size_t)study->lever[k].n_against);
    }
    memset(head, 0, 4 * N_HEAD);
    memcpy(head, whose, sizeof whose);
    memcpy(head + HEAD_LEVERS, &levers, sizeof levers);
}

static uint64_t sum_of(const uint8_t *bytes, size_t n)
{
    return mix(UINT64_C(14695981039346656037), bytes + 4 * N_HEAD, n / 4 - N_HEAD);
}

size_t sv_study_save(const sv_study *study, void *buffer, size_t room)
{
    uint32_t head[N_HEAD];
    fill_head(study, head);
    pass writing = {.out = buffer, .room = buffer != NULL ? room : 0};
    put_words(&writing, head, N_HEAD);
    sv_study *arrays = (sv_study *)(uintptr_t)study; /* only read from when writing */
    move_all(&writing, arrays);
    if (writing.at <= writing.room) {
        uint64_t sum = sum_of(buffer, writing.at);
        memcpy((uint8_t *)buffer + 4 * HEAD_SUM, &sum, sizeof sum);
    }
    return writing.at;
}

/* ---- reading ------------------------------------------------------------------------------- */

static bool stats_fit(const sv_stat *stat, int64_t n_stat, int64_t n_done)
{
    for (int64_t i = 0; i < n_stat; i++)
        if (stat[i].n < 0 || stat[i].n > n_done)
            return false;
    return true;
}

static bool moments_fit(const sv_moments *moments, int64_t n_moments, int64_t n_done)
{
    for (int64_t i = 0; i < n_moments; i++)
        if (moments[i].n < 0 || moments[i].n > n_done)
            return false;
    return true;
}

/* No count may lead outside of an array, whatever the bytes were. */
static bool fits(const sv_study *study)
{
    const tally *base = &study->base;
    int64_t n = study->n_done, n_split = (int64_t)study->grid->n_region * SV_N_SPLIT_METRIC;
    bool good = n >= 0 && n <= INT64_C(4000000000) && study->n_failed >= 0 && study->n_failed <= n &&
                base->n_course >= 0 && base->n_course <= COURSE_SEASONS && base->shed_mw.n_season >= 0 &&
                base->shed_mw.n_season <= n && base->people.n_season >= 0 && base->people.n_season <= n &&
                stats_fit(base->total, SV_N_METRIC, n) && stats_fit(base->region, n_split, n) &&
                stats_fit(base->class_, SV_N_CLASS * SV_N_SPLIT_METRIC, n) &&
                worst_fits(&base->worst, n, study->season.n_h);
    for (int32_t k = 0; k < study->n_lever && good; k++) {
        const lever_tally *lever = &study->lever[k];
        good = lever->n_season >= 0 && lever->n_season <= n && stats_fit(lever->total, SV_N_METRIC, n) &&
               moments_fit(lever->difference, SV_N_METRIC, n) && moments_fit(lever->contrast, SV_N_METRIC, n) &&
               moments_fit(lever->region, n_split, n);
    }
    return good;
}

sv_status sv_study_load(sv_study *study, const void *state, size_t n, sv_error *err)
{
    uint32_t ours[N_HEAD];
    const uint8_t *bytes = state;
    uint64_t sum = 0;
    fill_head(study, ours);
    if (n < sizeof ours || memcmp(bytes, ours, 4 * N_WHOSE) != 0)
        return sv_error_set(err, SV_EDATA, NULL, 0, "what was saved is of another study: other sizes, seed or machine");
    if (memcmp(bytes + 4 * HEAD_LEVERS, ours + HEAD_LEVERS, 8) != 0)
        return sv_error_set(err, SV_EUSAGE, NULL, 0,
                            "its levers are compared with one another in another way; accepted: the same combinations "
                            "and sweeps, in the same order");
    memcpy(&sum, bytes + 4 * HEAD_SUM, sizeof sum);
    pass reading = {.in = bytes, .n_in = n, .at = sizeof ours, .bad = n % 4 != 0 || sum != sum_of(bytes, n)};
    move_all(&reading, study);
    if (reading.bad || reading.at != n || !fits(study))
        return sv_error_set(err, SV_EDATA, NULL, 0, "what was saved of the study is damaged");
    study->converged = study_is_precise(study);
    return SV_OK;
}
