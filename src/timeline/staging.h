/* Records between the reading of a file and the filling of its database: kept in a scratch database,
 * so that memory does not grow with them, found by id, and given back in canonical order. */
#ifndef UDCG_TIMELINE_STAGING_H
#define UDCG_TIMELINE_STAGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <udcg/base/strbuf.h>
#include <udcg/store/database.h>
#include <udcg/timeline/timeline.h>

#include "faults.h"

struct staging;

/* A record as it is kept. What is borrowed is so until the next record is asked for. */
struct staged {
	enum record_kind kind;
	struct bytes id; /* data is NULL where it has none that is right */
	struct bytes json; /* canonical form of what is right */
	struct bytes
		order; /* see struct check; empty where the file's order was the canonical one */
	struct place place;
	bool in_list; /* document form: `index` is its index in the list of its kind */
	size_t index;
	int64_t trait; /* what references to it must know, see traits.h */
	int64_t row; /* from 1, within its kind; 0 where it has no id of its own */
};

/* `file` is where to keep them (what stands there is overwritten), NULL for memory. */
enum timeline_status staging_open(const char *file, struct faults *faults,
	struct staging **ret_staging) __attribute__((warn_unused_result));
void staging_free(struct staging *staging);
void staging_freep(struct staging **staging);
#define _cleanup_staging_ __attribute__((cleanup(staging_freep)))

/* *ret_taken_at is the line of the record that has the id already, 0 where there is none. */
enum timeline_status staging_add(struct staging *staging, const struct staged *record,
	size_t *ret_taken_at) __attribute__((warn_unused_result));

/* After the last record: gives each its row. */
enum timeline_status staging_rank(struct staging *staging) __attribute__((warn_unused_result));
size_t staging_count(const struct staging *staging, enum record_kind kind);

/* Row and trait of a record; a row of 0 where there is none of that id. After staging_rank. */
enum timeline_status staging_find(struct staging *staging, enum record_kind kind, struct bytes id,
	int64_t *ret_row, int64_t *ret_trait) __attribute__((warn_unused_result));

/* Which records staging_next gives: those with an id of their own in canonical order, or the others
 * as they stand in the file. */
enum staging_walk { STAGING_CANONICAL, STAGING_OTHERS };
enum timeline_status staging_start(struct staging *staging, enum staging_walk walk)
	__attribute__((warn_unused_result));
enum timeline_status staging_next(struct staging *staging, struct staged *ret_record,
	bool *ret_found) __attribute__((warn_unused_result));

/* The record that has a row. Slow: for faults only. */
enum timeline_status staging_at(struct staging *staging, enum record_kind kind, int64_t row,
	struct staged *ret_record) __attribute__((warn_unused_result));

/* For what else must outlive a record: the scratch database itself, and how its errors are told. */
struct database *staging_database(struct staging *staging);
enum timeline_status staging_result(struct staging *staging, enum store_status status)
	__attribute__((warn_unused_result));

#endif
