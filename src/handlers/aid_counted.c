/* How many figures totals use: what the groups' packages are, and the readings that stand. */
#include "aid_totals.h"

#include <udcg/handlers/handlers.h>

static bool count_standing(struct totals *totals, int64_t *ret_count)
{
	_cleanup_borrowed_ struct statement *statement = NULL;
	_cleanup_strbuf_ struct strbuf sql = {0};
	bool row;
	strbuf_append_text(&sql, "SELECT count(*) FROM aid AS a WHERE a.row IN (");
	aid_append_standing(&totals->window, "row", &sql);
	strbuf_append_char(&sql, ')');
	totals_append_filters(totals, &sql);
	if (!totals_borrow(totals, &sql, &statement)
		|| !exchange_step(totals->exchange, statement, &row))
		return false;
	*ret_count = statement_integer(statement, 0);
	return true;
}

static bool count(struct totals *totals, int64_t *ret_total)
{
	if (!count_standing(totals, ret_total) || !totals_walk_added(totals))
		return false;
	for (size_t i = 0; i < totals->groups.count; i++)
		*ret_total += totals->groups.items[i].count;
	return true;
}

bool aid_counted_total(struct exchange *exchange, int64_t *ret_total, bool *ret_known)
{
	struct totals totals = {.exchange = exchange};
	*ret_known =
		parameters_find(&exchange->parameters, "counted") && totals_have_counts(&totals);
	if (!*ret_known)
		return true;
	bool good = query_compile(exchange, &aid_totals_resource, &totals.filters)
		&& aid_window_read(exchange, &totals.window) && count(&totals, ret_total);
	totals_free_groups(&totals);
	query_free(&totals.filters);
	return good;
}
