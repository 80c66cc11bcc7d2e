/* Where in a document something stands. Kept as a chain on the stack, because it is written out
 * only where there is a fault. */
#ifndef UDCG_TIMELINE_PATH_H
#define UDCG_TIMELINE_PATH_H

#include <stddef.h>
#include <udcg/base/strbuf.h>
#include <udcg/timeline/timeline.h>

struct path {
	const struct path *parent; /* NULL at the root */
	const char *key; /* NULL for an element of a list */
	size_t index;
};

/* Appends the JSON Pointer (RFC 6901); nothing for NULL, the root. */
void path_append(struct strbuf *buffer, const struct path *path);

/* The path of a record in the document form; `list` and `element` hold its parts. */
const struct path *path_of_record(enum record_kind kind, size_t index, struct path *ret_list,
	struct path *ret_element);

#endif
