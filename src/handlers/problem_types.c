/* /problems/{slug}: what the type of a problem means. */
#include <udcg/api/handler.h>
#include <udcg/base/text.h>
#include <udcg/handlers/handlers.h>

/* The number of the type, or PROBLEM_TYPES. */
static size_t find(struct bytes slug)
{
	size_t type = 0;
	while (type < PROBLEM_TYPES && !bytes_equal(bytes_of(problem_kinds[type].slug), slug))
		type++;
	return type;
}

bool problem_type_find(struct exchange *exchange)
{
	if (find(exchange->id) < PROBLEM_TYPES)
		return true;
	struct nearest nearest;
	nearest_start(&nearest, exchange->id);
	for (size_t i = 0; i < PROBLEM_TYPES; i++)
		nearest_offer(&nearest, bytes_of(problem_kinds[i].slug));
	return exchange_missing(exchange, "There is no problem of this type",
		nearest_best(&nearest));
}

bool problem_type_answer(struct exchange *exchange)
{
	const struct problem_kind *kind = &problem_kinds[find(exchange->id)];
	strbuf_append_format(exchange->body, "%s (status %u)\n\n%s\n", kind->title, kind->status,
		kind->explanation);
	return true;
}
