/* Groups of packages by their keys: open addressing. */
#include "aid_totals.h"

#include <stdlib.h>

enum { SLOTS = 1 << 15, GROUPS_AT_FIRST = 64 };
_Static_assert(SLOTS > 3 * TOTAL_ROWS_MAX && TOTAL_ROWS_MAX < UINT16_MAX, "most slots are free");

#define FNV_OFFSET UINT64_C(0xCBF29CE484222325)
#define FNV_PRIME UINT64_C(0x100000001B3)
#define GOLDEN_RATIO UINT64_C(0x9E3779B97F4A7C15)

static uint64_t hash_text(uint64_t hash, struct bytes text)
{
	for (size_t i = 0; i < text.length; i++)
		hash = (hash ^ (unsigned char)text.data[i]) * FNV_PRIME;
	return hash;
}

static size_t slot_of(const struct totals *totals, const struct group *group)
{
	uint64_t hash = hash_text(FNV_OFFSET, group->currency);
	for (size_t i = 0; i < totals->key_count; i++) {
		hash = (hash ^ (uint64_t)group->keys[i].number) * FNV_PRIME;
		hash = hash_text(hash, group->keys[i].text);
	}
	return hash * GOLDEN_RATIO >> 49;
}

static bool are_alike(const struct totals *totals, const struct group *one,
	const struct group *other)
{
	for (size_t i = 0; i < totals->key_count; i++)
		if (one->keys[i].number != other->keys[i].number
			|| !bytes_equal(one->keys[i].text, other->keys[i].text))
			return false;
	return bytes_equal(one->currency, other->currency);
}

static bool make_room(struct totals *totals)
{
	struct groups *groups = &totals->groups;
	totals->narrow = groups->count == TOTAL_ROWS_MAX;
	if (totals->narrow)
		return false;
	if (groups->count < groups->capacity)
		return true;
	size_t capacity = groups->capacity ? 2 * groups->capacity : GROUPS_AT_FIRST;
	struct group *items = reallocarray(groups->items, capacity, sizeof(*items));
	if (!items)
		return exchange_no_memory(totals->exchange);
	groups->items = items;
	groups->capacity = capacity;
	return true;
}

static bool copy_text(struct exchange *exchange, struct bytes *text)
{
	if (text->data)
		*text = arena_copy(exchange->arena, *text);
	return text->data;
}

static struct group *add(struct totals *totals, const struct group *like)
{
	if (!make_room(totals))
		return NULL;
	struct group group = *like;
	bool copied = copy_text(totals->exchange, &group.currency);
	for (size_t i = 0; i < totals->key_count; i++)
		copied &= !group.keys[i].text.data
			|| copy_text(totals->exchange, &group.keys[i].text);
	if (!copied) {
		exchange_no_memory(totals->exchange);
		return NULL;
	}
	totals->groups.items[totals->groups.count++] = group;
	return &totals->groups.items[totals->groups.count - 1];
}

struct group *totals_find_group(struct totals *totals, const struct group *like)
{
	struct groups *groups = &totals->groups;
	if (!groups->slots)
		groups->slots = calloc(SLOTS, sizeof(*groups->slots));
	if (!groups->slots) {
		exchange_no_memory(totals->exchange);
		return NULL;
	}
	size_t slot = slot_of(totals, like);
	for (; groups->slots[slot]; slot = (slot + 1) % SLOTS) {
		struct group *group = &groups->items[groups->slots[slot] - 1];
		if (are_alike(totals, group, like))
			return group;
	}
	struct group *group = add(totals, like);
	if (group)
		groups->slots[slot] = (uint16_t)groups->count;
	return group;
}

/* Unused keys are alike. */
static int by_keys(const void *a, const void *b)
{
	const struct group *one = a, *other = b;
	for (size_t i = 0; i < GROUP_KEYS_MOST; i++) {
		const struct key_value *key = &one->keys[i], *against = &other->keys[i];
		if (key->number != against->number)
			return key->number < against->number ? -1 : 1;
		int order = bytes_compare(key->text, against->text);
		if (order)
			return order;
	}
	return bytes_compare(one->currency, other->currency);
}

void totals_sort_groups(struct totals *totals)
{
	if (totals->groups.count)
		qsort(totals->groups.items, totals->groups.count, sizeof(struct group), by_keys);
}

void totals_free_groups(struct totals *totals)
{
	free(totals->groups.items);
	free(totals->groups.slots);
}
