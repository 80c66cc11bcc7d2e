/* One JSON value out of text, and what is wrong with it in words. */
#ifndef UDCG_TIMELINE_PARSE_H
#define UDCG_TIMELINE_PARSE_H

#include <jansson.h>
#include <udcg/timeline/timeline.h>

#include "faults.h"
#include "path.h"

/* The value in `text`, which begins at `place`. Where it is not well-formed that is a fault and
 * *ret_value NULL. */
enum timeline_status parse_value(struct fault_log *log, struct place place, const struct path *path,
	struct bytes text, json_t **ret_value) __attribute__((warn_unused_result));

/* The object that `text` is and nothing else; NULL where it is not. */
enum timeline_status parse_object_alone(struct bytes text, json_t **ret_object)
	__attribute__((warn_unused_result));

/* A fault at `path`, printf-like. */
void parse_fault(struct fault_log *log, struct place place, const struct path *path,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
