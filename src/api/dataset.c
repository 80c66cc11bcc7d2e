#include <udcg/api/dataset.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <udcg/base/digest.h>
#include <udcg/base/siphash.h>

/* Counted totals by filter: an open hash table of bounded size under a lock that is held for a
 * look-up only. A slot that is taken by another key is overwritten: it can be counted again. */
enum { COUNT_SLOTS = 4096, COUNT_PROBES = 8, COUNT_KEY_MAX = 256 };

/* Slow readers must not keep the memory, or the files, of one reload after the other. */
enum { STALE_AFTER = 600 }; /* seconds */

struct counted {
	char *key;
	size_t length;
	int64_t count;
};

struct count_memory {
	pthread_mutex_t mutex;
	struct siphash_key hash_key;
	struct counted slots[COUNT_SLOTS];
};

/* A long filter is kept as its digest, or thousands of them would take a hundred megabytes. */
static struct bytes shorten(struct bytes key, char hex[static DIGEST_HEX_SIZE])
{
	if (key.length <= COUNT_KEY_MAX)
		return key;
	digest_hex_of(key, hex);
	return bytes_of(hex);
}

static struct counted *slot_find(struct count_memory *memory, struct bytes key)
{
	uint64_t start = siphash(&memory->hash_key, key);
	struct counted *free_slot = NULL;
	for (size_t i = 0; i < COUNT_PROBES; i++) {
		struct counted *slot = &memory->slots[(start + i) % COUNT_SLOTS];
		if (!slot->key && !free_slot)
			free_slot = slot;
		if (slot->key && bytes_equal((struct bytes){slot->key, slot->length}, key))
			return slot;
	}
	return free_slot ? free_slot : &memory->slots[start % COUNT_SLOTS];
}

bool count_recall(struct count_memory *memory, struct bytes key, int64_t *ret_count)
{
	char hex[DIGEST_HEX_SIZE];
	key = shorten(key, hex);
	pthread_mutex_lock(&memory->mutex);
	const struct counted *slot = slot_find(memory, key);
	bool known = slot->key && bytes_equal((struct bytes){slot->key, slot->length}, key);
	if (known)
		*ret_count = slot->count;
	pthread_mutex_unlock(&memory->mutex);
	return known;
}

void count_remember(struct count_memory *memory, struct bytes key, int64_t count)
{
	char hex[DIGEST_HEX_SIZE];
	key = shorten(key, hex);
	char *copy = malloc(key.length);
	if (!copy)
		return;
	memcpy(copy, key.data, key.length);
	pthread_mutex_lock(&memory->mutex);
	struct counted *slot = slot_find(memory, key);
	char *old = slot->key;
	*slot = (struct counted){.key = copy, .length = key.length, .count = count};
	pthread_mutex_unlock(&memory->mutex);
	free(old);
}

static struct count_memory *count_memory_create(void)
{
	struct count_memory *memory = calloc(1, sizeof(*memory));
	if (!memory)
		return NULL;
	if (!siphash_key_make(&memory->hash_key)) {
		free(memory);
		return NULL;
	}
	pthread_mutex_init(&memory->mutex, NULL);
	return memory;
}

static void count_memory_free(struct count_memory *memory)
{
	if (!memory)
		return;
	for (size_t i = 0; i < COUNT_SLOTS; i++)
		free(memory->slots[i].key);
	pthread_mutex_destroy(&memory->mutex);
	free(memory);
}

struct dataset *dataset_create(void)
{
	struct dataset *dataset = calloc(1, sizeof(*dataset));
	if (!dataset)
		return NULL;
	atomic_init(&dataset->references, 1);
	dataset->counts = count_memory_create();
	if (!dataset->counts) {
		dataset_release(dataset);
		return NULL;
	}
	return dataset;
}

struct dataset *dataset_hold(struct dataset *dataset)
{
	atomic_fetch_add_explicit(&dataset->references, 1, memory_order_relaxed);
	return dataset;
}

void dataset_release(struct dataset *dataset)
{
	if (!dataset
		|| atomic_fetch_sub_explicit(&dataset->references, 1, memory_order_acq_rel) != 1)
		return;
	database_image_free(dataset->image);
	timeline_card_free(&dataset->card);
	count_memory_free(dataset->counts);
	free(dataset->path);
	free(dataset);
}

static int64_t seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + 1; /* never 0 */
}

void dataset_replace(struct dataset *dataset)
{
	if (dataset)
		atomic_store(&dataset->replaced, seconds());
}

bool dataset_is_stale(const struct dataset *dataset)
{
	int64_t replaced = atomic_load(&dataset->replaced);
	return replaced && seconds() - replaced >= STALE_AFTER;
}

enum store_status dataset_open(const struct dataset *dataset, struct database **ret_database)
{
	return dataset->path ? database_open(dataset->path, ret_database)
			     : database_open_image(dataset->image, ret_database);
}

void dataset_write(const struct dataset *dataset, struct strbuf *json)
{
	strbuf_append_text(json, "{\"version\":\"");
	strbuf_append_text(json, dataset->card.version);
	strbuf_append_text(json, "\",\"released\":\"");
	strbuf_append_text(json, dataset->card.released);
	strbuf_append_text(json, "\"}");
}
