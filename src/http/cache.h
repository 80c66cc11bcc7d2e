/* Replies that may be sent again, of one worker: no other thread touches them. */
#ifndef HTTP_CACHE_H
#define HTTP_CACHE_H

#include <microhttpd.h>
#include <stddef.h>
#include <udcg/api/exchange.h>

#include "metrics.h"

struct cache_entry {
	struct headers headers;
	struct strbuf body;
	const char *route;
	const char *etag; /* lies in `headers`; "" where there is none */
	struct MHD_Response *response; /* NULL: not made yet; nothing may be added to it */
	/* Private: */
	unsigned references;
	struct cache_entry *chain, *newer, *older;
	uint64_t hash;
	size_t charge, key_length;
	char key[];
};

struct cache;

/* `limit` in bytes, 0 for a cache that keeps nothing. NULL when memory is short. */
struct cache *cache_create(size_t limit, struct metrics *metrics);
void cache_free(struct cache *cache);
void cache_clear(struct cache *cache);

/* NULL where it has none. Borrowed until the next call for this cache. */
struct cache_entry *cache_find(struct cache *cache, struct bytes key);

/* Takes headers and body out of a reply and keeps them, at the expense of those that were not asked
 * for the longest. Returns the entry, borrowed; NULL where it does not fit or memory is short: the
 * reply is whole then. */
struct cache_entry *cache_store(struct cache *cache, struct bytes key, struct reply *reply);

/* For what outlives the loan. */
struct cache_entry *cache_entry_hold(struct cache_entry *entry);
void cache_entry_release(struct cache_entry *entry);

#endif
