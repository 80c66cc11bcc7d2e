/* One JSON value out of the file, or a fault. */
#ifndef UDCG_TIMELINE_PARSE_H
#define UDCG_TIMELINE_PARSE_H

#include <udcg/timeline/timeline.h>

#include "faults.h"
#include "path.h"
#include "tree.h"

/* The value in `text`, which begins at `place`, or a fault and *ret_root NULL. */
enum timeline_status parse_value(struct fault_log *log, struct place place, const struct path *path,
	struct bytes text, struct tree *tree, const struct node **ret_root)
	__attribute__((warn_unused_result));

/* A fault at `path`. */
void parse_fault(struct fault_log *log, struct place place, const struct path *path,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
