/* SQLite behind a door: the only layer that knows it. One handle serves one thread. */
#ifndef UDCG_STORE_DATABASE_H
#define UDCG_STORE_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <udcg/base/strbuf.h>

enum store_status {
	STORE_OK,
	STORE_NO_MEMORY,
	STORE_FULL, /* no space left on the device */
	STORE_IO, /* cannot be opened, read or written */
	STORE_CORRUPT, /* not a database of ours, or damaged */
	STORE_INTERRUPTED, /* the budget ran out */
	STORE_CONSTRAINT, /* a CHECK, UNIQUE, NOT NULL or foreign key said no */
	STORE_ERROR, /* anything else: a fault of the program */
};

const char *store_status_text(enum store_status status);

struct database;

/* Once, before any other call and any thread: SQLite's global settings. */
enum store_status store_initialise(void) __attribute__((warn_unused_result));

/* The calls that open: on STORE_IO, errno says why. */

/* A new, empty database to be filled: at `path` (which must not exist), or in memory for NULL. */
enum store_status database_create(const char *path, struct database **ret_database)
	__attribute__((warn_unused_result));
/* What would make the database, being filled, larger than that fails with STORE_FULL. */
enum store_status database_limit_size(struct database *database, size_t bytes)
	__attribute__((warn_unused_result));
/* An existing file, for reading only, hardened: nothing in it can write or run. */
enum store_status database_open(const char *path, struct database **ret_database)
	__attribute__((warn_unused_result));

/* The bytes of a database, shared read-only by many handles. */
struct database_image;
enum store_status database_image_take(struct database *database, struct database_image **ret_image)
	__attribute__((warn_unused_result));
size_t database_image_size(const struct database_image *image);
const void *database_image_data(const struct database_image *image);
void database_image_free(struct database_image *image);
/* The image must outlive the handle. */
enum store_status database_open_image(struct database_image *image, struct database **ret_database)
	__attribute__((warn_unused_result));

/* The bytes of a database that was opened, wherever they are: as many as there are, and some of them.
 * Good as a file of their own. */
enum store_status database_size(struct database *database, int64_t *ret_size)
	__attribute__((warn_unused_result));
enum store_status database_read(struct database *database, int64_t offset, void *buffer, int length)
	__attribute__((warn_unused_result));

/* Gives back the pages that are kept for statements to come. */
void database_release_memory(struct database *database);

void database_free(struct database *database);
/* What the last failed call on this handle said. Valid until the next call. */
const char *database_message(const struct database *database);

/* One or more statements without parameters and results. */
enum store_status database_execute(struct database *database, const char *sql)
	__attribute__((warn_unused_result));
/* Flushes a database that was created at a path to the disk and closes nothing. */
enum store_status database_sync(struct database *database) __attribute__((warn_unused_result));

/* Notes a digest of the pages in the database itself, after the last change to it. */
enum store_status database_seal(struct database *database) __attribute__((warn_unused_result));
/* STORE_CORRUPT where a page is not what it was when the database was sealed. Reads all of it.
 * *ret_sealed is false where it never was. */
enum store_status database_check_seal(struct database *database, bool *ret_sealed)
	__attribute__((warn_unused_result));

/* What the statements of a request may take together, in nanoseconds; 0: as much as they need. */
struct budget {
	int64_t time; /* of CLOCK_MONOTONIC, from the call on: somebody waits so long */
	int64_t work; /* of the calling thread's own CPU time: however busy the machine is */
};

/* From now on a statement that runs past either ends with STORE_INTERRUPTED. */
void database_set_budget(struct database *database, struct budget budget);

#endif
