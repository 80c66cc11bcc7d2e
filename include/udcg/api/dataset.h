/* A generation: one loaded timeline, ready to be asked by many threads. What it says never changes. */
#ifndef UDCG_API_DATASET_H
#define UDCG_API_DATASET_H

#include <stdatomic.h>
#include <stdint.h>
#include <udcg/store/database.h>
#include <udcg/timeline/timeline.h>

struct count_memory;

struct dataset {
	_Atomic unsigned references;
	uint64_t generation; /* 1, 2, … */
	/* Seconds, CLOCK_MONOTONIC: when it went out of force; 0 before. */
	_Atomic int64_t replaced;
	struct database_image *image; /* where it lives in memory */
	char *path; /* where it lives in a file */
	struct timeline_card card;
	struct count_memory *counts; /* totals of filters, counted once */
};

/* Empty, held once; NULL when memory is short. */
struct dataset *dataset_create(void);
struct dataset *dataset_hold(struct dataset *dataset);
void dataset_release(struct dataset *dataset);
/* It is out of force. NULL is none. */
void dataset_replace(struct dataset *dataset);
/* Out of force for longer than a stream may go on with it. */
bool dataset_is_stale(const struct dataset *dataset);
/* {"version":"…","released":"…"} */
void dataset_write(const struct dataset *dataset, struct strbuf *json);
enum store_status dataset_open(const struct dataset *dataset, struct database **ret_database)
	__attribute__((warn_unused_result));

/* False where that filter was not counted yet. `key` is the canonical filter. */
bool count_recall(struct count_memory *memory, struct bytes key, int64_t *ret_count);
void count_remember(struct count_memory *memory, struct bytes key, int64_t count);

#endif
