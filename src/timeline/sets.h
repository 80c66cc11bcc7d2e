/* Sets in canonical order. */
#ifndef UDCG_TIMELINE_SETS_H
#define UDCG_TIMELINE_SETS_H

#include "check.h"

/* Sorts the elements from `first` on, whose canonical forms stand behind one another, and the forms
 * with them. `shape` is NULL for a set of texts. Equal elements are faults. */
void set_sort(struct check *check, const struct shape *shape, const struct path *path,
	size_t first);

#endif
