#include <udcg/api/parts.h>

static bool write_all(const struct part_writer *writer, void *state, struct strbuf *body)
{
	for (bool more = true; more;)
		if (!writer->next(state, body, &more))
			return false;
	return true;
}

bool parts_answer(struct exchange *exchange, const struct part_writer *writer, int64_t rows)
{
	void *state = NULL;
	if (!writer->open(exchange, &state))
		return false;
	bool good = true;
	if (rows > PARTS_ROWS_AT_ONCE)
		exchange->parts = writer;
	else
		good = write_all(writer, state, exchange->body);
	writer->close(state);
	return good;
}
