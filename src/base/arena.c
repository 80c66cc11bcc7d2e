#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <udcg/base/arena.h>

enum { BLOCK_SIZE = 16 * 1024 };

struct arena_block {
	struct arena_block *older;
	size_t size;
	alignas(max_align_t) unsigned char data[];
};

static struct arena_block *arena_grow(struct arena *arena, size_t size)
{
	size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	if (room > SIZE_MAX - sizeof(struct arena_block))
		return NULL;
	struct arena_block *block = malloc(sizeof(*block) + room);
	if (!block)
		return NULL;
	block->older = arena->blocks;
	block->size = room;
	arena->blocks = block;
	arena->used = 0;
	return block;
}

void *arena_take(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	if (size > SIZE_MAX - align)
		return NULL;
	size = (size + align - 1) / align * align;
	struct arena_block *block = arena->blocks;
	if (!block || block->size - arena->used < size) {
		block = arena_grow(arena, size);
		if (!block)
			return NULL;
	}
	void *piece = block->data + arena->used;
	arena->used += size;
	return memset(piece, 0, size);
}

struct bytes arena_copy(struct arena *arena, struct bytes bytes)
{
	char *copy = arena_take(arena, bytes.length + 1);
	if (!copy)
		return (struct bytes){0};
	if (bytes.length)
		memcpy(copy, bytes.data, bytes.length);
	return (struct bytes){copy, bytes.length};
}

static void arena_drop(struct arena *arena, struct arena_block *keep)
{
	while (arena->blocks && arena->blocks != keep) {
		struct arena_block *older = arena->blocks->older;
		free(arena->blocks);
		arena->blocks = older;
	}
	arena->used = 0;
}

void arena_reset(struct arena *arena)
{
	struct arena_block *oldest = arena->blocks;
	while (oldest && oldest->older)
		oldest = oldest->older;
	arena_drop(arena, oldest);
}

void arena_free(struct arena *arena)
{
	arena_drop(arena, NULL);
}
