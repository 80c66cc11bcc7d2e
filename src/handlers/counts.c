#include "counts.h"

#include <udcg/base/json.h>

/* Columns of the table `extent`, and keys. */
static const char *const counted[] = {"sources", "participants", "meetings", "attendance", "aid",
	"claims", "facts"};

bool counts_write(struct exchange *exchange)
{
	_cleanup_strbuf_ struct strbuf sql = {0};
	_cleanup_borrowed_ struct statement *statement = NULL;
	bool row;
	for (size_t i = 0; i < LENGTH_OF(counted); i++)
		strbuf_append_format(&sql, "%s%s", i ? ", " : "SELECT ", counted[i]);
	strbuf_append_text(&sql, " FROM extent");
	if (sql.failed)
		return exchange_no_memory(exchange);
	if (!exchange_borrow(exchange, strbuf_bytes(&sql), &statement)
		|| !exchange_step(exchange, statement, &row))
		return false;
	json_append_key(exchange->body, "counts");
	strbuf_append_char(exchange->body, '{');
	for (size_t i = 0; i < LENGTH_OF(counted); i++) {
		json_append_key(exchange->body, counted[i]);
		strbuf_append_integer(exchange->body, statement_integer(statement, (int)i));
	}
	strbuf_append_char(exchange->body, '}');
	return true;
}
