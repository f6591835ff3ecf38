/* CSV files of the commands: where they may be written, their cells, and a close that tells whether all of it arrived. */
#ifndef SVITLO_CLI_TABLE_H
#define SVITLO_CLI_TABLE_H

#include "svitlo/base.h"

#include <stdio.h>

/**
 * May a file with this first line be written there? Only an empty file or one with the same first line is replaced.
 * @param[in] command  whose files they are, for the message
 * @return SV_OK; SV_EUSAGE for another file, SV_EIO
 */
SV_MUST_USE sv_status table_check(const char *path, const char *head, const char *command, sv_error *err);
/** By errno. @return SV_EIO */
sv_status table_cannot_write(const char *path, sv_error *err);
enum { TABLE_MOST = 4 };    /* unfinished at a time */
enum { TABLE_BESIDE = 16 }; /* bytes that table_open adds to a name at most */
/** Open a new file beside the one that is to be written, of a name that nobody has. Ctrl-C takes it away until it has its
 *  name. At most TABLE_MOST at a time, by one thread.
 *  @param[out] beside  its name, [strlen(path) + TABLE_BESIDE], kept by reference. @return NULL with errno set */
FILE *table_open(const char *path, char *beside);
/** In quotes where CSV needs them. */
void table_put_text(FILE *out, const char *text);
/** A comma and a number of 12 digits; the comma alone where there is none. */
void table_put_real(FILE *out, double value);
/** Close it; what did not arrive is removed. @return SV_OK, SV_EIO */
SV_MUST_USE sv_status table_close(FILE *out, const char *beside, sv_error *err);
/** Give a closed file its name; it is removed where that fails. @return SV_OK, SV_EIO */
SV_MUST_USE sv_status table_rename(const char *beside, const char *path, sv_error *err);
/** Remove a closed file. */
void table_remove(const char *beside);

#endif
