/* Words that are near: for a key that does not exist, the one that was probably meant. Walks all keys, some
 * microseconds each, and only when something is wrong. */
#include "private.h"

#include <stdio.h>
#include <string.h>

static int32_t least(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment, three rows of the table at a time. Longer words are compared by their first 63 bytes. */
int32_t word_distance(const char *a, const char *b)
{
    enum { MOST = 63 };
    int32_t row[3][MOST + 1];
    int32_t n_a = (int32_t)strnlen(a, MOST), n_b = (int32_t)strnlen(b, MOST);
    for (int32_t j = 0; j <= n_b; j++)
        row[0][j] = j;
    for (int32_t i = 1; i <= n_a; i++) {
        int32_t *now = row[i % 3];
        const int32_t *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (int32_t j = 1; j <= n_b; j++) {
            now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return row[n_a % 3][n_b];
}

static int32_t n_dot(const char *path)
{
    int32_t n = 0;
    for (; *path != '\0'; path++)
        n += *path == '.';
    return n;
}

/* Cut a path after its first n + 1 words. */
static void keep_words(char *path, int32_t n)
{
    for (; *path != '\0'; path++)
        if (*path == '.' && n-- == 0) {
            *path = '\0';
            return;
        }
}

static const char *last_word(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot == NULL ? path : dot + 1;
}

bool nearest_key(const char *path, char out[MOST_PATH])
{
    char other[MOST_PATH];
    int32_t n_word = n_dot(path), n = (int32_t)strlen(path);
    int32_t best = n < 4 ? 2 : n < 9 ? 3 : 4; /* edits from which on words have nothing in common */
    bool found = false;
    for (place at = {-1, 0}; place_next(&at);) { /* a slip of the fingers */
        place_path(at, other);
        if (n_dot(other) < n_word)
            continue;
        keep_words(other, n_word);
        int32_t distance = word_distance(path, other);
        if (distance < best) {
            best = distance;
            found = true;
            strcpy(out, other);
        }
    }
    if (found)
        return true;
    best = INT32_MAX;
    for (place at = {-1, 0}; place_next(&at);) { /* the right word in the wrong place */
        place_path(at, other);
        int32_t distance = strcmp(last_word(other), last_word(path)) == 0 ? word_distance(path, other) : INT32_MAX;
        if (distance < best) {
            best = distance;
            strcpy(out, other);
        }
    }
    return best < INT32_MAX;
}

void build_members(builder *out, const char *group)
{
    char path[MOST_PATH], last[MOST_PATH] = "";
    size_t n = strlen(group);
    bool first = true;
    for (place at = {-1, 0}; place_next(&at);) {
        place_path(at, path);
        if (n > 0 && (strncmp(path, group, n) != 0 || path[n] != '.'))
            continue;
        char *word = path + (n > 0 ? n + 1 : 0);
        keep_words(word, 0);
        if (strcmp(word, last) == 0)
            continue;
        build(out, "%s%s", first ? "" : ", ", word);
        first = false;
        memmove(last, word, strlen(word) + 1);
    }
}
