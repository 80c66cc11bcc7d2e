/* The header fields of a reply, in the order they were added. */
#ifndef UDCG_BASE_HEADERS_H
#define UDCG_BASE_HEADERS_H

#include "strbuf.h"

struct headers {
	struct strbuf text; /* name NUL value NUL … */
	size_t count;
};

/* Copies both. One that memory is too short for is left out, and `text` says that it failed. */
void headers_add(struct headers *headers, const char *name, const char *value);
/* By name without regard to case; "" where there is none. */
const char *headers_find(const struct headers *headers, const char *name);
void headers_free(struct headers *headers);

/* Borrowed until the next headers_add. */
struct header {
	const char *name, *value;
};
/* Start with {0}; false after the last. */
bool headers_next(const struct headers *headers, struct header *header);

#endif
