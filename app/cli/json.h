/* JSON of the power flow commands. */
#ifndef SVITLO_CLI_JSON_H
#define SVITLO_CLI_JSON_H

#include "flow.h"

#include <jansson.h>

/** Ids come from files in any encoding; JSON wants UTF-8. */
json_t *flow_json_text(const char *text);
/** null where there is no number. */
json_t *flow_json_finite(double value);
/** Print it to stdout and let it go; NULL = out of memory. @return exit code */
int flow_json_print(json_t *root);
/** What `svitlo flow --json` prints. NULL = out of memory */
json_t *flow_json(const flow_work *work, const flow_look *look);

#endif
