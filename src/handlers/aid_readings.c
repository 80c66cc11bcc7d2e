/* Running totals and balances: the readings that stand at one day. */
#include "aid_totals.h"

#include <string.h>
#include <udcg/handlers/common.h>

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

void totals_append_reading(struct strbuf *sql)
{
	for (size_t i = 0; i < TOTAL_COLUMNS; i++)
		strbuf_append_format(sql, "%s%s", i ? ", " : "",
			reading_columns[i] ? reading_columns[i] : "NULL");
}

void totals_write_reading(struct totals *totals, const struct cell *cells, int day)
{
	struct cell named[TOTAL_COLUMNS];
	char text[GROUP_KEYS_MOST][PERIOD_TEXT_SIZE];
	memcpy(named, cells, sizeof(named));
	for (size_t i = 0; i < totals->key_count && day; i++) {
		enum total_column column = totals->keys[i]->column;
		if (column < TOTAL_YEAR)
			continue;
		totals_name_period(column, totals_period_of(column, day), text[i]);
		named[column] = CELL_TEXT(bytes_of(text[i]));
	}
	row_sink_write(&totals->sink, named);
}

static bool write_row(struct totals *totals, const struct statement *statement)
{
	struct cell cells[TOTAL_COLUMNS];
	totals->narrow = totals->sink.count == TOTAL_ROWS_MAX;
	if (totals->narrow)
		return false;
	for (int i = 0; i < TOTAL_COLUMNS; i++)
		cells[i] = cell_read(statement, i);
	totals_write_reading(totals, cells, 0);
	totals->standing++;
	return true;
}

bool totals_readings(struct totals *totals)
{
	_cleanup_borrowed_ struct statement *statement = NULL;
	_cleanup_strbuf_ struct strbuf sql = {0};
	strbuf_append_text(&sql, "SELECT ");
	totals_append_reading(&sql);
	strbuf_append_text(&sql, " FROM " READING_FROM " WHERE a.rowid IN (");
	aid_append_standing(&totals->window, "rowid", &sql);
	strbuf_append_char(&sql, ')');
	totals_append_filters(totals, &sql);
	strbuf_append_text(&sql, " ORDER BY a.kind, a.measure, a.row");
	if (!totals_borrow(totals, &sql, &statement))
		return false;
	bool good = true;
	while (good && exchange_next(totals->exchange, statement, &good))
		good = write_row(totals, statement);
	return good;
}
