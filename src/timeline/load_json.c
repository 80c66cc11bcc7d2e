#include "load_json.h"

#include <assert.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS_AT_FIRST = 256 };

struct parse {
	void **blocks; /* jansson's, as they were allocated */
	size_t count, capacity;
	jmp_buf out;
};

static _Thread_local struct parse *current;

static bool note(struct parse *parse, void *memory)
{
	if (parse->count == parse->capacity) {
		size_t capacity = parse->capacity > 0 ? 2 * parse->capacity : BLOCKS_AT_FIRST;
		void **grown = realloc(parse->blocks, capacity * sizeof(*grown));
		if (!grown)
			return false;
		parse->blocks = grown;
		parse->capacity = capacity;
	}
	parse->blocks[parse->count++] = memory;
	return true;
}

/* What is freed in a parse is mostly what was allocated last. */
static void forget(struct parse *parse, const void *memory)
{
	size_t i = parse->count;
	while (i > 0 && parse->blocks[i - 1] != memory)
		i--;
	assert(i > 0);
	memmove(&parse->blocks[i - 1], &parse->blocks[i],
		(parse->count - i) * sizeof(parse->blocks[0]));
	parse->count--;
}

static void *take(size_t size)
{
	void *memory = malloc(size);
	if (current && (!memory || !note(current, memory))) {
		free(memory);
		longjmp(current->out, 1);
	}
	return memory;
}

static void drop(void *memory)
{
	if (current && memory)
		forget(current, memory);
	free(memory);
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
	*ret_short = false;
	if (setjmp(parse->out) == 0)
		return json_loadb(text.data, text.length, flags, ret_error);
	*ret_short = true;
	while (parse->count > 0)
		free(parse->blocks[--parse->count]);
	return NULL;
}

json_t *load_json(struct bytes text, size_t flags, json_error_t *ret_error, bool *ret_short)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, prepare);
	struct parse parse = {0};
	current = &parse;
	json_t *value = parse_text(&parse, text, flags, ret_error, ret_short);
	current = NULL;
	free(parse.blocks);
	return value;
}
