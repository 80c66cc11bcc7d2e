#include <udcg/api/parts.h>

enum { BODY_ENOUGH = 256 * 1024 };

/* *ret_more: the body became long, and there is still more of it. */
static bool write_body(const struct part_writer *writer, void *state, struct strbuf *body,
	bool *ret_more)
{
	bool more = true;
	while (more && body->length < BODY_ENOUGH)
		if (!writer->next(state, body, &more))
			return false;
	*ret_more = more;
	return true;
}

bool parts_answer(struct exchange *exchange, const struct part_writer *writer)
{
	void *state = NULL;
	bool more = false;
	if (!writer->open(exchange, &state))
		return false;
	bool good = write_body(writer, state, exchange->body, &more);
	writer->close(state);
	if (!good)
		return false;
	if (more) {
		strbuf_free(exchange->body);
		exchange->parts = writer;
	}
	return true;
}
