/* Lines of an answer for people. */
#include "lines.h"
#include "cli.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void line_label(const char *text)
{
    printf("  %-*s", LINE_LABEL - 2, text);
}

/* From a column on, the next lines from another. */
static void wrap(const char *text, int first, int indent)
{
    int column = first;
    for (const char *p = text; *p != '\0';) {
        int n = (int)strcspn(p, " "), columns = 0;
        for (int i = 0; i < n; i++)
            columns += ((unsigned char)p[i] & 0xC0u) != 0x80u;
        if (column > first && column + 1 + columns > LINE_WIDTH)
            column = printf("\n%*s", indent, "") - 1;
        else if (column > first)
            column += printf(" ");
        printf("%.*s", n, p);
        column += columns;
        p += n + (p[n] == ' ');
    }
    putchar('\n');
}

void line_wrapped(const char *text, int indent)
{
    wrap(text, indent, indent);
}

void line_hanging(const char *text)
{
    wrap(text, 0, 2);
}

const char *line_plural(int64_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

const char *line_power(double value, const char *unit, char text[64])
{
    char number[32];
    double size = fabs(value);
    snprintf(text, 64, "%s %s", sv_cli_thousands(value, size < 0.0005 ? 0 : size < 0.95 ? 3 : 1, number), unit);
    return text;
}
