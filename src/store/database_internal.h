/* What the files of this layer share. */
#ifndef STORE_DATABASE_INTERNAL_H
#define STORE_DATABASE_INTERNAL_H

#include <sqlite3.h>
#include <udcg/store/statement.h>

/* "udcg": tells our files from other databases, and from an empty file, which SQLite takes for a
 * database without tables. */
#define APPLICATION_ID "0x75646367"

enum {
	IDLE_STATEMENTS_MAX = 64,
	MESSAGE_SIZE = 512,
};

struct database {
	sqlite3 *handle;
	struct budget budget;
	int64_t time_end; /* nanoseconds of CLOCK_MONOTONIC */
	int64_t work_end; /* nanoseconds of the thread's CPU time; 0: not known yet */
	struct statement *idle[IDLE_STATEMENTS_MAX]; /* the most recently used first */
	size_t idle_count;
	char message[MESSAGE_SIZE];
};

/* A handle with nothing but the settings that readers and builders have in common. */
enum store_status database_connect(const char *uri, int flags, struct database **ret_database)
	__attribute__((warn_unused_result));
/* Teaches full text the function hit_score(search): how often the words occur in a hit, names counting
 * more. An SQLite code. */
int hit_score_register(sqlite3 *handle);
/* The URI of the file at `path`, whatever bytes are in it. */
void database_append_uri(struct strbuf *uri, const char *path);

/* From now on SQL cannot damage the file: no writes to shadow tables, no writable schema. Takes away
 * journal_mode = OFF, too, so it comes after the other settings. */
enum store_status database_defend(struct database *database) __attribute__((warn_unused_result));

/* The number that a query without parameters gives. */
enum store_status database_ask(struct database *database, struct bytes sql, int64_t *ret_number)
	__attribute__((warn_unused_result));

/* What SQLite's result code means; notes what SQLite says about it. */
enum store_status database_result(struct database *database, int code)
	__attribute__((warn_unused_result));
/* Notes a failure that SQLite knows nothing of. */
enum store_status database_fail(struct database *database, enum store_status status,
	const char *format, ...) __attribute__((format(printf, 3, 4), warn_unused_result));

void database_freep(struct database **database);
#define _cleanup_database_ __attribute__((cleanup(database_freep)))

#endif
