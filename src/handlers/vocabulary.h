/* How many rows each value of a filter leaves. */
#ifndef HANDLERS_VOCABULARY_H
#define HANDLERS_VOCABULARY_H

#include <udcg/api/resource.h>

enum { VOCABULARY_FILTERS_MAX = 8 };

/* Counts the values of some of a resource's filters (names, NULL-terminated) into the table
 * `vocabulary`, in one walk of its rows and one of its joint condition's. */
enum store_status vocabulary_count(struct database *database, const struct resource *resource,
	const char *const *filters) __attribute__((warn_unused_result));

#endif
