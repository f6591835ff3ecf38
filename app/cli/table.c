/* CSV files of the commands. */
#include "table.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

sv_status table_cannot_write(const char *path, sv_error *err)
{
    return sv_error_set(err, SV_EIO, path, 0, "cannot be written: %s", strerror(errno));
}

/* ---- Ctrl-C -------------------------------------------------------------------------------- */

static const int end_signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { N_END_SIGNAL = sizeof end_signals / sizeof end_signals[0] };

static const char *volatile unfinished[TABLE_MOST]; /* changed while the signals wait; NULL = free */

static void remove_and_end(int signal_number)
{
    for (int k = 0; k < TABLE_MOST; k++)
        if (unfinished[k] != NULL)
            unlink(unfinished[k]);
    raise(signal_number); /* SA_RESETHAND: this time it ends the program */
}

static void set_handler(bool on)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on ? remove_and_end : SIG_DFL;
    action.sa_flags = on ? (int)SA_RESETHAND : 0;
    sigemptyset(&action.sa_mask);
    for (size_t k = 0; k < N_END_SIGNAL; k++) {
        struct sigaction old;
        if (sigaction(end_signals[k], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(end_signals[k], &action, NULL);
    }
}

static void hold_signals(sigset_t *before)
{
    sigset_t held;
    sigemptyset(&held);
    for (size_t k = 0; k < N_END_SIGNAL; k++)
        sigaddset(&held, end_signals[k]);
    pthread_sigmask(SIG_BLOCK, &held, before);
}

static bool any_unfinished(void)
{
    for (int k = 0; k < TABLE_MOST; k++)
        if (unfinished[k] != NULL)
            return true;
    return false;
}

static void guard(const char *beside)
{
    bool first = !any_unfinished();
    for (int k = 0; k < TABLE_MOST; k++)
        if (unfinished[k] == NULL) {
            unfinished[k] = beside;
            break;
        }
    if (first)
        set_handler(true);
}

static void release(const char *beside)
{
    for (int k = 0; k < TABLE_MOST; k++)
        if (unfinished[k] == beside)
            unfinished[k] = NULL;
    if (!any_unfinished())
        set_handler(false);
}

/* ---- files --------------------------------------------------------------------------------- */

static FILE *open_beside(const char *path, char *beside)
{
    sprintf(beside, "%s.part-XXXXXX", path);
    int handle = mkstemp(beside);
    if (handle < 0)
        return NULL;
    const mode_t mask = umask(0);
    umask(mask);
    FILE *file = fchmod(handle, 0666 & ~mask) == 0 ? fdopen(handle, "wb") : NULL;
    if (file == NULL) {
        int why = errno;
        close(handle);
        unlink(beside);
        errno = why;
    }
    return file;
}

FILE *table_open(const char *path, char *beside)
{
    sigset_t before;
    hold_signals(&before);
    FILE *file = open_beside(path, beside);
    int why = errno;
    if (file != NULL)
        guard(beside);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = why;
    return file;
}

void table_remove(const char *beside)
{
    sigset_t before;
    hold_signals(&before);
    unlink(beside);
    release(beside);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

sv_status table_rename(const char *beside, const char *path, sv_error *err)
{
    sigset_t before;
    hold_signals(&before);
    sv_status status = rename(beside, path) == 0 ? SV_OK : table_cannot_write(path, err);
    if (status != SV_OK)
        unlink(beside);
    release(beside);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}

sv_status table_check(const char *path, const char *head, const char *command, sv_error *err)
{
    struct stat there;
    char found[512] = "";
    if (stat(path, &there) != 0)
        return SV_OK; /* not there, or the one that writes it says why not */
    if (!S_ISREG(there.st_mode))
        return sv_error_set(err, SV_EIO, path, 0, "is %s; accepted: the name of a file",
                            S_ISDIR(there.st_mode) ? "a folder" : "no plain file");
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return table_cannot_write(path, err);
    size_t most = strlen(head) < sizeof found ? strlen(head) : sizeof found - 1, n = fread(found, 1, most, file);
    fclose(file);
    return n == 0 || strncmp(found, head, most) == 0
               ? SV_OK
               : sv_error_set(err, SV_EUSAGE, path, 0,
                              "is there and is no file of svitlo %s; accepted: a new name, or such a file to replace",
                              command);
}

void table_put_text(FILE *out, const char *text)
{
    size_t n = strlen(text);
    bool plain = n > 0 && strpbrk(text, ",\"\r\n") == NULL && strchr(" \t", text[0]) == NULL &&
                 strchr(" \t", text[n - 1]) == NULL;
    if (plain) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"')
            fputc('"', out);
        fputc(*c, out);
    }
    fputc('"', out);
}

void table_put_real(FILE *out, double value)
{
    if (isfinite(value))
        fprintf(out, ",%.12g", value == 0.0 ? 0.0 : value); /* no -0 */
    else
        fputc(',', out);
}

sv_status table_close(FILE *out, const char *beside, sv_error *err)
{
    errno = 0;
    bool failed = fflush(out) != 0 || ferror(out);
    int why = errno;
    bool unclosed = fclose(out) != 0;
    if (failed)
        errno = why != 0 ? why : EIO;
    if (!failed && !unclosed)
        return SV_OK;
    sv_status status = table_cannot_write(beside, err);
    table_remove(beside);
    return status;
}
