#include "load_json.h"

#include <pthread.h>
#include <stdlib.h>

static _Thread_local bool was_short;

static void *take(size_t size)
{
	void *memory = malloc(size);
	was_short |= !memory;
	return memory;
}

/* Once, before jansson's first allocation: its keys are hashed by one seed for all threads. */
static void prepare(void)
{
	json_set_alloc_funcs(take, free);
	json_object_seed(0);
}

json_t *load_json(struct bytes text, size_t flags, json_error_t *ret_error, bool *ret_short)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, prepare);
	was_short = false;
	json_t *value = json_loadb(text.data, text.length, flags, ret_error);
	*ret_short = was_short;
	if (!was_short)
		return value;
	json_decref(value);
	return NULL;
}
