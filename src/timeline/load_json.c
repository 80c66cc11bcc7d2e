#include "load_json.h"

#include <pthread.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdlib.h>

struct link {
	struct link *previous, *next;
};

/* One of jansson's blocks; those of one text are linked into a ring. */
struct block {
	struct link link;
	max_align_t memory[];
};

struct parse {
	struct link blocks;
	bool is_short;
	jmp_buf out;
};

static _Thread_local struct parse *current;

static void link_up(struct link *link, struct link *behind)
{
	*link = (struct link){.previous = behind, .next = behind->next};
	link->next->previous = link;
	behind->next = link;
}

static void unlink_from(const struct link *link)
{
	link->previous->next = link->next;
	link->next->previous = link->previous;
}

static void *take(size_t size)
{
	struct block *block = malloc(sizeof(*block) + size);
	if (!block && current)
		longjmp(current->out, 1);
	if (!block)
		return NULL;
	block->link = (struct link){.previous = &block->link, .next = &block->link};
	if (current)
		link_up(&block->link, &current->blocks);
	return block->memory;
}

static void drop(void *memory)
{
	if (!memory)
		return;
	struct block *block = (struct block *)((char *)memory - offsetof(struct block, memory));
	unlink_from(&block->link);
	free(block);
}

/* Once, before jansson's first allocation: its keys are hashed by one seed for all threads. */
static void prepare(void)
{
	json_set_alloc_funcs(take, drop);
	json_object_seed(0);
}

static json_t *parse_text(struct parse *parse, struct bytes text, size_t flags,
	json_error_t *ret_error)
{
	if (setjmp(parse->out) == 0)
		return json_loadb(text.data, text.length, flags, ret_error);
	parse->is_short = true;
	while (parse->blocks.next != &parse->blocks)
		drop(((struct block *)parse->blocks.next)->memory);
	return NULL;
}

json_t *load_json(struct bytes text, size_t flags, json_error_t *ret_error, bool *ret_short)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, prepare);
	struct parse parse = {.blocks = {.previous = &parse.blocks, .next = &parse.blocks}};
	current = &parse;
	json_t *value = parse_text(&parse, text, flags, ret_error);
	current = NULL;
	unlink_from(&parse.blocks); /* what is left of the ring is the value's */
	*ret_short = parse.is_short;
	return value;
}
