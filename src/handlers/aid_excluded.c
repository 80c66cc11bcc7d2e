/* How many figures totals leave out, each under the first reason that applies. What surely lies outside
 * the window is none of them. */
#include "aid_totals.h"

#include <udcg/base/json.h>

static choices reasons = {"superseded", "contained", "conflicting", "date_uncertain", "undated",
	"earlier_reading", NULL};

#define UNLESS_INSIDE " THEN CASE WHEN a.first_day IS NULL THEN 'undated' ELSE 'date_uncertain' END"

static void append_outside(const struct aid_window *window, struct strbuf *sql)
{
	if (window->from)
		strbuf_append_text(sql,
			" AND NOT (a.date_max IS NOT NULL AND a.last_day < :window_from)");
	if (window->end)
		strbuf_append_text(sql,
			" AND NOT (a.date_min IS NOT NULL AND a.first_day > :window_end)");
}

/* Readings are all counted as earlier ones here, and those that stand taken off. */
static void append_left_out(const struct totals *totals, bool readings, struct strbuf *sql)
{
	_cleanup_strbuf_ struct strbuf dated = {0}, dated_where = {0};
	struct source source = {
		.window = {.from = readings ? 0 : totals->window.from, .end = totals->window.end},
		.select = readings ? "coalesce(a.excluded, 'earlier_reading') AS reason, a.count"
				   : "a.excluded AS reason, a.count",
		.where = readings ? "a.kind <> 'package'"
				  : "a.kind = 'package' AND a.excluded IS NOT NULL",
	};
	strbuf_append_text(&dated, "coalesce(a.excluded, CASE WHEN NOT (1");
	aid_append_inside(&source.window, &dated);
	strbuf_append_format(&dated, ")" UNLESS_INSIDE " %s END) AS reason, a.count",
		readings ? "ELSE 'earlier_reading'" : "");
	strbuf_append_text(&dated_where, readings ? "a.kind <> 'package'" : "a.kind = 'package'");
	append_outside(&source.window, &dated_where);
	sql->failed |= dated.failed || dated_where.failed;
	if (sql->failed)
		return;
	source.dated = dated.data;
	source.dated_where = dated_where.data;
	strbuf_append_text(sql, "SELECT reason, count FROM ");
	totals_append_source(totals, &source, sql);
}

static int64_t *count_of(int64_t *counts, struct bytes reason)
{
	size_t i = 0;
	while (reasons[i + 1] && !bytes_equal(bytes_of(reasons[i]), reason))
		i++;
	return &counts[i];
}

bool totals_write_excluded(struct totals *totals, struct strbuf *out)
{
	int64_t counts[LENGTH_OF(reasons)] = {0};
	_cleanup_borrowed_ struct statement *statement = NULL;
	_cleanup_strbuf_ struct strbuf sql = {0};
	strbuf_append_text(&sql, "SELECT reason, sum(count) FROM (");
	append_left_out(totals, false, &sql);
	strbuf_append_text(&sql, " UNION ALL ");
	append_left_out(totals, true, &sql);
	strbuf_append_text(&sql, ") WHERE reason IS NOT NULL GROUP BY reason");
	if (!totals_borrow(totals, &sql, &statement))
		return false;
	for (;;) {
		bool row;
		if (!exchange_check(totals->exchange, statement_step(statement, &row)))
			return false;
		if (!row)
			break;
		*count_of(counts, statement_text(statement, 0)) = statement_integer(statement, 1);
	}
	*count_of(counts, BYTES_LITERAL("earlier_reading")) -= totals->standing;
	strbuf_append_text(out, "\"excluded\":{");
	for (size_t i = 0; reasons[i]; i++)
		strbuf_append_format(out, "%s\"%s\":%lld", i ? "," : "", reasons[i],
			(long long)counts[i]);
	strbuf_append_char(out, '}');
	return true;
}
