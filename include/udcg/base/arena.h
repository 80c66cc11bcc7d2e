/* Memory for one request: taken in small pieces, given back all at once. */
#ifndef UDCG_BASE_ARENA_H
#define UDCG_BASE_ARENA_H

#include <stddef.h>
#include <udcg/base/strbuf.h>

struct arena_block;

struct arena {
	struct arena_block *blocks; /* the newest first */
	size_t used; /* of the newest */
};

/* Zeroed and aligned for any type; NULL when memory is short. */
void *arena_take(struct arena *arena, size_t size) __attribute__((malloc));
/* A NUL-terminated copy; data is NULL when memory is short. */
struct bytes arena_copy(struct arena *arena, struct bytes bytes);
/* Forgets every piece and keeps one block for the next request. */
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

#endif
