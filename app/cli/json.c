/* JSON of the power flow commands. */
#include "json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

json_t *flow_json_text(const char *text)
{
    json_t *string = json_string(text);
    return string != NULL ? string : json_string("?");
}

json_t *flow_json_finite(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

int flow_json_print(json_t *root)
{
    char *text = root != NULL ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) : NULL;
    json_decref(root);
    if (text == NULL) {
        fputs("svitlo: out of memory\n", stderr);
        return 1;
    }
    puts(text);
    free(text);
    return 0;
}
