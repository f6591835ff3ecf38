/* svitlo help: what a command's --help prints, or every key of a scenario, straight from the schema, as text of 80 columns
 * or as the Markdown of docs/scenario.md. Keys that differ only by the name of a class are shown once, with a table of
 * their defaults. */
#include "cli.h"

#include "svitlo/scenario.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, MOST_COLUMN = 12 };

/* ---- blocks: keys with a capital word in their pattern -------------------------------------------- */

/* Docs [first, first + n_row * n_column) of a schema, row by row; a single key is a block of one. */
typedef struct {
    const sv_setting_doc *doc;
    int32_t n_column, n_row;
    size_t n_before, n_title; /* of the pattern: up to the capital word, the word */
} block;

static size_t capital_at(const char *pattern)
{
    size_t n = 0;
    while (pattern[n] != '\0' && !isupper((unsigned char)pattern[n]))
        n++;
    return n;
}

static bool same_start(const sv_setting_doc *a, const sv_setting_doc *b, size_t n)
{
    return strlen(b->pattern) >= n && strncmp(a->pattern, b->pattern, n) == 0;
}

static block block_at(const sv_schema *schema, int32_t first)
{
    const sv_setting_doc *doc = &schema->doc[first];
    int32_t left = schema->n - first, n = 1, n_column = 1;
    block self = {doc, 1, 1, capital_at(doc->pattern), 0};
    if (doc->pattern[self.n_before] == '\0')
        return self;
    while (isupper((unsigned char)doc->pattern[self.n_before + self.n_title]))
        self.n_title++;
    while (n < left && same_start(doc, &doc[n], self.n_before + self.n_title))
        n++;
    while (n_column < n && strcmp(doc[n_column].pattern, doc->pattern) != 0)
        n_column++;
    self.n_column = n_column;
    self.n_row = n / n_column;
    return self;
}

static int32_t block_n(const block *self)
{
    return self->n_row * self->n_column;
}

/* The class of a row, as "autotransformer"; its length. */
static int row_name(const block *self, int32_t i_row, const char **name)
{
    *name = self->doc[i_row * self->n_column].key + self->n_before;
    return (int)strcspn(*name, ".");
}

/* What stands after the capital word, as "slight"; where nothing does, there is one column. */
static const char *column_name(const block *self, int32_t i_column)
{
    const char *rest = self->doc[i_column].pattern + self->n_before + self->n_title;
    return *rest == '.' ? rest + 1 : "default";
}

/* ---- text ------------------------------------------------------------------------------------------ */

/* Print words within the width, every line indented. */
static void print_wrapped(int indent, const char *text)
{
    int column = 0;
    while (*text != '\0') {
        int n = (int)strcspn(text, " ");
        if (column > 0 && column + 1 + n > WIDTH) {
            putchar('\n');
            column = 0;
        }
        if (column == 0)
            column = printf("%*s%.*s", indent, "", n, text);
        else
            column += printf(" %.*s", n, text);
        text += n;
        text += strspn(text, " ");
    }
    putchar('\n');
}

static void print_name(const char *name, const char *initial)
{
    printf("  %s%s%s\n", name, initial[0] == '\0' ? "" : " = ", initial);
}

static void print_help(const sv_setting_doc *doc)
{
    print_wrapped(6, doc->help);
    char accepted[512];
    snprintf(accepted, sizeof accepted, "Accepted: %s", doc->range);
    print_wrapped(6, accepted);
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static void print_defaults(const block *self)
{
    int width[MOST_COLUMN] = {0}, first = (int)self->n_title, total = 6;
    for (int32_t c = 0; c < self->n_column && c < MOST_COLUMN; c++)
        width[c] = (int)strlen(column_name(self, c));
    for (int32_t i = 0; i < block_n(self); i++) {
        const char *name = NULL;
        int32_t c = i % self->n_column;
        first = larger(first, row_name(self, i / self->n_column, &name));
        if (c < MOST_COLUMN)
            width[c] = larger(width[c], (int)strlen(self->doc[i].initial));
    }
    for (int32_t c = 0; c < self->n_column && c < MOST_COLUMN; c++)
        total += width[c] + 2;
    int gap = total + first <= WIDTH ? 2 : 1;
    int indent = total + first <= WIDTH || total + first - self->n_column <= WIDTH ? 6 : 2;
    printf("\n%*s%-*.*s", indent, "", first, (int)self->n_title, self->doc->pattern + self->n_before);
    for (int32_t c = 0; c < self->n_column && c < MOST_COLUMN; c++)
        printf("%*s%*s", gap, "", width[c], column_name(self, c));
    putchar('\n');
    for (int32_t i = 0; i < block_n(self); i++) {
        const char *name = NULL;
        int32_t c = i % self->n_column;
        int n = row_name(self, i / self->n_column, &name);
        if (c == 0)
            printf("%*s%-*.*s", indent, "", first, n, name);
        if (c < MOST_COLUMN)
            printf("%*s%*s", gap, "", width[c], self->doc[i].initial);
        if (c + 1 == self->n_column)
            putchar('\n');
    }
}

static void print_block(const block *self)
{
    if (self->n_title == 0) {
        print_name(self->doc->key, self->doc->initial);
        print_help(self->doc);
        return;
    }
    for (int32_t c = 0; c < self->n_column; c++) {
        print_name(self->doc[c].pattern, "");
        print_help(&self->doc[c]);
    }
    print_defaults(self);
}

/* The key itself, a group it is in, or its pattern; NULL = all. */
static bool is_asked(const sv_setting_doc *doc, const char *asked)
{
    if (asked == NULL || strcmp(doc->key, asked) == 0 || strcmp(doc->pattern, asked) == 0)
        return true;
    size_t n = strlen(asked);
    return (strncmp(doc->key, asked, n) == 0 && doc->key[n] == '.') ||
           (strncmp(doc->pattern, asked, n) == 0 && doc->pattern[n] == '.');
}

static int32_t count_asked(const block *self, const char *asked)
{
    int32_t n = 0;
    for (int32_t i = 0; i < block_n(self); i++)
        n += is_asked(&self->doc[i], asked);
    return n;
}

/* Some keys of a block; those of one pattern share their help. */
static void print_part(const block *self, const char *asked)
{
    const sv_setting_doc *last = NULL;
    for (int32_t i = 0; i < block_n(self); i++) {
        if (!is_asked(&self->doc[i], asked))
            continue;
        if (last != NULL && strcmp(last->pattern, self->doc[i].pattern) != 0)
            print_help(last);
        last = &self->doc[i];
        print_name(last->key, last->initial);
    }
    if (last != NULL)
        print_help(last);
}

static int32_t print_text(const sv_schema *schema, const char *asked)
{
    const char *section = NULL;
    int32_t n_shown = 0;
    bool after_table = false;
    for (int32_t i = 0; i < schema->n;) {
        block b = block_at(schema, i);
        int32_t n = count_asked(&b, asked);
        if (n > 0 && b.doc->section != section) {
            printf("%s%s\n\n", n_shown > 0 || asked == NULL ? "\n" : "", b.doc->section);
            section = b.doc->section;
            after_table = false;
        }
        if (n > 0 && after_table)
            putchar('\n');
        if (n > 0)
            after_table = n == block_n(&b) && b.n_title > 0;
        if (n == block_n(&b))
            print_block(&b);
        else
            print_part(&b, asked);
        n_shown += n;
        i += block_n(&b);
    }
    return n_shown;
}

static const char intro[] =
    "A scenario is a YAML file with the keys below, each with its default. A quantity is written with its unit, as in "
    "12 h. Keys are nested or have dots: `crews: {shift: 12 h}` is `crews.shift: 12 h`, and --set \"crews.shift=12 h\" "
    "overrides either. UNIT and other capital words stand for the names in the table under them. A lever is a file "
    "with base: PATH and the keys that differ from it, also add: {...} and cost: 72 M EUR.";

/* ---- Markdown -------------------------------------------------------------------------------------- */

static void print_row(const sv_setting_doc *doc, const char *initial)
{
    printf("| `%s` | %s | %s | %s |\n", doc->pattern, initial[0] == '\0' ? "none" : initial, doc->range, doc->help);
}

static void print_markdown_defaults(const block *self)
{
    printf("\n| %.*s |", (int)self->n_title, self->doc->pattern + self->n_before);
    for (int32_t c = 0; c < self->n_column; c++)
        printf(self->n_column > 1 ? " %s |" : " `%s` |",
               self->n_column > 1 ? column_name(self, c) : self->doc->pattern);
    printf("\n|---|");
    for (int32_t c = 0; c < self->n_column; c++)
        printf("---|");
    for (int32_t i = 0; i < block_n(self); i++) {
        const char *name = NULL;
        int n = row_name(self, i / self->n_column, &name);
        if (i % self->n_column == 0)
            printf("\n| `%.*s` |", n, name);
        printf(" %s |", self->doc[i].initial);
    }
    putchar('\n');
}

static void print_markdown_section(const sv_schema *schema, int32_t first, int32_t last)
{
    printf("\n## %s\n\n| key | default | accepted | meaning |\n|---|---|---|---|\n", schema->doc[first].section);
    for (int32_t i = first; i < last;) {
        block b = block_at(schema, i);
        for (int32_t c = 0; c < b.n_column; c++)
            print_row(&b.doc[c], b.n_title > 0 ? "see below" : b.doc[c].initial);
        i += block_n(&b);
    }
    for (int32_t i = first; i < last;) {
        block b = block_at(schema, i);
        if (b.n_title > 0)
            print_markdown_defaults(&b);
        i += block_n(&b);
    }
}

static void print_markdown_levers(void)
{
    puts("\n## Levers\n\n"
         "A lever is a file that names its base and what differs. It runs over the same winters, so the keys of "
         "`grid`,\n"
         "`season` and `study` are not for it.\n\n"
         "```yaml\n"
         "base: ../winter.yaml                     # a whole scenario, seen from the lever's folder\n"
         "name: 12 more spares and crews\n"
         "cost: {12 autotransformers: 72 M EUR, 12 crews: 12 M EUR}   # or one amount: 84 M EUR\n"
         "cover: {rear: 80 %}                      # set, in the place of the base's\n"
         "add:                                     # on top of it\n"
         "  spares: {autotransformer: 12}\n"
         "  crews: {extra: 12}\n"
         "```\n\n"
         "| key | accepted | meaning |\n|---|---|---|\n"
         "| `base` | a path | Makes the file a lever |\n"
         "| `name` | a text of at most 200 bytes | Without one, the name of the lever's file |\n"
         "| `cost` | 0 to 1000000 M EUR (also EUR, k EUR, bn EUR), or a map of at most 100 of them | Shown beside its "
         "worth |\n"
         "| `add` | a map of keys | Numbers and counts are added to the base's, percent as percentage points; "
         "items of lists are appended |\n\n"
         "A sum must lie in the range of its key, and nothing is added to a word (`grid`, `never`). Several levers "
         "together\n"
         "may not set the same key; what they add adds up, in any order. Their costs add up\n"
         "too, unless one names none. Examples:\n"
         "[levers/](../examples/levers).\n\n"
         "A sweep is one key from A to B, as in `imports.limit=0 GW..3 GW/500 MW` or\n"
         "`ceasefire.from=2026-12-01..2027-03-01/7d`: a number, count or date, at most 100 values.");
}

static void print_markdown(const sv_schema *schema)
{
    puts("# The keys of a scenario\n\n<!-- Written by tools/scenario_doc.sh from the schema of src/scenario/schema.c: "
         "do "
         "not edit. -->\n");
    puts(
        "A scenario is a YAML file (UTF-8, YAML 1.2) with the keys below. Every value is read by the type of its key,\n"
        "never by YAML's guess: `NO` is a text, `010` is ten. A quantity is written with its unit, as in `12 h`; a "
        "bare\n"
        "number where a unit is needed is refused. Nothing is guessed: an unknown key, another unit or a number out "
        "of\n"
        "range is an error with file, line and column, what was found and what is accepted. Anchors, aliases, tags,\n"
        "directives, a second document and files above 256 kB are refused.\n\n"
        "Keys are nested or have dots: `crews: {shift: 12 h}` is `crews.shift: 12 h`. `--set crews.shift=\"12 h\"` "
        "overrides\n"
        "any key; several work in order. Lists and maps are given in flow style, as in\n"
        "`--set peace='[{from: 2027-01-01}]'`. A map changes the keys it names; only `waves.strikes` and "
        "`damage.UNIT`\n"
        "are whole: what their map does not name becomes 0.\n\n"
        "Dates are days of a calendar without daylight saving, or hours of it: `2026-11-01`, `2026-11-01 06:00`.\n\n"
        "Capital words stand for the names in the table under them: `repair.UNIT.slight` is `repair.line.slight` and "
        "so on.\n"
        "`svitlo help scenario KEY` tells about one key or group. Examples: [winter.yaml](../examples/winter.yaml),\n"
        "[rts79.yaml](../examples/rts79.yaml), [rbts.yaml](../examples/rbts.yaml),\n"
        "[rts-gmlc.yaml](../examples/rts-gmlc.yaml). What the settings do: [hazard](model/hazard.md),\n"
        "[repair](model/repair.md), and the other pages of [model/](model).");
    for (int32_t i = 0, next = 0; i < schema->n; i = next) {
        while (next < schema->n && schema->doc[next].section == schema->doc[i].section)
            next++;
        print_markdown_section(schema, i, next);
    }
    print_markdown_levers();
}

/* Keys that only levers have, for a terminal. */
static void print_levers(void)
{
    puts("\nLevers: small files for svitlo compare, over the same winters\n\n"
         "  base\n"
         "      Path of the scenario that it changes, seen from the lever's folder\n"
         "  name, cost\n"
         "      A title; an amount as 72 M EUR (also EUR, k EUR, bn EUR), or a map of them\n"
         "  add\n"
         "      A map of keys: numbers and counts are added to the base's, percent as\n"
         "      percentage points, items of lists appended\n"
         "  all keys above but grid, season and study\n"
         "      Set, in the place of the base's");
}

/* ---- the command ----------------------------------------------------------------------------------- */

static int refuse_key(const char *key)
{
    char near[SV_KEY_TEXT];
    if (sv_scenario_nearest(key, near))
        fprintf(stderr, "svitlo: help: a scenario has no key '%.60s'; did you mean '%s'?\n", key, near);
    else
        fprintf(stderr, "svitlo: help: a scenario has no key '%.60s'; accepted: those of svitlo help scenario\n", key);
    return 2;
}

static int help_scenario(const char *asked)
{
    sv_error err = {0};
    sv_schema *schema = NULL;
    if (sv_schema_new(&schema, &err) != SV_OK)
        return sv_cli_fail(&err);
    int exit_code = 0;
    if (asked != NULL && strcmp(asked, "--markdown") == 0) {
        print_markdown(schema);
    } else {
        if (asked == NULL)
            print_wrapped(0, intro);
        bool of_levers =
            asked != NULL && (strcmp(asked, "base") == 0 || strcmp(asked, "add") == 0 || strcmp(asked, "cost") == 0);
        if (!of_levers && print_text(schema, asked) == 0)
            exit_code = refuse_key(asked);
        if (of_levers || asked == NULL)
            print_levers();
    }
    sv_schema_free(&schema);
    return exit_code != 0 ? exit_code : sv_cli_flush();
}

/* The same words as svitlo COMMAND --help; argp prints them and ends the program. */
static int help_command(const char *name, int (*run)(int argc, char **argv))
{
    char full[64], flag[] = "--help";
    snprintf(full, sizeof full, "svitlo %s", name);
    char *words[] = {full, flag, NULL};
    return run(2, words);
}

static void print_own_help(void)
{
    puts("Usage: svitlo help scenario [KEY | --markdown]\n"
         "       svitlo help COMMAND\n\n"
         "All keys of a scenario with their defaults, or one key or group of them; or\n"
         "what svitlo COMMAND --help prints, for run, compare, report, export,\n"
         "balance, flow, contingency, info and synth.");
}

int sv_cmd_help(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } commands[] = {{"run", sv_cmd_run},
                    {"compare", sv_cmd_compare},
                    {"report", sv_cmd_report},
                    {"export", sv_cmd_export},
                    {"balance", sv_cmd_balance},
                    {"flow", sv_cmd_flow},
                    {"contingency", sv_cmd_contingency},
                    {"info", sv_cmd_info},
                    {"synth", sv_cmd_synth}};
    const char *topic = argc > 1 ? argv[1] : "help";
    const int most = strcmp(topic, "scenario") == 0 ? 3 : 2;
    if (argc > most) {
        fprintf(stderr, "svitlo: help %.60s: '%.60s' is one word too many; accepted: %s\n", topic, argv[most],
                most == 3 ? "one key or group of keys" : "one topic");
        return 2;
    }
    if (most == 3)
        return help_scenario(argc > 2 ? argv[2] : NULL);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(topic, commands[i].name) == 0)
            return help_command(commands[i].name, commands[i].run);
    if (strcmp(topic, "--help") == 0 || strcmp(topic, "-h") == 0 || strcmp(topic, "help") == 0) {
        print_own_help();
        return sv_cli_flush();
    }
    fprintf(stderr,
            "svitlo: no help on '%.60s'; accepted: scenario, run, compare, report, export, "
            "balance, flow, contingency, info or synth\n",
            topic);
    return 2;
}
