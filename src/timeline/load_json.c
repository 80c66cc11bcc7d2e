#include "load_json.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>

enum { BLOCKS_AT_FIRST = 256 };

struct blocks {
	void **items;
	size_t count, capacity;
};

/* Nothing is freed before the end, when it is known which of the two are to be. */
struct parse {
	struct blocks taken; /* by jansson */
	struct blocks dropped; /* of those taken */
	jmp_buf out;
};

static _Thread_local struct parse *current;

static bool note(struct blocks *blocks, void *memory)
{
	if (blocks->count == blocks->capacity) {
		size_t capacity = blocks->capacity > 0 ? 2 * blocks->capacity : BLOCKS_AT_FIRST;
		void **grown = reallocarray(blocks->items, capacity, sizeof(*grown));
		if (!grown)
			return false;
		blocks->items = grown;
		blocks->capacity = capacity;
	}
	blocks->items[blocks->count++] = memory;
	return true;
}

static void free_all(const struct blocks *blocks)
{
	for (size_t i = 0; i < blocks->count; i++)
		free(blocks->items[i]);
}

static void *take(size_t size)
{
	void *memory = malloc(size);
	if (current && (!memory || !note(&current->taken, memory))) {
		free(memory);
		longjmp(current->out, 1);
	}
	return memory;
}

static void drop(void *memory)
{
	if (!current || !memory)
		free(memory);
	else if (!note(&current->dropped, memory))
		longjmp(current->out, 1);
}

/* Once, before jansson's first allocation: its keys are hashed by one seed for all threads. */
static void prepare(void)
{
	json_set_alloc_funcs(take, drop);
	json_object_seed(0);
}

static json_t *parse_text(struct parse *parse, struct bytes text, size_t flags,
	json_error_t *ret_error, bool *ret_short)
{
	*ret_short = true;
	if (setjmp(parse->out) != 0)
		return NULL;
	json_t *value = json_loadb(text.data, text.length, flags, ret_error);
	*ret_short = false;
	return value;
}

json_t *load_json(struct bytes text, size_t flags, json_error_t *ret_error, bool *ret_short)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, prepare);
	struct parse parse = {0};
	current = &parse;
	json_t *value = parse_text(&parse, text, flags, ret_error, ret_short);
	current = NULL;
	free_all(*ret_short ? &parse.taken : &parse.dropped);
	free(parse.taken.items);
	free(parse.dropped.items);
	return value;
}
