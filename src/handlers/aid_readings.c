/* Running totals and balances: the readings that stand, at one day or at the end of each period. */
#include "aid_totals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <udcg/handlers/common.h>

#define IN_ORDER " ORDER BY a.kind, a.measure, a.currency"

static const char *const reading_columns[TOTAL_COLUMNS] = {
	[TOTAL_KIND] = "a.kind",
	[TOTAL_MEASURE] = "a.measure",
	[TOTAL_DONOR] = "donor.id",
	[TOTAL_DONOR_NAME] = "donor.name",
	[TOTAL_DONOR_KIND] = "donor.kind",
	[TOTAL_RECIPIENT] = "recipient.id",
	[TOTAL_CATEGORY] = "a.category",
	[TOTAL_MECHANISM] = "a.mechanism",
	[TOTAL_MEETING] = ID_OF("meeting", "a.meeting"),
	[TOTAL_CURRENCY] = "a.currency",
	[TOTAL_AMOUNT] = "a.amount",
	[TOTAL_QUALIFIER] = "a.qualifier",
	[TOTAL_COUNT] = "1",
	[TOTAL_SINCE] = "a.since",
	[TOTAL_SINCE_TEXT] = "a.since_text",
	[TOTAL_AS_OF] = "a.date",
	[TOTAL_SUMMABLE] = "0",
	[TOTAL_FIGURES] = "'/v1/aid?id=' || a.id",
};

static bool borrow_reading(struct totals *totals, struct statement **ret_statement)
{
	struct exchange *exchange = totals->exchange;
	_cleanup_strbuf_ struct strbuf sql = {0};
	strbuf_append_text(&sql, "SELECT ");
	for (size_t i = 0; i < TOTAL_COLUMNS; i++)
		strbuf_append_format(&sql, "%s%s", i ? ", " : "",
			reading_columns[i] ? reading_columns[i] : "NULL");
	strbuf_append_text(&sql, " FROM " AID_FROM " WHERE a.row = :row");
	if (sql.failed)
		return exchange_no_memory(exchange);
	return exchange_check(exchange,
		statement_borrow(exchange->database, strbuf_bytes(&sql), ret_statement));
}

/* The asked-for names of the period that a day lies in. */
static void name_period(const struct totals *totals, int day, char text[3][16], struct cell *cells)
{
	snprintf(text[0], 16, "%04d", day / 10000);
	snprintf(text[1], 16, "%04d-Q%d", day / 10000, (day / 100 % 100 + 2) / 3);
	snprintf(text[2], 16, "%04d-%02d", day / 10000, day / 100 % 100);
	for (size_t i = 0; i < totals->key_count; i++) {
		enum total_column column = totals->keys[i]->column;
		if (column >= TOTAL_YEAR)
			cells[column] = CELL_TEXT(bytes_of(text[column - TOTAL_YEAR]));
	}
}

bool totals_write_reading(struct totals *totals, int64_t row, int day)
{
	struct exchange *exchange = totals->exchange;
	_cleanup_borrowed_ struct statement *statement = NULL;
	struct cell cells[TOTAL_COLUMNS];
	char text[3][16];
	bool found;
	totals->narrow = totals->sink.count == TOTAL_ROWS_MAX;
	if (totals->narrow || !borrow_reading(totals, &statement))
		return false;
	statement_bind_integer(statement, "row", row);
	if (!exchange_check(exchange, statement_step(statement, &found)))
		return false;
	for (int i = 0; i < TOTAL_COLUMNS; i++)
		cells[i] = cell_read(statement, i);
	if (day)
		name_period(totals, day, text, cells);
	row_sink_write(&totals->sink, cells);
	return true;
}

bool totals_readings(struct totals *totals)
{
	_cleanup_borrowed_ struct statement *statement = NULL;
	_cleanup_strbuf_ struct strbuf sql = {0};
	strbuf_append_text(&sql,
		"SELECT a.row FROM " AID_FROM
		" WHERE a.kind <> 'package' AND a.superseded_by IS NULL");
	aid_append_reading_window(&totals->window, "a", &sql);
	aid_append_latest(&totals->window, &sql);
	totals_append_filters(totals, &sql);
	strbuf_append_text(&sql, IN_ORDER ", a.row");
	if (!totals_borrow(totals, &sql, &statement))
		return false;
	for (;;) {
		bool row;
		if (!exchange_check(totals->exchange, statement_step(statement, &row)))
			return false;
		if (!row)
			return true;
		if (!totals_write_reading(totals, statement_integer(statement, 0), 0))
			return false;
	}
}

bool totals_write_excluded(struct totals *totals, struct strbuf *out)
{
	static choices reasons = {"superseded", "contained", "conflicting", "date_uncertain",
		"undated", "earlier_reading", NULL};
	int64_t counts[LENGTH_OF(reasons)] = {0};
	const struct aid_window *window = &totals->window;
	bool periods = totals_time_key(totals);
	_cleanup_borrowed_ struct statement *statement = NULL;
	_cleanup_strbuf_ struct strbuf sql = {0};
	/* A reading that has stood in some period is not left out: those are counted in `shown`. */
	strbuf_append_text(&sql,
		"SELECT CASE WHEN a.superseded_by IS NOT NULL THEN 0"
		" WHEN a.excluded = 'contained' THEN 1"
		" WHEN a.excluded = 'conflicting' THEN 2"
		" WHEN NOT (a.kind <> 'package'");
	aid_append_reading_window(window, "a", &sql);
	strbuf_append_text(&sql, " OR a.kind = 'package'");
	aid_append_package_window(window, &sql);
	strbuf_append_text(&sql,
		") THEN CASE WHEN a.first_day IS NULL THEN 4 ELSE 3 END"
		" WHEN a.kind <> 'package'");
	if (periods)
		strbuf_append_text(&sql, " AND a.date_max IS NOT NULL THEN 5 END");
	else {
		strbuf_append_text(&sql, " AND NOT (1");
		aid_append_latest(window, &sql);
		strbuf_append_text(&sql, ") THEN 5 END");
	}
	strbuf_append_text(&sql, " AS reason, count(*) FROM " AID_FROM " WHERE 1");
	if (window->from)
		strbuf_append_text(&sql,
			" AND NOT (a.kind = 'package' AND a.date_max IS NOT NULL"
			" AND a.last_day < :window_from)");
	if (window->end)
		strbuf_append_text(&sql,
			" AND NOT (a.date_min IS NOT NULL AND a.first_day > :window_end)");
	totals_append_filters(totals, &sql);
	strbuf_append_text(&sql, " GROUP BY reason");
	if (!totals_borrow(totals, &sql, &statement))
		return false;
	for (;;) {
		bool row;
		if (!exchange_check(totals->exchange, statement_step(statement, &row)))
			return false;
		if (!row)
			break;
		if (!statement_is_null(statement, 0))
			counts[statement_integer(statement, 0)] = statement_integer(statement, 1);
	}
	counts[5] -= totals->shown;
	strbuf_append_text(out, "\"excluded\":{");
	for (size_t i = 0; reasons[i]; i++)
		strbuf_append_format(out, "%s\"%s\":%lld", i ? "," : "", reasons[i],
			(long long)counts[i]);
	strbuf_append_char(out, '}');
	return true;
}
