#include <udcg/handlers/common.h>
#include <udcg/handlers/handlers.h>

#define CITATIONS \
	"c.kind = " KIND_MEETING " AND c.record = a.meeting" \
	" AND c.path = '/attendance/' || a.position"

static const struct column columns[] = {
	{.name = "meeting", .sql = "m.id"},
	{.name = "meeting_title", .sql = "m.title"},
	{.name = "series", .sql = ID_OF("participant", "m.series"), .nullable = true},
	{.name = "date", .sql = "m.date", .nullable = true},
	COLUMNS_DATED("m"),
	{.name = "participant", .sql = "p.id"},
	{.name = "name", .sql = "p.name"},
	{.name = "kind", .sql = "p.kind", .choices = participant_kind_choices},
	{.name = "country", .sql = "p.country", .nullable = true},
	{.name = "role", .sql = "a.role", .choices = role_choices},
	{.name = "status", .sql = "a.status", .choices = attendance_status_choices},
	{.name = "mode", .sql = "a.mode", .nullable = true, .choices = mode_choices},
	{.name = "representative", .sql = "a.representative", .nullable = true},
	{
		.name = "source_ids",
		.type = VALUE_TEXTS,
		.sql = TEXTS_OF("citation AS c JOIN source ON source.row = c.source",
			"DISTINCT source.id", CITATIONS, "source.row"),
	},
	{
		.name = "reported",
		.nullable = true,
		.sql = "(SELECT s.published FROM citation AS c JOIN source AS s ON s.row = c.source"
		       " WHERE " CITATIONS " AND s.published_first IS NOT NULL"
		       " ORDER BY s.published_first, s.published_last, s.row LIMIT 1)",
	},
};

static const struct parameter parameters[] = {
	{
		.name = "meeting",
		.type = PARAMETER_RECORD,
		.record = RECORD_MEETING,
		.list = true,
		.sql = "a.meeting IN ({})",
		.summary = "At which meeting",
	},
	{
		.name = "participant",
		.type = PARAMETER_RECORD,
		.record = RECORD_PARTICIPANT,
		.list = true,
		.sql = "a.participant IN (" SCOPE ")",
		.summary = "Who; a country's persons count for it",
	},
	{
		.name = "country",
		.type = PARAMETER_COUNTRY,
		.list = true,
		.sql = "p.country IN ({})",
		.sql_none = "p.country IS NULL",
		.summary = "The participant's country",
	},
	{
		.name = "role",
		.type = PARAMETER_CHOICE,
		.choices = role_choices,
		.list = true,
		.sql = "a.role IN ({})",
		.summary = "As what",
	},
	{
		.name = "status",
		.type = PARAMETER_CHOICE,
		.choices = attendance_status_choices,
		.list = true,
		.sql = "a.status IN ({})",
		.summary = "How far it came",
	},
	{
		.name = "series",
		.type = PARAMETER_RECORD,
		.record = RECORD_PARTICIPANT,
		.list = true,
		.sql = "m.series IN ({})",
		.sql_none = "m.series IS NULL",
		.summary = "The series of the meeting",
	},
	{
		.name = "series_basis",
		.type = PARAMETER_CHOICE,
		.choices = basis_choices,
		.list = true,
		.sql = "m.series_basis IN ({})",
		.sql_none = "m.series_basis IS NULL",
		.summary = "Whether the words state the series or it was derived",
	},
};

#define MEETING_KEY \
	{ \
		.sql = "a.meeting", .cursor = "m.id", .table = "meeting" \
	}
#define PARTICIPANT_KEY \
	{ \
		.sql = "a.participant", .cursor = "p.id", .table = "participant" \
	}

static const struct sort sorts[] = {
	{.name = "date", .nullable = true, .keys = {{.sql = "m.first_day"}, {.sql = "m.last_day"}}},
	{.name = "meeting", .keys = {MEETING_KEY}},
	{.name = "participant", .keys = {PARTICIPANT_KEY}},
	{.name = "country", .nullable = true, .keys = {{.sql = "p.country"}}},
};

/* None is last: no text begins with a byte that UTF-8 never has. */
static const struct key ties[] = {
	MEETING_KEY,
	PARTICIPANT_KEY,
	{.sql = "coalesce(a.representative, CAST(x'ff' AS TEXT))"},
};

static const struct include includes[] = {
	{
		.name = "evidence",
		.sql = "SELECT " CITATION_OBJECT
		       " FROM attendance AS a JOIN citation AS c ON " CITATIONS
		       " JOIN source ON source.row = c.source WHERE a.row = :row ORDER BY c.row",
	},
};

const struct resource attendance_resource = {
	.name = "attendance",
	.from = "attendance AS a JOIN meeting AS m ON m.row = a.meeting"
		" JOIN participant AS p ON p.row = a.participant",
	.alias = "a",
	.rendered = "attendance_line",
	.dated = "m",
	ROWS(columns),
	ROWS(parameters),
	ROWS(sorts),
	ROWS(ties),
	.tie_order = "a.row",
	ROWS(includes),
	.cites = "EXISTS (SELECT 1 FROM citation AS c WHERE " CITATIONS " AND c.source IN ({}))",
	.search =
		FOUND(FOUND_MEETING, "a.meeting") " OR " FOUND(FOUND_PARTICIPANT, "a.participant"),
	.search_each = true,
	.search_column = "name",
};
