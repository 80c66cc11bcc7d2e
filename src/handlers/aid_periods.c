/* Which reading of a measure stands at the end of each year, quarter or month.
 *
 * A reading is overtaken by another that surely comes later (its first possible day is after this
 * one's last), unless both are of one conflict group. Readings are walked in the order of their
 * last possible day, so that only the two latest first days of different groups need be known. */
#include "aid_totals.h"

#include <stdlib.h>
#include <udcg/base/edtf.h>

struct reading {
	int64_t row;
	int first; /* day; 0: open */
	int last; /* day; 0: open */
	int64_t group; /* the smallest row of its conflict group; 0: none */
	bool matches; /* the request's filters */
	bool has_stood;
};

struct readings {
	struct reading *items; /* of one measure; those without a last day come last */
	size_t count, capacity;
};

/* The latest first day seen, and the latest of another conflict group. */
struct latest {
	int first;
	int64_t group;
	int other;
};

static void latest_add(struct latest *latest, const struct reading *reading)
{
	bool same_group = reading->group && reading->group == latest->group;
	if (reading->first > latest->first) {
		if (!same_group)
			latest->other = latest->first;
		latest->first = reading->first;
		latest->group = reading->group;
	} else if (!same_group && reading->first > latest->other) {
		latest->other = reading->first;
	}
}

static bool is_overtaken(const struct reading *reading, const struct latest *latest)
{
	bool same_group = reading->group && reading->group == latest->group;
	return (same_group ? latest->other : latest->first) > reading->last;
}

/* The last day of the period that `day` lies in. */
static int period_end(enum total_column key, int day)
{
	int year = day / 10000, month = day / 100 % 100;
	if (key == TOTAL_YEAR)
		return year * 10000 + 1231;
	if (key == TOTAL_QUARTER)
		month = (month + 2) / 3 * 3;
	int next = month == 12 ? (year + 1) * 10000 + 101 : year * 10000 + (month + 1) * 100 + 1;
	return month == 12 ? year * 10000 + 1231 : day_add(next, -1);
}

/* Writes those that stand at the end of one period; `seen` readings end by then. */
static bool write_period(struct totals *totals, struct readings *readings, size_t seen,
	const struct latest *latest, int day)
{
	int reach = latest->group && latest->other < latest->first ? latest->other : latest->first;
	size_t from = seen;
	while (from > 0 && readings->items[from - 1].last >= reach)
		from--;
	/* Within a period the order is that of ids, which rows have. */
	int64_t *rows = arena_take(totals->exchange->arena, (seen - from + 1) * sizeof(*rows));
	size_t count = 0;
	if (!rows)
		return exchange_no_memory(totals->exchange);
	for (size_t i = from; i < seen; i++) {
		struct reading *reading = &readings->items[i];
		if (!reading->matches || is_overtaken(reading, latest))
			continue;
		totals->shown += !reading->has_stood;
		reading->has_stood = true;
		size_t at = count++;
		for (; at > 0 && rows[at - 1] > reading->row; at--)
			rows[at] = rows[at - 1];
		rows[at] = reading->row;
	}
	for (size_t i = 0; i < count; i++)
		if (!totals_write_reading(totals, rows[i], day))
			return false;
	return true;
}

static bool write_measure(struct totals *totals, struct readings *readings)
{
	enum total_column key = totals_time_key(totals)->column;
	struct latest latest = {0};
	size_t dated = 0, seen = 0;
	while (dated < readings->count && readings->items[dated].last)
		dated++;
	int end = dated ? period_end(key, readings->items[0].last) : 0;
	while (seen < dated) {
		for (; seen < dated && readings->items[seen].last <= end; seen++)
			latest_add(&latest, &readings->items[seen]);
		if (!write_period(totals, readings, seen, &latest, end))
			return false;
		end = period_end(key, day_add(end, 1));
	}
	for (size_t i = dated; i < readings->count; i++)
		if (readings->items[i].matches
			&& !totals_write_reading(totals, readings->items[i].row, 0))
			return false;
	return true;
}

static bool keep(struct readings *readings, const struct reading *reading)
{
	if (readings->count == readings->capacity) {
		size_t capacity = readings->capacity ? 2 * readings->capacity : 64;
		struct reading *items = reallocarray(readings->items, capacity, sizeof(*items));
		if (!items)
			return false;
		readings->items = items;
		readings->capacity = capacity;
	}
	readings->items[readings->count++] = *reading;
	return true;
}

/* Every reading of the measures of which any matches: they are judged before the filters. */
static void append_sql(const struct totals *totals, struct strbuf *sql)
{
	strbuf_append_text(sql,
		"SELECT a.row, CASE WHEN a.date_min IS NULL THEN 0 ELSE a.first_day END,"
		" CASE WHEN a.date_max IS NULL THEN 0 ELSE a.last_day END,"
		" CASE WHEN a.conflict_group IS NULL THEN 0 ELSE"
		" (SELECT min(g.row) FROM aid AS g"
		" WHERE g.conflict_group = a.conflict_group) END,"
		" coalesce((1");
	totals_append_filters(totals, sql);
	strbuf_append_text(sql,
		"), 0), a.measure FROM " AID_FROM
		" WHERE a.kind <> 'package' AND a.superseded_by IS NULL");
	aid_append_reading_window(&totals->window, "a", sql);
	strbuf_append_text(sql,
		" AND a.measure IN (SELECT a.measure FROM " AID_FROM " WHERE a.kind <> 'package'");
	totals_append_filters(totals, sql);
	strbuf_append_text(sql,
		") ORDER BY a.kind, a.measure, a.currency,"
		" a.date_max IS NULL,"
		" CASE WHEN a.date_max IS NOT NULL THEN a.last_day END, a.row");
}

static bool write_all(struct totals *totals, struct statement *statement, struct readings *readings)
{
	_cleanup_strbuf_ struct strbuf measure = {0};
	for (;;) {
		bool row;
		if (!exchange_check(totals->exchange, statement_step(statement, &row)))
			return false;
		bool another =
			row && !bytes_equal(statement_text(statement, 5), strbuf_bytes(&measure));
		if ((!row || another) && !write_measure(totals, readings))
			return false;
		if (!row)
			return true;
		if (another) {
			readings->count = 0;
			strbuf_clear(&measure);
			strbuf_append_bytes(&measure, statement_text(statement, 5));
		}
		struct reading reading = {
			.row = statement_integer(statement, 0),
			.first = (int)statement_integer(statement, 1),
			.last = (int)statement_integer(statement, 2),
			.group = statement_integer(statement, 3),
			.matches = statement_integer(statement, 4),
		};
		if (measure.failed || !keep(readings, &reading))
			return exchange_no_memory(totals->exchange);
	}
}

bool totals_periods(struct totals *totals)
{
	_cleanup_borrowed_ struct statement *statement = NULL;
	_cleanup_strbuf_ struct strbuf sql = {0};
	struct readings readings = {0};
	append_sql(totals, &sql);
	if (!totals_borrow(totals, &sql, &statement))
		return false;
	bool good = write_all(totals, statement, &readings);
	free(readings.items);
	return good;
}
