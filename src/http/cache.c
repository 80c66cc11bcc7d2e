#include "cache.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "siphash.h"

enum {
	CHARGE_PER_ENTRY = 512, /* what the allocator and MHD's own structures add, about */
	BYTES_PER_BUCKET = 2048,
	BUCKETS_MIN = 16,
	SHARE_MAX = 8, /* one reply takes an eighth of the cache at most */
};

struct cache {
	size_t limit, charge, count;
	struct metrics *metrics;
	struct siphash_key hash_key;
	struct cache_entry *newest, *oldest;
	size_t bucket_mask;
	struct cache_entry *buckets[];
};

struct cache *cache_create(size_t limit, struct metrics *metrics)
{
	size_t buckets = BUCKETS_MIN;
	while (buckets < limit / BYTES_PER_BUCKET)
		buckets *= 2;
	struct cache *cache = calloc(1, sizeof(*cache) + buckets * sizeof(cache->buckets[0]));
	if (!cache)
		return NULL;
	cache->limit = limit;
	cache->metrics = metrics;
	cache->bucket_mask = buckets - 1;
	if (getrandom(&cache->hash_key, sizeof(cache->hash_key), 0) != sizeof(cache->hash_key)) {
		free(cache);
		return NULL;
	}
	return cache;
}

void cache_free(struct cache *cache)
{
	if (!cache)
		return;
	cache_clear(cache);
	free(cache);
}

struct cache_entry *cache_entry_hold(struct cache_entry *entry)
{
	entry->references++;
	return entry;
}

void cache_entry_release(struct cache_entry *entry)
{
	if (--entry->references > 0)
		return;
	MHD_destroy_response(entry->response);
	free(entry);
}

static void note_size(struct cache *cache)
{
	counter_set(&cache->metrics->cache_bytes, cache->charge);
	counter_set(&cache->metrics->cache_entries, cache->count);
}

static void unlink_age(struct cache *cache, struct cache_entry *entry)
{
	*(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
	*(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static void link_newest(struct cache *cache, struct cache_entry *entry)
{
	entry->newer = NULL;
	entry->older = cache->newest;
	*(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
	cache->newest = entry;
}

static struct cache_entry **bucket_of(struct cache *cache, uint64_t hash)
{
	return &cache->buckets[hash & cache->bucket_mask];
}

static void drop(struct cache *cache, struct cache_entry *entry)
{
	struct cache_entry **link = bucket_of(cache, entry->hash);
	while (*link != entry)
		link = &(*link)->chain;
	*link = entry->chain;
	unlink_age(cache, entry);
	cache->charge -= entry->charge;
	cache->count--;
	cache_entry_release(entry);
}

void cache_clear(struct cache *cache)
{
	while (cache->oldest)
		drop(cache, cache->oldest);
	note_size(cache);
}

struct cache_entry *cache_find(struct cache *cache, struct bytes key)
{
	if (cache->count == 0)
		return NULL;
	uint64_t hash = siphash(&cache->hash_key, key);
	struct cache_entry *entry = *bucket_of(cache, hash);
	while (entry
		&& !(entry->hash == hash && entry->key_length == key.length
			&& memcmp(entry->key, key.data, key.length) == 0))
		entry = entry->chain;
	if (entry && entry != cache->newest) {
		unlink_age(cache, entry);
		link_newest(cache, entry);
	}
	return entry;
}

static struct cache_entry *entry_create(struct bytes key, const struct cache_offer *offer)
{
	size_t etag_size = strlen(offer->etag) + 1;
	struct cache_entry *entry = malloc(sizeof(*entry) + key.length + etag_size);
	if (!entry)
		return NULL;
	*entry = (struct cache_entry){
		.response = offer->response,
		.body = offer->body,
		.route = offer->route,
		.etag = entry->key + key.length,
		.references = 1,
		.key_length = key.length,
		.charge = sizeof(*entry) + key.length + etag_size + offer->body.length
			+ offer->head_size + CHARGE_PER_ENTRY,
	};
	memcpy(entry->key, key.data, key.length);
	memcpy(entry->key + key.length, offer->etag, etag_size);
	return entry;
}

struct cache_entry *cache_store(struct cache *cache, struct bytes key,
	const struct cache_offer *offer)
{
	struct cache_entry *old = cache_find(cache, key);
	if (old)
		drop(cache, old);
	struct cache_entry *entry = NULL;
	if (offer->body.length < cache->limit / SHARE_MAX)
		entry = entry_create(key, offer);
	if (!entry)
		return NULL;
	if (entry->charge > cache->limit / SHARE_MAX) {
		free(entry);
		return NULL;
	}
	while (cache->charge + entry->charge > cache->limit) {
		drop(cache, cache->oldest);
		counter_add(&cache->metrics->cache_evictions, 1);
	}
	entry->hash = siphash(&cache->hash_key, key);
	struct cache_entry **bucket = bucket_of(cache, entry->hash);
	entry->chain = *bucket;
	*bucket = entry;
	link_newest(cache, entry);
	cache->charge += entry->charge;
	cache->count++;
	note_size(cache);
	return entry;
}
