#include "aid_totals.h"

#include <stdio.h>
#include <string.h>
#include <udcg/api/routes.h>
#include <udcg/base/json.h>
#include <udcg/handlers/common.h>
#include <udcg/handlers/handlers.h>

const char *const total_qualifiers[] = {"exact", "about", "nearly", "more_than", "at_least",
	"up_to", "mixed", NULL};

static const struct column columns[TOTAL_COLUMNS] = {
	[TOTAL_KIND] = {.name = "kind", .choices = aid_kind_choices},
	[TOTAL_MEASURE] = {.name = "measure", .nullable = true},
	[TOTAL_DONOR] = {.name = "donor", .nullable = true},
	[TOTAL_DONOR_NAME] = {.name = "donor_name", .nullable = true},
	[TOTAL_DONOR_KIND] = {.name = "donor_kind",
		.nullable = true,
		.choices = participant_kind_choices},
	[TOTAL_RECIPIENT] = {.name = "recipient", .nullable = true},
	[TOTAL_CATEGORY] = {.name = "category", .nullable = true, .choices = aid_category_choices},
	[TOTAL_MECHANISM] = {.name = "mechanism", .nullable = true},
	[TOTAL_MEETING] = {.name = "meeting", .nullable = true},
	[TOTAL_YEAR] = {.name = "year", .nullable = true},
	[TOTAL_QUARTER] = {.name = "quarter", .nullable = true},
	[TOTAL_MONTH] = {.name = "month", .nullable = true},
	[TOTAL_CURRENCY] = {.name = "currency"},
	[TOTAL_AMOUNT] = {.name = "amount", .type = VALUE_INTEGER},
	[TOTAL_QUALIFIER] = {.name = "qualifier", .nullable = true, .choices = total_qualifiers},
	[TOTAL_COUNT] = {.name = "count", .type = VALUE_INTEGER},
	[TOTAL_SINCE] = {.name = "since", .nullable = true},
	[TOTAL_SINCE_TEXT] = {.name = "since_text", .nullable = true},
	[TOTAL_AS_OF] = {.name = "as_of", .nullable = true},
	[TOTAL_SUMMABLE] = {.name = "summable", .type = VALUE_BOOLEAN},
	[TOTAL_FIGURES] = {.name = "figures", .type = VALUE_LINK},
};

#define NAMED_PARTICIPANT "SELECT id, name, kind FROM participant WHERE row = :row"
#define NAMED_MEETING "SELECT id, NULL, NULL FROM meeting WHERE row = :row"

const struct group_key group_keys[GROUP_KEYS] = {
	{.name = "donor", .column = TOTAL_DONOR, .record = NAMED_PARTICIPANT},
	{.name = "recipient", .column = TOTAL_RECIPIENT, .record = NAMED_PARTICIPANT},
	{.name = "category", .column = TOTAL_CATEGORY},
	{.name = "mechanism", .column = TOTAL_MECHANISM},
	{.name = "meeting", .column = TOTAL_MEETING, .record = NAMED_MEETING},
	{.name = "year", .column = TOTAL_YEAR},
	{.name = "quarter", .column = TOTAL_QUARTER},
	{.name = "month", .column = TOTAL_MONTH},
};

static choices group_by_choices = {"donor", "recipient", "category", "mechanism", "meeting", "year",
	"quarter", "month", NULL};

static const struct parameter parameters[] = {
	{
		.name = "group_by",
		.type = PARAMETER_CHOICE,
		.choices = group_by_choices,
		.list = true,
		.ordered = true,
		.most = GROUP_KEYS_MOST,
		.summary = "What packages are summed by; currency always",
	},
	{
		.name = "from",
		.type = PARAMETER_DATE,
		.summary = "Packages that surely lie on or after this day, month or year",
	},
	{
		.name = "to",
		.type = PARAMETER_DATE,
		.summary = "What surely lies on or before this day, month or year",
	},
	{
		.name = "as_of",
		.type = PARAMETER_DATE,
		.summary = "What was known to stand at the end of this day, month or year",
	},
};

/* Sees to combinations only: `from` and the like are no conditions of a figure by itself. */
static bool refine(struct exchange *exchange, struct query *query)
{
	struct aid_window window;
	(void)query;
	bool good = aid_check_amounts(exchange);
	return aid_window_read(exchange, &window) && good;
}

const struct resource aid_totals_resource = {
	.name = "aid_totals",
	ROWS(columns),
	ROWS(parameters),
	.shared = aid_filters,
	.shared_count = AID_FILTER_COUNT,
	.cites = CITES(KIND_AID, "a.row"),
	.search = FOUND(FOUND_AID, "a.row"),
	.unpaged = true,
	.refine = refine,
};

const struct group_key *totals_time_key(const struct totals *totals)
{
	const struct group_key *finest = NULL;
	for (size_t i = 0; i < totals->key_count; i++)
		if (totals->keys[i]->column >= TOTAL_YEAR
			&& (!finest || totals->keys[i]->column > finest->column))
			finest = totals->keys[i];
	return finest;
}

int totals_period_of(enum total_column column, int day)
{
	int year = day / 10000, month = day / 100 % 100 - 1;
	return column == TOTAL_YEAR	  ? year
		: column == TOTAL_QUARTER ? year * 4 + month / 3
					  : year * 12 + month;
}

void totals_name_period(enum total_column column, int period, char text[static PERIOD_TEXT_SIZE])
{
	if (column == TOTAL_YEAR)
		snprintf(text, PERIOD_TEXT_SIZE, "%04d", period);
	else if (column == TOTAL_QUARTER)
		snprintf(text, PERIOD_TEXT_SIZE, "%04d-Q%d", period / 4, period % 4 + 1);
	else
		snprintf(text, PERIOD_TEXT_SIZE, "%04d-%02d", period / 12, period % 12 + 1);
}

void totals_append_filters(const struct totals *totals, struct strbuf *sql)
{
	if (!totals->filters.conditions.length)
		return;
	strbuf_append_text(sql, " AND ");
	strbuf_append_bytes(sql, strbuf_bytes(&totals->filters.conditions));
}

bool totals_borrow(struct totals *totals, const struct strbuf *sql,
	struct statement **ret_statement)
{
	struct exchange *exchange = totals->exchange;
	if (sql->failed)
		return exchange_no_memory(exchange);
	if (!exchange_borrow(exchange, strbuf_bytes(sql), ret_statement))
		return false;
	query_bind_all(&totals->filters, *ret_statement);
	/* Not every part of the answer looks at both ends of the window. */
	if (strstr(sql->data, ":window_from"))
		statement_bind_integer(*ret_statement, "window_from", totals->window.from);
	if (strstr(sql->data, ":window_end"))
		statement_bind_integer(*ret_statement, "window_end", totals->window.end);
	return true;
}

static void read_keys(struct totals *totals)
{
	const struct given *group_by = parameters_find(&totals->exchange->parameters, "group_by");
	totals->key_count = group_by ? group_by->count : 1;
	totals->keys[0] = &group_keys[0];
	for (size_t i = 0; group_by && i < group_by->count; i++)
		totals->keys[i] = &group_keys[group_by->values[i].number];
}

static bool refuse_too_many(struct exchange *exchange)
{
	return exchange_refuse(exchange, "group_by",
		"gives more than 10000 rows; narrow with filters, from and to, or coarser keys");
}

static bool write_rows(struct totals *totals)
{
	bool good = totals_walk(totals);
	totals_sort_groups(totals);
	good = good && totals_packages(totals)
		&& (totals_time_key(totals) ? totals_periods(totals) : totals_readings(totals));
	return totals->narrow ? refuse_too_many(totals->exchange) : good;
}

static bool write_json(struct totals *totals)
{
	struct exchange *exchange = totals->exchange;
	struct strbuf *out = exchange->body;
	const struct given *as_of = parameters_find(&exchange->parameters, "as_of");
	if (!as_of)
		as_of = parameters_find(&exchange->parameters, "to");
	strbuf_append_text(out, "{\"data\":[\n");
	if (!write_rows(totals))
		return false;
	strbuf_append_text(out, totals->sink.count ? "\n],\n" : "],\n");
	if (!totals_write_sums(totals, out))
		return false;
	totals_write_excluded(totals, out);
	strbuf_append_text(out, ",\n\"as_of\":");
	json_append_text_or_null(out, as_of ? as_of->values[0].text.data : NULL);
	exchange_finish_body(exchange);
	return true;
}

bool aid_totals_answer(struct exchange *exchange)
{
	struct totals totals = {.exchange = exchange};
	bool good = query_compile(exchange, &aid_totals_resource, &totals.filters)
		&& aid_window_read(exchange, &totals.window);
	if (good) {
		read_keys(&totals);
		row_sink_open(exchange, &totals.sink);
		good = exchange->media == MEDIA_JSON ? write_json(&totals) : write_rows(&totals);
	}
	totals_free_groups(&totals);
	query_free(&totals.filters);
	return good;
}
