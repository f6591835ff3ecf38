/* The program `svitlo`: finds the command, leaves the rest to it. */
#include "cli.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} command;

static const command commands[] = {
    {"run", sv_cmd_run, "simulate thousands of winters of a scenario"},
    {"compare", sv_cmd_compare, "what each lever is worth, over the same winters"},
    {"balance", sv_cmd_balance, "least load shedding of one damage state of a grid"},
    {"flow", sv_cmd_flow, "AC or DC power flow of a grid"},
    {"contingency", sv_cmd_contingency, "what happens when branches or generators go"},
    {"info", sv_cmd_info, "check a grid and describe it"},
    {"synth", sv_cmd_synth, "make a fictional country"},
    {"report", sv_cmd_report, "one HTML page of results files"},
    {"export", sv_cmd_export, "results as CSV or NetCDF"},
    {"help", sv_cmd_help, "help on a command, or on the keys of a scenario"},
};
enum { N_COMMAND = sizeof commands / sizeof commands[0] };

static void print_usage(FILE *out)
{
    fputs("Svitlo " SV_VERSION ": how dark will it get, and what is each lever worth\n\nUsage: svitlo COMMAND ...\n\n",
          out);
    for (int i = 0; i < N_COMMAND; i++)
        fprintf(out, "  %-11s %s\n", commands[i].name, commands[i].help);
    fputs("\nsvitlo COMMAND --help tells more. Exit codes: 0 done, 1 failure, 2 usage.\n", out);
}

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit is an error of the write, like a full disk */
    atexit(sv_cli_flush_at_exit);
    if (argc < 2) {
        print_usage(stderr);
        return 2;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || (strcmp(name, "help") == 0 && argc == 2)) {
        print_usage(stdout);
        return sv_cli_flush();
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        puts("svitlo " SV_VERSION);
        return sv_cli_flush();
    }
    for (int i = 0; i < N_COMMAND; i++) {
        if (strcmp(name, commands[i].name) == 0) {
            char full[64];
            snprintf(full, sizeof full, "svitlo %s", name);
            argv[1] = full;
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    fprintf(stderr,
            "svitlo: unknown command \'%s\'; accepted: run, compare, report, export, balance, flow, contingency, info, "
            "synth, help\n",
            name);
    return 2;
}
