/* One YAML document to a tree of text, maps and lists with their places. libfyaml gives the events; what a scenario has
 * no use for (anchors, aliases, tags, directives, a second document) is refused, and so is what could hurt: the text is
 * checked before the parser sees it, depth and counts are bounded. Linear in the text; silent. */
#include "private.h"

#include <libfyaml.h>
#include <string.h>

enum { MOST_DEPTH = 8, MOST_KEY = 1000, MOST_ITEM = MOST_SITE, MOST_NODE = 50000 };

/* ---- the text ------------------------------------------------------------------------------- */

/* Length of the UTF-8 character at text, 0 = not one (cut off, overlong, a surrogate, beyond the last). */
static size_t character_length(const unsigned char *text, size_t n)
{
    if (text[0] < 0x80)
        return 1;
    size_t length = text[0] >= 0xF0 ? 4 : text[0] >= 0xE0 ? 3 : 2;
    if (text[0] < 0xC2 || text[0] > 0xF4 || length > n)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xF0 && text[1] < 0x90);
    bool beyond = (text[0] == 0xED && text[1] > 0x9F) || (text[0] == 0xF4 && text[1] > 0x8F);
    return overlong || beyond ? 0 : length;
}

/* A blank line may hold anything blank. */
static bool tab_indents(const char *text, size_t n)
{
    size_t i = 0;
    bool tab = false;
    for (; i < n && (text[i] == ' ' || text[i] == '\t'); i++)
        tab = tab || text[i] == '\t';
    return tab && i < n && text[i] != '\n' && text[i] != '\r' && text[i] != '#';
}

static sv_status check_line(spot at, const char *text, size_t n, sv_error *err)
{
    if (at.column == 1 && text[0] == '%')
        return fail(err, at, "a YAML directive (%%...) stands here; accepted: keys and values only");
    if (at.column == 1 && tab_indents(text, n))
        return fail(err, at, "a tab indents this line; accepted: blanks");
    return SV_OK;
}

sv_status text_check(const char *file, bool lined, const char *text, size_t n, sv_error *err)
{
    spot at = {file, 1, 1};
    for (size_t i = 0; i < n;) {
        spot shown = {file, lined ? at.line : 0, at.column};
        size_t length = character_length((const unsigned char *)text + i, n - i);
        unsigned char c = (unsigned char)text[i];
        if (length == 0)
            return fail(err, shown, "byte 0x%02X is not UTF-8; accepted: text in UTF-8", c);
        bool odd_return = c == '\r' && (i + 1 == n || text[i + 1] != '\n');
        if (odd_return || c == 0x7F || (c < 0x20 && c != '\n' && c != '\r' && c != '\t'))
            return fail(err, shown, "control character 0x%02X; accepted: text in UTF-8", c);
        if (check_line(lined ? at : (spot){file, 0, at.column}, text + i, n - i, err) != SV_OK)
            return SV_EUSAGE;
        at.column = c == '\n' ? 1 : at.column + 1;
        at.line += c == '\n';
        i += length;
    }
    return SV_OK;
}

/* ---- the events ------------------------------------------------------------------------------ */

typedef struct {
    node *at;
    node *last;      /* child */
    const char *key; /* that waits for its value */
    int32_t key_line, key_column;
} level;

typedef struct {
    sv_arena *arena;
    const char *file;
    const char *text; /* that is parsed */
    bool lined;
    sv_error *err;
    node *root;
    int32_t n_open, n_node, n_document;
    level open[MOST_DEPTH];
    int32_t line, column; /* of the event; of the one before where it has none */
} growth;

static spot here(const growth *self)
{
    return (spot){self->file, self->lined ? self->line : 0, self->lined ? self->column : 0};
}

static char *copy_text(growth *self, const char *text, size_t n)
{
    char *copy = SV_TAKE(self->arena, n + 1, char);
    if (copy != NULL && n > 0)
        memcpy(copy, text, n);
    return copy;
}

static sv_status take_key(growth *self, level *top, const char *text, size_t n)
{
    char shown[MOST_QUOTE];
    if (n == 0 || memchr(text, '\n', n) != NULL)
        return fail(self->err, here(self), "an empty key or one of several lines; accepted: key: value");
    top->key = copy_text(self, text, n);
    if (top->key == NULL)
        return fail_memory(self->err);
    top->key_line = self->line;
    top->key_column = self->column;
    for (const node *other = top->at->child; other != NULL; other = other->next)
        if (strcmp(other->key, top->key) == 0) {
            quote(top->key, shown);
            return self->lined ? fail(self->err, here(self), "key '%s' stands here a second time (first in line %d)",
                                      shown, (int)other->key_line)
                               : fail(self->err, here(self), "key '%s' stands there twice", shown);
        }
    return SV_OK;
}

/* Hang a new node into the innermost open map or list. */
static sv_status add_node(growth *self, node_kind kind, node **added)
{
    level *top = self->n_open > 0 ? &self->open[self->n_open - 1] : NULL;
    bool in_list = top != NULL && top->at->kind == NODE_LIST;
    int32_t most = in_list ? MOST_ITEM : MOST_KEY;
    if (++self->n_node > MOST_NODE || (top != NULL && top->at->n_child >= most))
        return fail(self->err, here(self), "too many values; accepted: at most %d in one %s", (int)most,
                    in_list ? "list" : "map");
    node *child = SV_TAKE(self->arena, 1, node);
    if (child == NULL)
        return fail_memory(self->err);
    *child = (node){.kind = kind, .line = self->line, .column = self->column};
    if (top == NULL) {
        self->root = child;
    } else {
        child->key = top->key;
        child->key_line = top->key_line;
        child->key_column = top->key_column;
        top->key = NULL;
        *(top->last != NULL ? &top->last->next : &top->at->child) = child;
        top->last = child;
        top->at->n_child++;
    }
    *added = child;
    return SV_OK;
}

static bool wants_key(const growth *self)
{
    const level *top = self->n_open > 0 ? &self->open[self->n_open - 1] : NULL;
    return top != NULL && top->at->kind == NODE_MAP && top->key == NULL;
}

/* A text in single quotes, read here: libfyaml 0.7 makes three quotes of two doubled ones, cuts the end and leaks.
 * NULL = out of memory. */
static const char *single_quoted(growth *self, struct fy_token *token, size_t *n)
{
    size_t at = fy_token_start_mark(token)->input_pos, end = fy_token_end_mark(token)->input_pos;
    at += at == 0 || self->text[at - 1] != '\''; /* marks stand within the quotes, or around them */
    end -= self->text[end] != '\'';
    char *text = SV_TAKE(self->arena, end - at + 1, char);
    for (*n = 0; text != NULL && at < end; at++) {
        text[(*n)++] = self->text[at];
        at += self->text[at] == '\''; /* doubled within */
    }
    return text;
}

static const char *text_of(growth *self, struct fy_token *token, size_t *n)
{
    *n = 0;
    if (fy_token_scalar_style(token) == FYSS_SINGLE_QUOTED)
        return single_quoted(self, token, n);
    const char *text = fy_token_get_text(token, n);
    return text != NULL ? text : "";
}

static sv_status take_scalar(growth *self, struct fy_event *event)
{
    size_t n = 0;
    const char *text = text_of(self, event->scalar.value, &n);
    if (text == NULL)
        return fail_memory(self->err);
    for (size_t i = 0; i < n; i++) /* from escapes such as "\0", or a text over several lines */
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
            return fail(self->err, here(self), "a text with a line break or control character; accepted: one line");
    if (wants_key(self))
        return take_key(self, &self->open[self->n_open - 1], text, n);
    node *added = NULL;
    sv_status status = add_node(self, NODE_TEXT, &added);
    if (status != SV_OK)
        return status;
    added->empty = n == 0 && fy_token_scalar_style(event->scalar.value) == FYSS_PLAIN;
    added->text = copy_text(self, text, n);
    return added->text != NULL ? SV_OK : fail_memory(self->err);
}

static sv_status open_level(growth *self, node_kind kind)
{
    if (wants_key(self))
        return fail(self->err, here(self), "a %s stands for a key; accepted: key: value",
                    kind == NODE_MAP ? "map" : "list");
    if (self->n_open == MOST_DEPTH)
        return fail(self->err, here(self), "nested too deep; accepted: at most %d levels", MOST_DEPTH);
    node *added = NULL;
    sv_status status = add_node(self, kind, &added);
    if (status == SV_OK)
        self->open[self->n_open++] = (level){.at = added};
    return status;
}

/* The mark of a quoted text, an anchor or an alias stands behind its sign; the place that is meant is the sign's. */
static void stand_at(growth *self, const struct fy_mark *mark, char sign)
{
    if (mark == NULL)
        return;
    bool behind = sign != '\0' && mark->input_pos > 0 && self->text[mark->input_pos - 1] == sign;
    self->line = mark->line + 1;
    self->column = mark->column + 1 - behind;
}

static sv_status refuse_anchor(growth *self, struct fy_token *anchor, char sign)
{
    stand_at(self, fy_token_start_mark(anchor), sign);
    return fail(self->err, here(self), "an anchor or alias (& or *) stands here; accepted: the value itself");
}

static sv_status refuse_extras(growth *self, struct fy_token *anchor, struct fy_token *tag)
{
    if (anchor != NULL)
        return refuse_anchor(self, anchor, '&');
    if (tag == NULL)
        return SV_OK;
    stand_at(self, fy_token_start_mark(tag), '\0');
    return fail(self->err, here(self), "a tag (!) stands here; accepted: the value alone, the key tells its type");
}

static char quote_of(struct fy_event *event)
{
    if (event->type != FYET_SCALAR)
        return '\0';
    enum fy_scalar_style style = fy_token_scalar_style(event->scalar.value);
    return style == FYSS_SINGLE_QUOTED ? '\'' : style == FYSS_DOUBLE_QUOTED ? '"' : '\0';
}

static sv_status take_event(growth *self, struct fy_event *event)
{
    stand_at(self, fy_event_start_mark(event), quote_of(event));
    sv_status status = SV_OK;
    switch (event->type) {
    case FYET_DOCUMENT_START:
        return ++self->n_document > 1 ? fail(self->err, here(self), "a second document begins; accepted: one a file")
                                      : SV_OK;
    case FYET_MAPPING_START:
        status = refuse_extras(self, event->mapping_start.anchor, event->mapping_start.tag);
        return status == SV_OK ? open_level(self, NODE_MAP) : status;
    case FYET_SEQUENCE_START:
        status = refuse_extras(self, event->sequence_start.anchor, event->sequence_start.tag);
        return status == SV_OK ? open_level(self, NODE_LIST) : status;
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        self->n_open--;
        return SV_OK;
    case FYET_SCALAR:
        status = refuse_extras(self, event->scalar.anchor, event->scalar.tag);
        return status == SV_OK ? take_scalar(self, event) : status;
    case FYET_ALIAS:
        return refuse_anchor(self, event->alias.anchor, '*');
    default:
        return SV_OK;
    }
}

/* ---- the parser ------------------------------------------------------------------------------ */

/* The library reports to nobody: its first complaint is kept and becomes our sentence. */
static void swallow(struct fy_diag *diag, void *user, const char *text, size_t n)
{
    (void)diag;
    (void)user;
    (void)text;
    (void)n;
}

static sv_status fail_parser(growth *self, struct fy_diag *diag)
{
    void *iterator = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(diag, &iterator);
    char shown[MOST_QUOTE];
    if (first == NULL || first->msg == NULL) /* it does not always say why */
        return fail(self->err, here(self), "this is not YAML; accepted: keys and values, as grid: PATH");
    if (first->line > 0) {
        self->line = first->line;
        self->column = first->column;
    }
    return fail(self->err, here(self), "this is not YAML: %s", quote(first->msg, shown));
}

static sv_status take_events(growth *self, struct fy_parser *parser, struct fy_diag *diag)
{
    sv_status status = SV_OK;
    bool ended = false;
    while (status == SV_OK && !ended) {
        struct fy_event *event = fy_parser_parse(parser);
        if (event == NULL)
            return fail_parser(self, diag);
        status = take_event(self, event);
        ended = event->type == FYET_STREAM_END;
        fy_parser_event_free(parser, event);
    }
    return status;
}

static sv_status parse(growth *self, const char *text, size_t n)
{
    struct fy_diag_cfg quiet;
    fy_diag_cfg_default(&quiet);
    quiet.fp = NULL;
    quiet.output_fn = swallow;
    quiet.level = FYET_ERROR;
    quiet.colorize = false;
    struct fy_diag *diag = fy_diag_create(&quiet);
    if (diag == NULL)
        return fail_memory(self->err);
    fy_diag_set_collect_errors(diag, true);
    const struct fy_parse_cfg config = {
        .flags = (enum fy_parse_cfg_flags)(FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE), .diag = diag};
    struct fy_parser *parser = fy_parser_create(&config);
    sv_status status = SV_OK;
    if (parser == NULL || fy_parser_set_string(parser, text, n) != 0)
        status = fail_memory(self->err);
    else
        status = take_events(self, parser, diag);
    if (parser != NULL)
        fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    return status;
}

sv_status tree_read(node **root, sv_arena *arena, const char *file, bool lined, const char *text, size_t n,
                    sv_error *err)
{
    *root = NULL;
    if (n > MOST_BYTES)
        return fail(err, (spot){file, 0, 0}, "it has more than %d kB; accepted: at most %d kB", MOST_BYTES >> 10,
                    MOST_BYTES >> 10);
    if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        n -= 3;
    }
    sv_status status = text_check(file, lined, text, n, err);
    if (status != SV_OK)
        return status;
    /* The parser looks a few bytes ahead: it gets a copy that ends in zeros. */
    char *copy = SV_TAKE(arena, n + 64, char);
    if (copy == NULL)
        return fail_memory(err);
    if (n > 0)
        memcpy(copy, text, n);
    growth self = {.arena = arena, .file = file, .text = copy, .lined = lined, .err = err, .line = 1, .column = 1};
    status = parse(&self, copy, n);
    if (status == SV_OK)
        *root = self.root;
    return status;
}
