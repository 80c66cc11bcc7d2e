/* Bodies that are made part by part, so that one of any length takes little memory. */
#ifndef UDCG_API_PARTS_H
#define UDCG_API_PARTS_H

#include <udcg/api/handler.h>

struct part_writer {
	/* Refuses what it would refuse later. The exchange outlives the state. */
	bool (*open)(struct exchange *exchange, void **ret_state);
	/* Appends the next part, and holds no statement of the database afterwards.
	 * *ret_more is false after the last part. */
	bool (*next)(void *state, struct strbuf *part, bool *ret_more);
	void (*close)(void *state);
};

/* Writes the body here where that takes few parts; a longer one is written while it is sent, from
 * the same request on a session of its own. */
bool parts_answer(struct exchange *exchange, const struct part_writer *writer)
	__attribute__((warn_unused_result));

#endif
