/* Lines of an answer for people: a label, then words broken before column 80, amounts with their unit. */
#ifndef SVITLO_CLI_LINES_H
#define SVITLO_CLI_LINES_H

#include <stdint.h>

enum { LINE_WIDTH = 80, LINE_LABEL = 16 };

/** The words at the head of a line, up to column LINE_LABEL. */
void line_label(const char *text);
/** Words broken at blanks before column 80, each further line under the first word. @param[in] indent where the cursor is */
void line_wrapped(const char *text, int indent);
/** The same from the margin, further lines two columns in. */
void line_hanging(const char *text);
const char *line_plural(int64_t n, const char *one, const char *many);
/** "1,204.5 MW", "0.031 MW", "0 MW": a place for a tenth, small ones with more. */
const char *line_power(double value, const char *unit, char text[64]);

#endif
