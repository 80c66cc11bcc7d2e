/* Packages: sums per group and currency, and the links to what was summed. */
#include "aid_totals.h"

#include <stdlib.h>
#include <string.h>
#include <udcg/handlers/common.h>

/* What a group's row shows, in the order of the SELECT. */
static const struct {
	enum total_column column;
	const char *select;
} shown[] = {
	{.column = TOTAL_DONOR_NAME, .select = "donor.name"},
	{.column = TOTAL_DONOR_KIND, .select = "donor.kind"},
	{.column = TOTAL_CURRENCY, .select = "a.currency"},
	{.column = TOTAL_AMOUNT, .select = "a.amount"},
	{.column = TOTAL_COUNT, .select = "a.count"},
	{.column = TOTAL_QUALIFIER, .select = "a.qualifier"},
};

#define SUMMABLE "a.kind = 'package' AND a.excluded IS NULL"

static bool groups_by(const struct totals *totals, enum total_column column)
{
	for (size_t i = 0; i < totals->key_count; i++)
		if (totals->keys[i]->column == column)
			return true;
	return false;
}

/* "a.key, …, a.currency" */
static void append_keys(const struct totals *totals, struct strbuf *sql)
{
	for (size_t i = 0; i < totals->key_count; i++)
		strbuf_append_format(sql, "a.%s, ", totals->keys[i]->name);
	strbuf_append_text(sql, "a.currency");
}

/* Rows that may have to be grouped. Returns whether each is a group, `place` their order. */
static bool append_rows(const struct totals *totals, struct strbuf *sql)
{
	_cleanup_strbuf_ struct strbuf select = {0}, inside = {0};
	append_keys(totals, &select);
	strbuf_append_text(&select, ", a.amount, a.qualifier, a.count");
	strbuf_append_text(&inside, SUMMABLE);
	aid_append_inside(&totals->window, &inside);
	sql->failed |= select.failed || inside.failed;
	if (sql->failed)
		return false;
	return totals_append_source(totals,
		&(struct source){
			.keys = totals->keys,
			.key_count = totals->key_count,
			.window = totals->window,
			.select = select.data,
			.where = SUMMABLE,
			.dated = select.data,
			.dated_where = inside.data,
		},
		sql);
}

static void append_groups(const struct totals *totals, const struct strbuf *rows,
	struct strbuf *sql)
{
	strbuf_append_text(sql, "(SELECT ");
	append_keys(totals, sql);
	strbuf_append_text(sql,
		", sum(a.amount) AS amount, " SUM_QUALIFIER " AS qualifier, sum(a.count) AS count"
		" FROM ");
	strbuf_append_bytes(sql, strbuf_bytes(rows));
	strbuf_append_text(sql, " AS a GROUP BY ");
	append_keys(totals, sql);
	strbuf_append_char(sql, ')');
}

static void append_sql(const struct totals *totals, struct strbuf *sql)
{
	_cleanup_strbuf_ struct strbuf rows = {0};
	bool grouped = append_rows(totals, &rows);
	strbuf_append_text(sql, "SELECT ");
	for (size_t i = 0; i < totals->key_count; i++)
		strbuf_append_format(sql, "%s, ", totals->keys[i]->select);
	bool of_donor = groups_by(totals, TOTAL_DONOR);
	for (size_t i = 0; i < LENGTH_OF(shown); i++)
		strbuf_append_format(sql, "%s%s", i ? ", " : "", shown[i].select);
	strbuf_append_text(sql, " FROM ");
	if (grouped)
		strbuf_append_bytes(sql, strbuf_bytes(&rows));
	else
		append_groups(totals, &rows, sql);
	strbuf_append_text(sql, " AS a LEFT JOIN participant AS donor ON ");
	strbuf_append_text(sql, of_donor ? "donor.row = a.donor" : "0");
	strbuf_append_text(sql, " ORDER BY ");
	for (size_t i = 0; i < totals->key_count && !grouped; i++)
		strbuf_append_format(sql, "a.%s IS NULL, a.%s, ", totals->keys[i]->name,
			totals->keys[i]->name);
	strbuf_append_text(sql, grouped ? "a.place" : "a.currency");
	strbuf_append_text(sql, " LIMIT 10001");
	sql->failed |= rows.failed;
}

/* One name=value of a link, the value ready encoded. */
struct pair {
	const char *name;
	struct bytes value;
};

enum { PAIRS_MAX = 64 };

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct pair *)a)->name, ((const struct pair *)b)->name);
}

static void set_pair(struct pair *pairs, size_t *count, const char *name, struct bytes value)
{
	size_t i = 0;
	while (i < *count && strcmp(pairs[i].name, name) != 0)
		i++;
	if (i == PAIRS_MAX)
		return;
	pairs[i] = (struct pair){.name = name, .value = value};
	if (i == *count)
		++*count;
}

/* The request's own filters, as a link writes them. */
static void set_given(const struct totals *totals, struct pair *pairs, size_t *count)
{
	static choices no_filters = {"group_by", "fields", NULL};
	const struct parameters *parameters = &totals->exchange->parameters;
	for (size_t i = 0; i < parameters->count; i++) {
		const struct given *given = &parameters->items[i];
		struct parameters one = {.items = (struct given *)(uintptr_t)given, .count = 1};
		_cleanup_strbuf_ struct strbuf text = {0};
		parameters_write(&one, no_filters, &text);
		if (!text.length && !text.failed)
			continue;
		size_t skip = strlen(given->parameter->name) + 1;
		struct bytes value = {0};
		if (!text.failed)
			value = arena_copy(totals->exchange->arena,
				(struct bytes){text.data + skip, text.length - skip});
		set_pair(pairs, count, given->parameter->name, value);
	}
}

static struct bytes encoded(const struct totals *totals, struct bytes value)
{
	if (!value.data)
		return BYTES_LITERAL("none");
	_cleanup_strbuf_ struct strbuf text = {0};
	target_append_encoded(&text, value);
	return text.failed ? (struct bytes){0}
			   : arena_copy(totals->exchange->arena, strbuf_bytes(&text));
}

static void write_figures(const struct totals *totals, const struct cell *cells,
	struct strbuf *link)
{
	struct pair pairs[PAIRS_MAX];
	size_t count = 0;
	set_given(totals, pairs, &count);
	for (size_t i = 0; i < totals->key_count; i++)
		set_pair(pairs, &count, totals->keys[i]->name,
			encoded(totals, cells[totals->keys[i]->column].text));
	set_pair(pairs, &count, "counted", BYTES_LITERAL("true"));
	set_pair(pairs, &count, "currency", cells[TOTAL_CURRENCY].text);
	set_pair(pairs, &count, "kind", BYTES_LITERAL("package"));
	qsort(pairs, count, sizeof(pairs[0]), by_name);
	strbuf_append_text(link, "/v1/aid");
	for (size_t i = 0; i < count; i++) {
		strbuf_append_format(link, "%c%s=", i ? '&' : '?', pairs[i].name);
		strbuf_append_bytes(link, pairs[i].value);
		link->failed |= !pairs[i].value.data; /* for want of memory */
	}
}

static bool write_group(struct totals *totals, const struct statement *statement)
{
	struct cell cells[TOTAL_COLUMNS] = {
		[TOTAL_KIND] = CELL_TEXT(BYTES_LITERAL("package")),
		[TOTAL_SUMMABLE] = CELL_INTEGER(true),
	};
	int column = 0;
	for (size_t i = 0; i < totals->key_count; i++)
		cells[totals->keys[i]->column] = cell_read(statement, column++);
	for (size_t i = 0; i < LENGTH_OF(shown); i++)
		cells[shown[i].column] = cell_read(statement, column++);
	_cleanup_strbuf_ struct strbuf link = {0};
	if (row_sink_wants(&totals->sink, TOTAL_FIGURES)) {
		write_figures(totals, cells, &link);
		totals->exchange->body->failed |= link.failed;
		cells[TOTAL_FIGURES] = CELL_TEXT(strbuf_bytes(&link));
	}
	row_sink_write(&totals->sink, cells);
	return totals_add(totals, cells);
}

bool totals_packages(struct totals *totals)
{
	_cleanup_borrowed_ struct statement *statement = NULL;
	_cleanup_strbuf_ struct strbuf sql = {0};
	append_sql(totals, &sql);
	if (!totals_borrow(totals, &sql, &statement))
		return false;
	for (;;) {
		bool row;
		if (!exchange_check(totals->exchange, statement_step(statement, &row)))
			return false;
		if (!row)
			return true;
		totals->narrow = totals->sink.count == TOTAL_ROWS_MAX;
		if (totals->narrow)
			return false;
		if (!write_group(totals, statement))
			return false;
	}
}
