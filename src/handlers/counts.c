#include "counts.h"

#include <udcg/base/json.h>

static const struct {
	const char *name;
	const char *table;
} counted[] = {
	{.name = "sources", .table = "source"},
	{.name = "participants", .table = "participant"},
	{.name = "meetings", .table = "meeting"},
	{.name = "attendance", .table = "attendance"},
	{.name = "aid", .table = "aid"},
	{.name = "claims", .table = "claim"},
	{.name = "facts", .table = "fact"},
};

bool counts_write(struct exchange *exchange)
{
	json_append_key(exchange->body, "counts");
	strbuf_append_char(exchange->body, '{');
	for (size_t i = 0; i < LENGTH_OF(counted); i++) {
		_cleanup_strbuf_ struct strbuf sql = {0};
		_cleanup_borrowed_ struct statement *statement = NULL;
		bool row;
		strbuf_append_format(&sql, "SELECT count(*) FROM %s", counted[i].table);
		if (sql.failed)
			return exchange_no_memory(exchange);
		if (!exchange_check(exchange,
			    statement_borrow(exchange->database, strbuf_bytes(&sql), &statement))
			|| !exchange_check(exchange, statement_step(statement, &row)))
			return false;
		json_append_key(exchange->body, counted[i].name);
		strbuf_append_integer(exchange->body, statement_integer(statement, 0));
	}
	strbuf_append_char(exchange->body, '}');
	return true;
}
