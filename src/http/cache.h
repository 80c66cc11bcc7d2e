/* Replies that are ready to be sent again, of one worker: no other thread touches them. */
#ifndef HTTP_CACHE_H
#define HTTP_CACHE_H

#include <microhttpd.h>
#include <stddef.h>
#include <udcg/base/strbuf.h>

#include "metrics.h"

/* Not const: MHD takes it so, though it only reads. */
struct body {
	char *data;
	size_t length;
};

struct cache_entry {
	struct MHD_Response *response; /* complete; nothing may be added to it */
	struct body body; /* lies in `response` */
	const char *route;
	const char *etag; /* "" where there is none */
	/* Private: */
	unsigned references;
	struct cache_entry *chain, *newer, *older;
	uint64_t hash;
	size_t charge, key_length;
	char key[]; /* and the ETag behind it */
};

struct cache;

/* `limit` in bytes, 0 for a cache that keeps nothing. NULL when memory is short. */
struct cache *cache_create(size_t limit, struct metrics *metrics);
void cache_free(struct cache *cache);
void cache_clear(struct cache *cache);

/* NULL where it has none. Borrowed until the next call for this cache. */
struct cache_entry *cache_find(struct cache *cache, struct bytes key);

struct cache_offer {
	struct MHD_Response *response; /* the cache takes over this reference */
	struct body body;
	size_t head_size; /* about as many bytes as its headers take */
	const char *route, *etag;
};
/* Keeps a reply, at the expense of those that were not asked for the longest, and returns its
 * entry, borrowed. NULL where it does not fit or memory is short: `response` is the caller's
 * still. */
struct cache_entry *cache_store(struct cache *cache, struct bytes key,
	const struct cache_offer *offer);

/* For what outlives the loan. */
struct cache_entry *cache_entry_hold(struct cache_entry *entry);
void cache_entry_release(struct cache_entry *entry);

#endif
