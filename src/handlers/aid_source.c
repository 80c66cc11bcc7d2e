/* Which rows answer a question about totals: sums prepared at load wherever they can tell, else the
 * figures themselves.
 *
 * No window that ends with a year can tell the figures of a year apart, nor one that ends with a month
 * those of a month. So a window is put together from whole years, from what lies in the years that it
 * cuts or in no single year, and from the figures of the months that it cuts. */
#include "aid_totals.h"

#include <string.h>
#include <udcg/base/edtf.h>
#include <udcg/handlers/handlers.h>

/* One row stands for the figures that are alike in kind, reason to be left out, currency, keys and
 * periods. */
struct grain {
	const char *table;
	const char *const *keys;
	const char *const *periods;
	const char *
		apart; /* tells more than the periods do: their month, or all that is known of the day */
	const char *index; /* columns */
};

/* The finest first; each is made of the one before. */
static const struct grain grains[] = {
	{
		.table = "aid_by_month",
		.keys = (choices){"donor", "recipient", "category", "mechanism", NULL},
		.periods = (choices){"year", "quarter", "month", NULL},
		.apart = "CASE WHEN a.month IS NULL THEN a.last_day ELSE a.last_day / 100 END,"
			 " CASE WHEN a.month IS NULL THEN a.first_day END,"
			 " CASE WHEN a.month IS NULL THEN a.date_max IS NULL END, ",
		.index = "year, kind",
	},
	{
		.table = "aid_by_year",
		.keys = (choices){"donor", "recipient", "category", "mechanism", NULL},
		.periods = (choices){"year", NULL},
	},
	{
		.table = "aid_by_donor_year",
		.keys = (choices){"donor", NULL},
		.periods = (choices){"year", NULL},
	},
	{
		.table = "aid_by_donor",
		.keys = (choices){"donor", NULL},
		.periods = (choices){NULL},
	},
};

static const char figures[] = "(SELECT *, 1 AS count FROM aid)";

static void append_columns(const char *const *columns, struct strbuf *sql)
{
	for (; *columns; columns++)
		strbuf_append_format(sql, ", a.%s", *columns);
}

/* As replies have it, so that a question of just these keys is answered row by row. */
static void append_order(const char *const *columns, struct strbuf *sql)
{
	for (; *columns; columns++)
		strbuf_append_format(sql, ", a.%s IS NULL, a.%s", *columns, *columns);
}

/* Amounts of what is never added may overflow a sum. Periods that follow from what sets rows apart, and
 * the days' texts, which matter as null or not, are those of any figure of the row. */
static enum store_status prepare(struct database *database, const struct grain *grain,
	const char *from)
{
	_cleanup_strbuf_ struct strbuf sql = {0};
	strbuf_append_format(&sql, "CREATE TABLE %s AS SELECT a.kind, a.excluded, a.currency",
		grain->table);
	append_columns(grain->keys, &sql);
	append_columns(grain->periods, &sql);
	if (grain->apart)
		strbuf_append_text(&sql,
			", a.date_min, a.date_max,"
			" min(a.first_day) AS first_day, max(a.last_day) AS last_day");
	strbuf_append_format(&sql,
		", sum(CASE WHEN a.kind = 'package' AND a.excluded IS NULL THEN a.amount END)"
		" AS amount, " SUM_QUALIFIER " AS qualifier, sum(a.count) AS count"
		" FROM %s AS a GROUP BY ",
		from);
	strbuf_append_text(&sql, grain->apart ? grain->apart : "");
	strbuf_append_text(&sql, "a.kind, a.excluded, a.currency");
	append_columns(grain->keys, &sql);
	if (!grain->apart) {
		append_columns(grain->periods, &sql);
		strbuf_append_text(&sql, " ORDER BY a.kind, a.excluded");
		append_order(grain->keys, &sql);
		append_order(grain->periods, &sql);
		strbuf_append_text(&sql, ", a.currency");
	}
	if (grain->index)
		strbuf_append_format(&sql, "; CREATE INDEX %s_period ON %s (%s)", grain->table,
			grain->table, grain->index);
	return sql.failed ? STORE_NO_MEMORY : database_execute(database, sql.data);
}

enum store_status totals_prepare(struct database *database)
{
	enum store_status status = STORE_OK;
	for (size_t i = 0; i < LENGTH_OF(grains) && status == STORE_OK; i++)
		status = prepare(database, &grains[i], i ? grains[i - 1].table : figures);
	return status;
}

static bool is_in(const char *const *names, const char *name)
{
	while (*names && strcmp(*names, name) != 0)
		names++;
	return *names;
}

static bool has_column(const struct grain *grain, const char *name)
{
	static choices always = {"currency", "kind", NULL};
	return is_in(always, name) || is_in(grain->keys, name) || is_in(grain->periods, name);
}

/* The column that a parameter's condition looks at; NULL: none. */
static const char *column_of(const struct parameter *parameter)
{
	static choices no_conditions = {"as_of", "fields", "from", "group_by", "to", NULL};
	if (is_in(no_conditions, parameter->name))
		return NULL;
	return strcmp(parameter->name, "donor_member") == 0 ? "donor" : parameter->name;
}

static bool can_tell(const struct grain *grain, const struct totals *totals,
	const struct source *source)
{
	const struct parameters *parameters = &totals->exchange->parameters;
	for (size_t i = 0; i < source->key_count; i++)
		if (!has_column(grain, source->keys[i]->name))
			return false;
	for (size_t i = 0; i < parameters->count; i++) {
		const char *column = column_of(parameters->items[i].parameter);
		if (column && !has_column(grain, column))
			return false;
	}
	return (!source->window.from && !source->window.end) || has_column(grain, "year");
}

/* The coarsest that can tell; NULL: only the figures can. */
static const struct grain *choose(const struct totals *totals, const struct source *source)
{
	for (size_t i = LENGTH_OF(grains); i-- > 0;)
		if (can_tell(&grains[i], totals, source))
			return &grains[i];
	return NULL;
}

/* Keys, then periods; NULL after the last. */
static const char *column_at(const struct grain *grain, size_t number)
{
	for (const char *const *key = grain->keys; *key; key++)
		if (number-- == 0)
			return *key;
	for (const char *const *period = grain->periods; *period; period++)
		if (number-- == 0)
			return *period;
	return NULL;
}

/* The grain's rows are the groups that are asked for, and lie in their order. */
static bool is_exact(const struct grain *grain, const struct source *source)
{
	for (size_t i = 0; i < source->key_count; i++) {
		const char *column = column_at(grain, i);
		if (!column || strcmp(column, source->keys[i]->name) != 0)
			return false;
	}
	return !grain->apart && !column_at(grain, source->key_count);
}

static void append_part(const struct totals *totals, const struct source *source, bool dated,
	const char *table, const char *period, struct strbuf *sql)
{
	if (sql->length && sql->data[sql->length - 1] != '(')
		strbuf_append_text(sql, " UNION ALL ");
	strbuf_append_format(sql, "SELECT %s%s FROM %s AS a WHERE %s AND %s",
		table == figures ? "a.row AS place, " : "a.rowid AS place, ",
		dated ? source->dated : source->select, table,
		dated ? source->dated_where : source->where, period);
	totals_append_filters(totals, sql);
}

/* What the window makes of the years and months that its ends lie in. */
struct cut {
	const char *of; /* the end: a bound day */
	bool year, month; /* lies within it: neither first nor last day */
};

#define IN_MONTH \
	"a.month IS NOT NULL AND a.first_day BETWEEN %s / 100 * 100 AND %s / 100 * 100 + 99"

static size_t find_cuts(const struct aid_window *window, struct cut cuts[2])
{
	size_t count = 0;
	int from = window->from, end = window->end;
	if (from && from % 10000 != 101)
		cuts[count++] = (struct cut){":window_from", true, from % 100 != 1};
	if (!end || end % 10000 == 1231)
		return count;
	bool month = day_add(end, 1) / 100 == end / 100;
	if (count && from / 100 == end / 100)
		cuts[0].month |= month;
	else if (count && from / 10000 == end / 10000)
		cuts[count++] = (struct cut){":window_end", false, month};
	else
		cuts[count++] = (struct cut){":window_end", true, month};
	return count;
}

/* Each whole year of the window is one row of the coarse table. */
static void append_whole_years(const struct totals *totals, const struct source *source,
	const char *table, struct strbuf *sql)
{
	const struct aid_window *window = &source->window;
	int first = window->from ? (window->from + 9898) / 10000 : 0;
	int last = window->end ? (window->end - 1231) / 10000 : 9999;
	if (first > last)
		return;
	append_part(totals, source, false, table,
		!window->end ? "a.year >= (:window_from + 9898) / 10000"
			: !window->from
			? "a.year <= (:window_end - 1231) / 10000"
			: "a.year BETWEEN (:window_from + 9898) / 10000 AND (:window_end - 1231) / 10000",
		sql);
}

/* What lies in no single year or in one that is cut; of the months that are cut, the figures. */
static void append_the_rest(const struct totals *totals, const struct source *source,
	struct strbuf *sql)
{
	_cleanup_strbuf_ struct strbuf period = {0}, whole_months = {0};
	struct cut cuts[2];
	size_t count = find_cuts(&source->window, cuts);
	for (size_t i = 0; i < count; i++)
		if (cuts[i].month)
			strbuf_append_format(&whole_months, " AND NOT (" IN_MONTH ")", cuts[i].of,
				cuts[i].of);
	append_part(totals, source, true, grains[0].table, "a.year IS NULL", sql);
	for (size_t i = 0; i < count; i++) {
		if (cuts[i].year) {
			strbuf_clear(&period);
			strbuf_append_format(&period, "a.year = %s / 10000", cuts[i].of);
			strbuf_append_bytes(&period, strbuf_bytes(&whole_months));
			append_part(totals, source, true, grains[0].table, period.data, sql);
		}
		if (cuts[i].month) {
			strbuf_clear(&period);
			strbuf_append_format(&period, IN_MONTH, cuts[i].of, cuts[i].of);
			append_part(totals, source, true, figures, period.data, sql);
		}
	}
	sql->failed |= period.failed || whole_months.failed;
}

bool totals_append_source(const struct totals *totals, const struct source *source,
	struct strbuf *sql)
{
	const struct grain *grain = choose(totals, source);
	bool windowed = source->window.from || source->window.end;
	bool exact = grain && !windowed && is_exact(grain, source);
	strbuf_append_char(sql, '(');
	if (!grain || !windowed) {
		append_part(totals, source, windowed, grain ? grain->table : figures, "1", sql);
	} else {
		append_whole_years(totals, source, grain->table, sql);
		append_the_rest(totals, source, sql);
	}
	strbuf_append_char(sql, ')');
	return exact;
}
