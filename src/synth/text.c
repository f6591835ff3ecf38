/* Ids and names put together without printf: short texts in a fixed buffer. Too long = cut. Any thread. */
#include "private.h"

void words_add(words *w, const char *text)
{
    while (*text && w->n + 1 < TEXT)
        w->text[w->n++] = *text++;
    w->text[w->n] = '\0';
}

void words_add_int(words *w, int64_t value, int32_t width)
{
    char digits[24];
    int32_t n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0 && n < 20);
    while (n < width && n < 20)
        digits[n++] = '0';
    while (n > 0 && w->n + 1 < TEXT)
        w->text[w->n++] = digits[--n];
    w->text[w->n] = '\0';
}

const char *words_keep(const words *w, sv_arena *arena)
{
    return sv_arena_text(arena, w->text);
}
