/* cli: what the commands share. One file a command, over the public headers only. stdout carries data only; words about
 * the work go to stderr. */
#ifndef SVITLO_CLI_H
#define SVITLO_CLI_H

#include "svitlo/base.h"

/* Each command parses its own words with argp. argv[0] is "svitlo COMMAND". @return exit code: 0, 1 failure, 2 usage */
int sv_cmd_info(int argc, char **argv);
int sv_cmd_balance(int argc, char **argv);
int sv_cmd_flow(int argc, char **argv);
int sv_cmd_contingency(int argc, char **argv);
int sv_cmd_synth(int argc, char **argv);
int sv_cmd_run(int argc, char **argv);
int sv_cmd_compare(int argc, char **argv);
int sv_cmd_report(int argc, char **argv);
int sv_cmd_export(int argc, char **argv);
int sv_cmd_help(int argc, char **argv);

/** Print `svitlo: <sentence>` to stderr. @return the exit code that goes with the status: 2 for SV_EUSAGE, else 1 */
int sv_cli_fail(const sv_error *err);

/** Flush stdout and check that everything arrived (a full disk, a closed pipe). @return 0 or 1 with a sentence on stderr */
int sv_cli_flush(void);
/** The same for atexit: whatever ended the program, output that got lost is told and the exit code is not 0. */
void sv_cli_flush_at_exit(void);

/** The name of a file without its folder. @param[out] stem its length without its ending */
const char *sv_cli_file(const char *path, size_t *stem);

/** Read a whole number / a positive real from a flag. @return false after a sentence on stderr */
bool sv_cli_int(const char *flag, const char *text, int64_t lowest, int64_t highest, int64_t *value);
bool sv_cli_real(const char *flag, const char *text, double lowest, double highest, double *value);

/** 18300 -> "18,300"; buffers of 32 bytes. */
const char *sv_cli_thousands(double value, int decimals, char buffer[32]);

#endif
