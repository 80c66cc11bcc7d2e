/* Writes rows that a handler makes itself, in the reply's media type and with the fields that the
 * client wants. */
#ifndef UDCG_API_ROW_SINK_H
#define UDCG_API_ROW_SINK_H

#include <udcg/api/handler.h>
#include <udcg/api/row.h>

enum { SINK_COLUMNS_MAX = 64 };

struct row_sink {
	struct exchange *exchange;
	const struct resource *resource;
	size_t columns[SINK_COLUMNS_MAX];
	size_t column_count;
	size_t count; /* rows written */
};

/* Reads `fields` and writes CSV's header. */
void row_sink_open(struct exchange *exchange, struct row_sink *ret_sink);
/* Whether a column of the resource is written at all. */
bool row_sink_wants(const struct row_sink *sink, size_t column);
/* One cell a column of the resource; those that are not wanted are not looked at. */
void row_sink_write(struct row_sink *sink, const struct cell *cells);

#endif
