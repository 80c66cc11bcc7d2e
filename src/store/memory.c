#include "memory.h"

#include <sqlite3.h>

static sqlite3_mem_methods plain;
static _Thread_local bool was_short;

static void *take(int size)
{
	void *block = plain.xMalloc(size);
	was_short |= !block;
	return block;
}

static void *resize(void *block, int size)
{
	void *resized = plain.xRealloc(block, size);
	was_short |= !resized;
	return resized;
}

enum store_status memory_watch(void)
{
	if (plain.xMalloc)
		return STORE_OK;
	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain) != SQLITE_OK)
		return STORE_ERROR;
	sqlite3_mem_methods watched = plain;
	watched.xMalloc = take;
	watched.xRealloc = resize;
	return sqlite3_config(SQLITE_CONFIG_MALLOC, &watched) == SQLITE_OK ? STORE_OK : STORE_ERROR;
}

void memory_forget(void)
{
	was_short = false;
}

bool memory_was_short(void)
{
	return was_short;
}
