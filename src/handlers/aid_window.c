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

void aid_append_inside(const struct aid_window *window, struct strbuf *sql)
{
	if (window->from)
		strbuf_append_text(sql,
			" AND a.date_min IS NOT NULL AND a.first_day >= :window_from");
	if (window->end)
		strbuf_append_text(sql,
			" AND a.date_max IS NOT NULL AND a.last_day <= :window_end");
}

/* Those that stand at the end of no month can only have begun in that of the window's end. */
void aid_append_standing(const struct aid_window *window, const char *column, struct strbuf *sql)
{
	if (!window->end) {
		strbuf_append_format(sql, "SELECT %s FROM aid_standing WHERE reach = 4", column);
		return;
	}
	strbuf_append_format(sql,
		"SELECT %s FROM aid_standing WHERE reach IN (1, 2, 3, 4)"
		" AND from_day <= :window_end AND (until_day IS NULL OR until_day > :window_end)"
		" UNION ALL SELECT %s FROM aid_standing WHERE reach = 0"
		" AND from_day BETWEEN :window_end / 100 * 100 AND :window_end"
		" AND until_day > :window_end",
		column, column);
}

/* Where no figure begins before or behind, for an index to seek by. A reading that stands at a day has
 * days of its own. */
static void append_bounds(const struct query *query, const struct aid_window *window,
	struct strbuf *sql)
{
	if (!window->end)
		return;
	strbuf_append_format(sql, " AND %sa.first_day <= :window_end",
		query->is_sought_to ? "+" : "");
	if (!window->from)
		return;
	strbuf_append_format(sql,
		" AND %sa.first_day >= min(:window_from, coalesce((SELECT min(s.first_day)"
		" FROM aid AS s WHERE s.row IN (",
		query->is_sought_from ? "+" : "");
	aid_append_standing(window, "row", sql);
	strbuf_append_text(sql, ")), :window_from))");
}

void aid_where_counted(struct query *query, const struct aid_window *window)
{
	_cleanup_strbuf_ struct strbuf sql = {0};
	strbuf_append_text(&sql, "((a.kind = 'package' AND a.excluded IS NULL");
	aid_append_inside(window, &sql);
	strbuf_append_text(&sql, ") OR a.row IN (");
	aid_append_standing(window, "row", &sql);
	strbuf_append_text(&sql, "))");
	append_bounds(query, window, &sql);
	query->failed |= sql.failed;
	if (!sql.failed)
		query_where(query, sql.data);
	if (window->from)
		query_bind_integer(query, "window_from", window->from);
	if (window->end)
		query_bind_integer(query, "window_end", window->end);
}
