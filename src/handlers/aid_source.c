/* Which rows answer a question about totals: sums prepared at load wherever they can tell, else the
 * figures themselves.
 *
 * A sum is of figures whose first days lie in one year, or month, and their last days in one, too. Where
 * neither is the one that an end of the window cuts, it can be told like a figure; where one is, the sums
 * by month can, and in the month that is cut, the figures. */
#include "aid_totals.h"

#include <string.h>
#include <udcg/base/edtf.h>
#include <udcg/handlers/handlers.h>

/* What a day is divided by to get what rows tell apart. */
enum unit { UNIT_DAY = 1, UNIT_MONTH = 100, UNIT_YEAR = 10000, UNIT_NONE = 0 };

/* One row stands for the figures that are alike in kind, reason to be left out, keys and the units of
 * their first and last days. Without a currency among the keys it only counts. */
struct grain {
	const char *table, *made_of;
	const char *const *keys;
	enum unit unit;
};

#define ALL_KEYS ((choices){"currency", "donor", "recipient", "category", "mechanism", NULL})
#define BY_DONOR ((choices){"currency", "donor", NULL})
#define NO_KEYS ((choices){NULL})

/* Of those that can tell, the last has the fewest rows. */
static const struct grain grains[] = {
	{
		.table = "aid_by_month",
		.made_of = "(SELECT *, 1 AS count FROM aid)",
		.keys = ALL_KEYS,
		.unit = UNIT_MONTH,
	},
	{
		.table = "aid_by_year",
		.made_of = "aid_by_month",
		.keys = ALL_KEYS,
		.unit = UNIT_YEAR,
	},
	{
		.table = "aid_by_key",
		.made_of = "aid_by_year",
		.keys = ALL_KEYS,
		.unit = UNIT_NONE,
	},
	{
		.table = "aid_by_donor_month",
		.made_of = "aid_by_month",
		.keys = BY_DONOR,
		.unit = UNIT_MONTH,
	},
	{
		.table = "aid_by_donor_year",
		.made_of = "aid_by_donor_month",
		.keys = BY_DONOR,
		.unit = UNIT_YEAR,
	},
	{
		.table = "aid_by_donor",
		.made_of = "aid_by_donor_year",
		.keys = BY_DONOR,
		.unit = UNIT_NONE,
	},
	{
		.table = "aid_count_month",
		.made_of = "aid_by_donor_month",
		.keys = NO_KEYS,
		.unit = UNIT_MONTH,
	},
	{
		.table = "aid_count_year",
		.made_of = "aid_count_month",
		.keys = NO_KEYS,
		.unit = UNIT_YEAR,
	},
	{
		.table = "aid_count",
		.made_of = "aid_count_year",
		.keys = NO_KEYS,
		.unit = UNIT_NONE,
	},
};

static const struct grain figures = {.table = "aid", .unit = UNIT_DAY};

static void append_columns(const char *const *columns, struct strbuf *sql)
{
	for (; *columns; columns++)
		strbuf_append_format(sql, ", a.%s", *columns);
}

static bool is_in(const char *const *names, const char *name)
{
	while (*names && strcmp(*names, name) != 0)
		names++;
	return *names;
}

/* Days as an index seeks them, with all that is read of a row. */
static void append_indexes(const struct grain *grain, struct strbuf *sql)
{
	static const struct {
		const char *suffix, *days, *where;
	} indexes[] = {
		{
			.suffix = "first",
			.days = "first_day, last_day",
			.where = "",
		},
		{
			.suffix = "last",
			.days = "last_day, first_day",
			.where = " WHERE last_day / 10000 > first_day / 10000",
		},
	};
	for (size_t i = 0; i < LENGTH_OF(indexes); i++) {
		strbuf_append_format(sql,
			"; CREATE INDEX %s_%s ON %s (%s, date_min, date_max, kind, excluded, count",
			grain->table, indexes[i].suffix, grain->table, indexes[i].days);
		for (const char *const *key = grain->keys; *key; key++)
			strbuf_append_format(sql, ", %s", *key);
		strbuf_append_format(sql, "%s)%s",
			is_in(grain->keys, "currency") ? ", amount, qualifier" : "",
			indexes[i].where);
	}
}

/* Amounts of what is never added may overflow a sum, and so may those of several currencies. Of the
 * days' texts it matters only whether there is one. */
static enum store_status prepare(struct database *database, const struct grain *grain)
{
	_cleanup_strbuf_ struct strbuf sql = {0};
	strbuf_append_format(&sql,
		"CREATE TABLE %s AS SELECT a.kind, a.excluded, sum(a.count) AS count",
		grain->table);
	append_columns(grain->keys, &sql);
	if (is_in(grain->keys, "currency"))
		strbuf_append_text(&sql,
			", sum(CASE WHEN a.kind = 'package' AND a.excluded IS NULL THEN a.amount END)"
			" AS amount, " SUM_QUALIFIER " AS qualifier");
	if (grain->unit)
		strbuf_append_text(&sql,
			", nullif(a.date_min IS NOT NULL, 0) AS date_min,"
			" nullif(a.date_max IS NOT NULL, 0) AS date_max,"
			" min(a.first_day) AS first_day, max(a.last_day) AS last_day");
	strbuf_append_format(&sql, " FROM %s AS a GROUP BY ", grain->made_of);
	if (grain->unit)
		strbuf_append_format(&sql,
			"a.first_day / %d, a.last_day / %d, a.date_min IS NULL, a.date_max IS NULL, ",
			grain->unit, grain->unit);
	strbuf_append_text(&sql, "a.kind, a.excluded");
	append_columns(grain->keys, &sql);
	if (grain->unit)
		append_indexes(grain, &sql);
	return sql.failed ? STORE_NO_MEMORY : database_execute(database, sql.data);
}

enum store_status totals_prepare(struct database *database)
{
	enum store_status status = STORE_OK;
	for (size_t i = 0; i < LENGTH_OF(grains) && status == STORE_OK; i++)
		status = prepare(database, &grains[i]);
	return status;
}

static bool has_column(const struct grain *grain, const char *name)
{
	return strcmp(name, "kind") == 0 || is_in(grain->keys, name);
}

/* The column that a parameter's condition looks at; NULL: none. */
static const char *column_of(const struct parameter *parameter)
{
	static choices no_conditions = {"as_of", "counted", "cursor", "fields", "from", "group_by",
		"include", "limit", "sort", "to", NULL};
	if (is_in(no_conditions, parameter->name))
		return NULL;
	return strcmp(parameter->name, "donor_member") == 0 ? "donor" : parameter->name;
}

static bool can_tell(const struct grain *grain, const struct totals *totals, enum wanted wanted)
{
	const struct parameters *parameters = &totals->exchange->parameters;
	if (wanted & WANTED_ADDED && !is_in(grain->keys, "currency"))
		return false;
	for (size_t i = 0; wanted & WANTED_ADDED && i < totals->key_count; i++)
		if (totals->keys[i]->column < TOTAL_YEAR
			&& !has_column(grain, totals->keys[i]->name))
			return false;
	for (size_t i = 0; i < parameters->count; i++) {
		const char *column = column_of(parameters->items[i].parameter);
		if (column && !has_column(grain, column))
			return false;
	}
	return true;
}

static const struct grain *choose(const struct totals *totals, enum wanted wanted, enum unit unit)
{
	for (size_t i = LENGTH_OF(grains); i-- > 0;)
		if (grains[i].unit == unit && can_tell(&grains[i], totals, wanted))
			return &grains[i];
	return &figures;
}

/* The coarsest that can tell the periods that are asked for. */
static const struct grain *choose_first(const struct totals *totals, enum wanted wanted)
{
	const struct group_key *period = wanted & WANTED_ADDED ? totals_time_key(totals) : NULL;
	bool windowed = totals->window.from || totals->window.end;
	return choose(totals, wanted,
		period && period->column != TOTAL_YEAR ? UNIT_MONTH
			: period || windowed	       ? UNIT_YEAR
						       : UNIT_NONE);
}

bool totals_have_counts(const struct totals *totals)
{
	return choose(totals, WANTED_LEFT_OUT, UNIT_NONE) != &figures;
}

/* Which years or months the window cuts: those that its ends lie within. */
struct cuts {
	const char *of[2]; /* bound days that lie in them */
	size_t count;
	enum unit unit;
};

static struct cuts find_cuts(const struct aid_window *window, enum unit unit)
{
	struct cuts cuts = {.unit = unit};
	int from = window->from, end = window->end, divisor = (int)unit;
	if (unit <= UNIT_DAY)
		return cuts;
	if (from && day_add(from, -1) / divisor == from / divisor)
		cuts.of[cuts.count++] = ":window_from";
	bool twice = cuts.count && from / divisor == end / divisor;
	if (end && !twice && day_add(end, 1) / divisor == end / divisor)
		cuts.of[cuts.count++] = ":window_end";
	return cuts;
}

/* Whether the first or last day lies in the first `count` of the cuts; null where it is not known. */
static void append_touches(const struct cuts *cuts, size_t count, const char *day,
	struct strbuf *sql)
{
	strbuf_append_format(sql, "%s / %d IN (", day, cuts->unit);
	for (size_t i = 0; i < count; i++)
		strbuf_append_format(sql, "%s%s / %d", i ? ", " : "", cuts->of[i], cuts->unit);
	strbuf_append_char(sql, ')');
}

static void append_touches_none(const struct cuts *cuts, struct strbuf *sql)
{
	if (!cuts->count)
		return;
	strbuf_append_text(sql, " AND (");
	append_touches(cuts, cuts->count, "a.first_day", sql);
	strbuf_append_text(sql, " OR ");
	append_touches(cuts, cuts->count, "a.last_day", sql);
	strbuf_append_text(sql, ") IS NOT TRUE");
}

/* Days in the year or month of a cut; of what is added, only those in the window. Nothing else bounds
 * the day for the planner, which would take the first bound that it sees. */
static void append_within(const struct totals *totals, enum wanted wanted, const struct cuts *cuts,
	size_t cut, const char *day, struct strbuf *sql)
{
	bool added = wanted == WANTED_ADDED;
	strbuf_append_format(sql,
		" AND %s BETWEEN max(%s / %d * %d, %s) AND min(%s / %d * %d + %d, %s)", day,
		cuts->of[cut], cuts->unit, cuts->unit,
		added && totals->window.from ? ":window_from" : "0", cuts->of[cut], cuts->unit,
		cuts->unit, cuts->unit - 1,
		added && totals->window.end ? ":window_end" : "99999999");
}

/* Packages that are added; what may be left out, which is none of a single day in the window. The plus
 * hides a bound from the planner. */
static void append_wanted(const struct totals *totals, enum wanted wanted, const char *plus,
	struct strbuf *sql)
{
	const struct aid_window *window = &totals->window;
	if (wanted == WANTED_ADDED) {
		strbuf_append_text(sql, "a.kind = 'package' AND a.excluded IS NULL");
		if (window->from)
			strbuf_append_format(sql,
				" AND a.date_min IS NOT NULL AND %sa.first_day >= :window_from",
				plus);
		if (window->end)
			strbuf_append_format(sql,
				" AND a.date_max IS NOT NULL AND +a.last_day <= :window_end"
				" AND %sa.first_day <= :window_end",
				plus);
		return;
	}
	strbuf_append_text(sql,
		wanted == WANTED_LEFT_OUT && (window->from || window->end)
			? "(a.kind <> 'package' OR a.excluded IS NOT NULL OR a.first_day < a.last_day"
			  " OR a.date_min IS NULL OR a.date_max IS NULL)"
			: "1");
	if (window->from)
		strbuf_append_text(sql,
			" AND (a.last_day >= :window_from OR a.date_max IS NULL OR a.kind <> 'package')");
	if (window->end)
		strbuf_append_text(sql, " AND (a.first_day <= :window_end OR a.date_min IS NULL)");
}

/* A SELECT; further conditions are to follow. */
static void append_part(const struct totals *totals, enum wanted wanted, const struct grain *grain,
	const char *plus, struct strbuf *sql)
{
	bool dated = grain->unit != UNIT_NONE;
	strbuf_append_format(sql, "%sSELECT a.kind = 'package', a.excluded, %s, %s, %s",
		sql->length ? " UNION ALL " : "",
		dated ? "CASE WHEN a.date_min IS NOT NULL THEN a.first_day END" : "0",
		dated ? "CASE WHEN a.date_max IS NOT NULL THEN a.last_day END" : "0",
		grain == &figures ? "1" : "a.count");
	if (wanted & WANTED_ADDED)
		strbuf_append_text(sql, ", a.amount, a.qualifier, a.currency");
	for (size_t i = 0; wanted & WANTED_ADDED && i < totals->key_count; i++)
		if (totals->keys[i]->column < TOTAL_YEAR)
			strbuf_append_format(sql, ", a.%s", totals->keys[i]->name);
	strbuf_append_format(sql, " FROM %s AS a WHERE ", grain->table);
	append_wanted(totals, wanted, plus, sql);
	totals_append_filters(totals, sql);
}

/* What could not be told before for one of these cuts, and can now. */
static void append_finer(const struct totals *totals, enum wanted wanted, const struct cuts *before,
	struct strbuf *sql)
{
	const struct grain *grain =
		choose(totals, wanted, before->unit == UNIT_YEAR ? UNIT_MONTH : UNIT_DAY);
	struct cuts cuts = find_cuts(&totals->window, grain->unit);
	for (size_t i = 0; i < before->count; i++) {
		append_part(totals, wanted, grain, "+", sql);
		append_within(totals, wanted, before, i, "a.first_day", sql);
		append_touches_none(&cuts, sql);
		append_part(totals, wanted, grain, "+", sql);
		append_within(totals, wanted, before, i, "a.last_day", sql);
		strbuf_append_format(sql, " AND a.last_day / %d > a.first_day / %d AND NOT ",
			before->unit, before->unit);
		append_touches(before, before->count, "a.first_day", sql);
		append_touches_none(&cuts, sql);
	}
	if (cuts.count)
		append_finer(totals, wanted, &cuts, sql);
}

void totals_append_source(const struct totals *totals, enum wanted wanted, struct strbuf *sql)
{
	const struct grain *grain = choose_first(totals, wanted);
	struct cuts cuts = find_cuts(&totals->window, grain->unit);
	append_part(totals, wanted, grain, "", sql);
	append_touches_none(&cuts, sql);
	if (cuts.count)
		append_finer(totals, wanted, &cuts, sql);
}
