/* What check, diff and export have in common: a timeline read into a database in memory. */
#ifndef READING_H
#define READING_H

#include <udcg/store/database.h>
#include <udcg/timeline/timeline.h>

#include "commands.h"

/* Prints what is wrong with it, a fault a line, where it is refused. `documents` may be NULL. The
 * card belongs to the caller. */
enum exit_status reading_load(const char *path, const char *documents,
	struct database **ret_database, struct timeline_card *ret_card);

/* Says on standard error what a timeline call found; TIMELINE_OK is EXIT_DONE. */
enum exit_status reading_report(enum timeline_status status, const char *path,
	const struct faults *faults);

/* A timeline_write to standard output. */
bool reading_print(void *context, const void *data, size_t length);

#endif
