/* Which readings of a measure stand at the end of each year, quarter or month, from the period of the
 * first that is certain to that of the last. */
#include "aid_totals.h"

#include <limits.h>
#include <stdlib.h>

enum { LAST_DAY = 99991231 };

struct reading {
	int64_t row;
	int from, until; /* days; 0: none */
	struct cell *cells; /* what its rows show; NULL where the filters leave it out */
};

/* A row of the reply. */
struct place {
	int period; /* INT_MAX: none */
	const struct reading *reading;
};

/* Those of one measure. */
struct periods {
	struct totals *totals;
	enum total_column key;
	struct reading *readings;
	size_t count, capacity;
	struct place *places;
	size_t place_count, place_capacity;
};

static int day_in(enum total_column key, int period)
{
	int of_year = key == TOTAL_YEAR ? 1 : key == TOTAL_QUARTER ? 4 : 12;
	return period / of_year * 10000 + (period % of_year * (12 / of_year) + 1) * 100 + 1;
}

static bool add_place(struct periods *periods, int period, const struct reading *reading)
{
	struct totals *totals = periods->totals;
	totals->narrow = totals->sink.count + periods->place_count == TOTAL_ROWS_MAX;
	if (totals->narrow)
		return false;
	if (periods->place_count == periods->place_capacity) {
		size_t capacity = periods->place_capacity ? 2 * periods->place_capacity : 64;
		struct place *places =
			reallocarray(periods->places, capacity, sizeof(*periods->places));
		if (!places)
			return exchange_no_memory(totals->exchange);
		periods->places = places;
		periods->place_capacity = capacity;
	}
	periods->places[periods->place_count++] = (struct place){period, reading};
	return true;
}

/* The period that the window's end lies in is judged at that day. What is overtaken later than on the
 * last day of all stands at the end of the last period. */
static bool place_reading(struct periods *periods, const struct reading *reading, int last)
{
	int end = periods->totals->window.end ? periods->totals->window.end : LAST_DAY;
	if (!reading->from)
		return add_place(periods, INT_MAX, reading);
	if (reading->until && reading->until <= end) {
		int before = totals_period_of(periods->key, reading->until) - 1;
		last = before < last ? before : last;
	}
	for (int period = totals_period_of(periods->key, reading->from); period <= last; period++)
		if (!add_place(periods, period, reading))
			return false;
	return true;
}

static int by_period(const void *a, const void *b)
{
	const struct place *one = a, *other = b;
	if (one->period != other->period)
		return one->period < other->period ? -1 : 1;
	return (one->reading->row > other->reading->row)
		- (one->reading->row < other->reading->row);
}

static bool write_measure(struct periods *periods)
{
	struct totals *totals = periods->totals;
	int last = 0;
	periods->place_count = 0;
	for (size_t i = 0; i < periods->count; i++) {
		int period = totals_period_of(periods->key, periods->readings[i].from);
		last = period > last ? period : last;
	}
	for (size_t i = 0; i < periods->count; i++) {
		if (!periods->readings[i].cells)
			continue;
		if (!place_reading(periods, &periods->readings[i], last))
			return false;
	}
	if (periods->place_count)
		qsort(periods->places, periods->place_count, sizeof(*periods->places), by_period);
	for (size_t i = 0; i < periods->place_count; i++) {
		const struct place *place = &periods->places[i];
		int day = place->period == INT_MAX ? 0 : day_in(periods->key, place->period);
		totals_write_reading(totals, place->reading->cells, day);
	}
	return true;
}

/* The cells that are asked for, kept until the request is answered. */
static struct cell *copy_cells(const struct totals *totals, const struct statement *list)
{
	struct arena *arena = totals->exchange->arena;
	struct cell *cells = arena_take(arena, TOTAL_COLUMNS * sizeof(*cells));
	for (size_t at = 0; cells && at < totals->sink.column_count; at++) {
		size_t i = totals->sink.columns[at];
		cells[i] = cell_read(list, (int)i);
		if (!cells[i].text.data)
			continue;
		cells[i].text = arena_copy(arena, cells[i].text);
		if (!cells[i].text.data)
			return NULL;
	}
	return cells;
}

enum list_column {
	LIST_ROW = TOTAL_COLUMNS,
	LIST_FROM,
	LIST_UNTIL,
	LIST_MATCHES,
};

static bool keep(struct periods *periods, const struct statement *list)
{
	struct totals *totals = periods->totals;
	if (periods->count == periods->capacity) {
		size_t capacity = periods->capacity ? 2 * periods->capacity : 64;
		struct reading *readings =
			reallocarray(periods->readings, capacity, sizeof(*periods->readings));
		if (!readings)
			return exchange_no_memory(totals->exchange);
		periods->readings = readings;
		periods->capacity = capacity;
	}
	struct reading reading = {
		.row = statement_integer(list, LIST_ROW),
		.from = (int)statement_integer(list, LIST_FROM),
		.until = (int)statement_integer(list, LIST_UNTIL),
	};
	if (statement_integer(list, LIST_MATCHES)) {
		reading.cells = copy_cells(totals, list);
		if (!reading.cells)
			return exchange_no_memory(totals->exchange);
		/* Each has a row, so that what is kept is bounded. */
		totals->narrow = ++totals->standing > TOTAL_ROWS_MAX;
	}
	periods->readings[periods->count++] = reading;
	return !totals->narrow;
}

/* Readings that stand at the end of some period, and the last of each measure, which does: they are
 * judged before the filters. */
static void append_sql(const struct periods *periods, struct strbuf *sql)
{
	const struct totals *totals = periods->totals;
	int reach = TOTAL_MONTH - (int)periods->key + 1;
	strbuf_append_text(sql, "SELECT ");
	totals_append_reading(sql);
	strbuf_append_text(sql, ", a.row, a.from_day, a.until_day, coalesce((1");
	totals_append_filters(totals, sql);
	strbuf_append_text(sql, "), 0) FROM " READING_FROM " WHERE a.rowid IN (");
	aid_append_standing(&totals->window, "rowid", sql);
	strbuf_append_format(sql, " UNION SELECT rowid FROM aid_standing WHERE reach >= %d%s)",
		reach, totals->window.end ? " AND from_day <= :window_end" : "");
	strbuf_append_text(sql, " ORDER BY a.kind, a.measure");
}

static bool write_all(struct periods *periods, struct statement *list)
{
	struct exchange *exchange = periods->totals->exchange;
	_cleanup_strbuf_ struct strbuf measure = {0};
	bool good = true;
	while (good && exchange_next(exchange, list, &good)) {
		struct bytes current = statement_text(list, TOTAL_MEASURE);
		if (!bytes_equal(current, strbuf_bytes(&measure))) {
			good = write_measure(periods);
			periods->count = 0;
			strbuf_clear(&measure);
			strbuf_append_bytes(&measure, current);
		}
		if (measure.failed)
			return exchange_no_memory(exchange);
		good = good && keep(periods, list);
	}
	return good && write_measure(periods);
}

bool totals_periods(struct totals *totals)
{
	_cleanup_borrowed_ struct statement *list = NULL;
	_cleanup_strbuf_ struct strbuf sql = {0};
	struct periods periods = {.totals = totals, .key = totals_time_key(totals)->column};
	append_sql(&periods, &sql);
	bool good = totals_borrow(totals, &sql, &list) && write_all(&periods, list);
	free(periods.readings);
	free(periods.places);
	return good;
}
