#include "cache.h"

#include <stdlib.h>
#include <string.h>
#include <udcg/base/siphash.h>

enum {
	/* What the allocator and MHD's own structures add to a reply and to each of its headers, about. */
	CHARGE_PER_ENTRY = 512,
	CHARGE_PER_HEADER = 96,
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
	if (!siphash_key_make(&cache->hash_key)) {
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
	headers_free(&entry->headers);
	strbuf_free(&entry->body);
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
	if (entry->response)
		MHD_destroy_response(entry->response);
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

/* MHD copies the headers. */
static size_t charge_of(struct bytes key, const struct reply *reply)
{
	const struct headers *headers = &reply->headers;
	return sizeof(struct cache_entry) + key.length + reply->body.capacity
		+ headers->text.capacity + headers->text.length + headers->count * CHARGE_PER_HEADER
		+ CHARGE_PER_ENTRY;
}

static struct cache_entry *entry_create(struct bytes key, struct reply *reply)
{
	struct cache_entry *entry = malloc(sizeof(*entry) + key.length);
	if (!entry)
		return NULL;
	*entry = (struct cache_entry){
		.headers = reply->headers,
		.body = reply->body,
		.route = reply->route,
		.references = 1,
		.key_length = key.length,
		.charge = charge_of(key, reply),
	};
	memcpy(entry->key, key.data, key.length);
	entry->etag = headers_find(&entry->headers, "ETag");
	reply->headers = (struct headers){0};
	reply->body = (struct strbuf){0};
	return entry;
}

struct cache_entry *cache_store(struct cache *cache, struct bytes key, struct reply *reply)
{
	struct cache_entry *old = cache_find(cache, key);
	if (old)
		drop(cache, old);
	if (reply->body.failed || charge_of(key, reply) > cache->limit / SHARE_MAX)
		return NULL;
	struct cache_entry *entry = entry_create(key, reply);
	if (!entry)
		return NULL;
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
