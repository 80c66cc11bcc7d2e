#include <string.h>
#include <udcg/api/query.h>
#include <udcg/handlers/common.h>
#include <udcg/handlers/handlers.h>

#include "aid.h"

static const struct column columns[] = {
	{.name = "id", .sql = "a.id"},
	{.name = "kind", .sql = "a.kind", .choices = aid_kind_choices},
	{.name = "measure", .sql = "a.measure", .nullable = true},
	{.name = "amount", .sql = "a.amount", .type = VALUE_INTEGER},
	{.name = "currency", .sql = "a.currency"},
	{.name = "qualifier", .sql = "a.qualifier", .nullable = true, .choices = qualifier_choices},
	{.name = "donor", .sql = "donor.id", .nullable = true},
	{.name = "recipient", .sql = "recipient.id", .nullable = true},
	{.name = "category", .sql = "a.category", .choices = aid_category_choices},
	{.name = "verb", .sql = "a.verb", .nullable = true, .choices = aid_verb_choices},
	{.name = "mechanism", .sql = "a.mechanism", .nullable = true},
	{.name = "claimant", .sql = ID_OF("participant", "a.claimant"), .nullable = true},
	{.name = "announced_by", .sql = ID_OF("participant", "a.announced_by"), .nullable = true},
	{.name = "date", .sql = "a.date", .nullable = true},
	{.name = "since", .sql = "a.since", .nullable = true},
	{.name = "since_text", .sql = "a.since_text", .nullable = true},
	{.name = "deliver_by", .sql = "a.deliver_by", .nullable = true},
	{.name = "meeting", .sql = ID_OF("meeting", "a.meeting"), .nullable = true},
	{
		.name = "items",
		.type = VALUE_TEXTS,
		.sql = TEXTS_OF("aid_item", "item", "aid = a.row", "position"),
	},
	{.name = "contained_in", .sql = ID_OF("aid", "a.contained_in"), .nullable = true},
	{
		.name = "overlaps",
		.type = VALUE_TEXTS,
		.sql = TEXTS_OF("aid_overlap AS o JOIN aid AS other ON other.row = o.other",
			"other.id", "o.aid = a.row", "other.row"),
	},
	{.name = "supersedes", .sql = ID_OF("aid", "a.supersedes"), .nullable = true},
	{.name = "conflict_group", .sql = "a.conflict_group", .nullable = true},
	{.name = "note", .sql = "a.note", .nullable = true},
	COLUMN_SOURCE_IDS(KIND_AID, "a.row"),
	COLUMN_REPORTED(KIND_AID, "a.row"),
	COLUMNS_DATED("a"),
	{.name = "donor_name", .sql = "donor.name", .nullable = true},
	{
		.name = "donor_kind",
		.sql = "donor.kind",
		.nullable = true,
		.choices = participant_kind_choices,
	},
	{.name = "recipient_name", .sql = "recipient.name", .nullable = true},
	{
		.name = "meeting_basis",
		.sql = "a.meeting_basis",
		.nullable = true,
		.choices = basis_choices,
	},
	{.name = "superseded_by", .sql = ID_OF("aid", "a.superseded_by"), .nullable = true},
	{
		.name = "summable",
		.type = VALUE_BOOLEAN,
		.sql = "a.kind = 'package' AND a.excluded IS NULL",
	},
};

/* Periods as values of their parameters are: by their first day. They are worked out of columns that an
 * index holds, as virtual columns cannot be. */
#define YEAR_OF(day) "(" day " / 10000 * 10000 + 101)"
#define QUARTER_OF(day) "(" day " / 10000 * 10000 + (" day " / 100 % 100 - 1) / 3 * 300 + 101)"
#define MONTH_OF(day) "(" day " / 100 * 100 + 1)"
#define SURELY_IN_ONE(period_of) \
	"a.date_min IS NOT NULL AND a.date_max IS NOT NULL" \
	" AND " period_of("a.first_day") " = " period_of("a.last_day")

static choices only_true = {"true", NULL};

static const struct parameter parameters[] = {
	{
		.name = "superseded",
		.type = PARAMETER_BOOLEAN,
		.sql = "(a.superseded_by IS NOT NULL) = {}",
		.summary = "Whether a correction took its place",
	},
	{
		.name = "counted",
		.type = PARAMETER_BOOLEAN,
		.choices = only_true,
		.summary = "The figures that /v1/aid/totals uses with the same filters",
	},
	{
		.name = "as_of",
		.type = PARAMETER_DATE,
		.summary =
			"With counted: what was known to stand at the end of this day, month or year",
	},
	{
		.name = "year",
		.type = PARAMETER_YEAR,
		.list = true,
		.sql = SURELY_IN_ONE(YEAR_OF) " AND " YEAR_OF("a.first_day") " IN ({})",
		.sql_none = "NOT (" SURELY_IN_ONE(YEAR_OF) ")",
		.summary = "Certain to lie in this year; none: in no single one",
	},
	{
		.name = "quarter",
		.type = PARAMETER_QUARTER,
		.list = true,
		.sql = SURELY_IN_ONE(QUARTER_OF) " AND " QUARTER_OF("a.first_day") " IN ({})",
		.sql_none = "NOT (" SURELY_IN_ONE(QUARTER_OF) ")",
		.summary = "Certain to lie in this quarter; none: in no single one",
	},
	{
		.name = "month",
		.type = PARAMETER_MONTH,
		.list = true,
		.sql = SURELY_IN_ONE(MONTH_OF) " AND " MONTH_OF("a.first_day") " IN ({})",
		.sql_none = "NOT (" SURELY_IN_ONE(MONTH_OF) ")",
		.summary = "Certain to lie in this month; none: in no single one",
	},
};

static const struct sort sorts[] = {
	{.name = "date", .nullable = true, .keys = {{.sql = "a.first_day"}, {.sql = "a.last_day"}}},
	{.name = "amount", .keys = {{.sql = "a.currency"}, {.sql = "a.amount"}}},
	{.name = "donor",
		.nullable = true,
		.keys = {{.sql = "a.donor", .cursor = "donor.id", .table = "participant"}}},
};

static const struct key ties[] = {ID_KEY("a", "aid")};

static const struct include includes[] = {
	INCLUDE_EVIDENCE(KIND_AID),
	{
		.name = "claims",
		.resource = &claims_resource,
		.sql = "SELECT row FROM claim WHERE aid = :row ORDER BY row",
	},
	INCLUDE_SOURCES(KIND_AID),
};

/* `counted` gives dates the meaning that they have in totals, where these have none. */
static bool refuse_beside_counted(struct exchange *exchange)
{
	static choices barred = {"dates", "undated", "date_basis", "superseded", NULL};
	bool good = true;
	for (size_t i = 0; barred[i]; i++)
		if (parameters_find(&exchange->parameters, barred[i]))
			good = exchange_refuse(exchange, barred[i],
				"has no meaning beside `counted`, which takes certain dates and "
				"standing figures only");
	return good;
}

static bool refine(struct exchange *exchange, struct query *query)
{
	bool good = aid_check_amounts(exchange);
	if (!parameters_find(&exchange->parameters, "counted")) {
		if (parameters_find(&exchange->parameters, "as_of"))
			good = exchange_refuse(exchange, "as_of", "needs counted=true");
		return good;
	}
	struct aid_window window;
	good = refuse_beside_counted(exchange) && good;
	good = aid_window_read(exchange, &window) && good;
	if (good)
		aid_where_counted(query, &window);
	return good;
}

const struct resource aid_resource = {
	.name = "aid",
	.from = AID_FROM,
	.narrow = "aid AS a",
	.alias = "a",
	.kind = RECORD_AID,
	.rendered = "aid_line",
	.dated = "a",
	.window_by_refine = "counted",
	ROWS(columns),
	ROWS(parameters),
	.shared = aid_filters,
	.shared_count = AID_FILTER_COUNT,
	ROWS(sorts),
	ROWS(ties),
	.tie_order = "a.row",
	ROWS(includes),
	.cites = CITES(KIND_AID, "a.row"),
	.search = FOUND(FOUND_AID, "a.row"),
	.refine = refine,
	.total = aid_counted_total,
};
