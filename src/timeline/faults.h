/* The faults of a file, kept in its order in whatever order they are found: of one record's, those
 * found first come first. */
#ifndef UDCG_TIMELINE_FAULTS_H
#define UDCG_TIMELINE_FAULTS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <udcg/base/strbuf.h>
#include <udcg/store/database.h>
#include <udcg/timeline/timeline.h>

/* Where a record begins. */
struct place {
	uint64_t offset; /* in bytes, from the start of the file */
	size_t line; /* from 1 */
};

struct fault_log {
	struct faults *faults;
	uint64_t offsets[FAULTS_MAX]; /* of each of the faults */
	bool failed; /* out of memory; a fault may be lost, the load must not go on */
};

/* Whether a fault there would be among those that are kept; one that would not is only counted, and
 * needs no words. */
bool fault_log_keeps(const struct fault_log *log, struct place place);
void fault_log_count(struct fault_log *log);
/* The texts are taken over, NULL where there was no memory for them. */
void fault_log_take(struct fault_log *log, struct place place, char *pointer, char *detail);
/* The pointer is copied. */
void fault_log_add(struct fault_log *log, struct place place, const char *pointer,
	const char *format, ...) __attribute__((format(printf, 4, 5)));
bool fault_log_any(const struct fault_log *log);

/* Appends a value as a fault shows it: in quotes, escaped, cut after some forty characters. */
void fault_show(struct strbuf *buffer, struct bytes text);

/* Keeps what errno or the database says, with the name of what it is about; gives TIMELINE_IO, or
 * TIMELINE_NO_MEMORY. */
enum timeline_status faults_errno(struct faults *faults, const char *what);
enum timeline_status faults_store(struct faults *faults, const struct database *database,
	enum store_status status);

#endif
