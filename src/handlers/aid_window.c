#include "aid.h"

bool aid_window_read(struct exchange *exchange, struct aid_window *ret_window)
{
	const struct given *from = parameters_find(&exchange->parameters, "from");
	const struct given *to = parameters_find(&exchange->parameters, "to");
	const struct given *as_of = parameters_find(&exchange->parameters, "as_of");
	if (to && as_of)
		return exchange_refuse(exchange, "as_of",
			"says the same as `to` here: give one of the two");
	const struct given *end = as_of ? as_of : to;
	*ret_window = (struct aid_window){
		.from = from ? (int)from->values[0].number : 0,
		.end = end ? (int)end->values[0].last : 0,
	};
	if (from && to && ret_window->from > ret_window->end)
		return exchange_refuse(exchange, "from", "is after `to`");
	return true;
}

void aid_append_package_window(const struct aid_window *window, struct strbuf *sql)
{
	if (window->from)
		strbuf_append_text(sql,
			" AND a.date_min IS NOT NULL AND a.first_day >= :window_from");
	if (window->end)
		strbuf_append_text(sql,
			" AND a.date_max IS NOT NULL AND a.last_day <= :window_end");
}

void aid_append_reading_window(const struct aid_window *window, const char *alias,
	struct strbuf *sql)
{
	if (window->end)
		strbuf_append_format(sql,
			" AND %s.date_max IS NOT NULL AND %s.last_day <= :window_end", alias,
			alias);
}

void aid_append_latest(const struct aid_window *window, struct strbuf *sql)
{
	strbuf_append_text(sql,
		" AND (a.date_max IS NULL OR NOT EXISTS (SELECT 1 FROM aid AS later"
		" WHERE later.measure = a.measure AND later.superseded_by IS NULL"
		" AND later.date_min IS NOT NULL AND later.first_day > a.last_day"
		" AND (later.conflict_group IS NULL"
		" OR later.conflict_group IS NOT a.conflict_group)");
	aid_append_reading_window(window, "later", sql);
	strbuf_append_text(sql, "))");
}

void aid_where_counted(struct query *query, const struct aid_window *window)
{
	_cleanup_strbuf_ struct strbuf sql = {0};
	strbuf_append_text(&sql, "(a.kind = 'package' AND a.excluded IS NULL");
	aid_append_package_window(window, &sql);
	strbuf_append_text(&sql, ") OR (a.kind <> 'package' AND a.superseded_by IS NULL");
	aid_append_reading_window(window, "a", &sql);
	aid_append_latest(window, &sql);
	strbuf_append_char(&sql, ')');
	query->failed |= sql.failed;
	if (!sql.failed)
		query_where(query, sql.data);
	if (window->from)
		query_bind_integer(query, "window_from", window->from);
	if (window->end)
		query_bind_integer(query, "window_end", window->end);
}
