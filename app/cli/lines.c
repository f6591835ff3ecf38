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

void line_wrapped(const char *text, int indent)
{
    int column = indent;
    for (const char *p = text; *p != '\0';) {
        int n = (int)strcspn(p, " "), columns = 0;
        for (int i = 0; i < n; i++)
            columns += ((unsigned char)p[i] & 0xC0u) != 0x80u;
        if (column > indent && column + 1 + columns > LINE_WIDTH)
            column = printf("\n%*s", indent, "") - 1;
        else if (column > indent)
            column += printf(" ");
        printf("%.*s", n, p);
        column += columns;
        p += n + (p[n] == ' ');
    }
    putchar('\n');
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
