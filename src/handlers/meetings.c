#include <udcg/handlers/common.h>
#include <udcg/handlers/handlers.h>

static choices kinds = {"meeting", "call", "conference", NULL};
static choices statuses = {"planned", "held", "postponed", "cancelled", NULL};
static choices formats = {"in_person", "virtual", "hybrid", NULL};
static choices counts = {"invited", "accepted", "expected", "attended", NULL};
static choices units = {"countries", "people", NULL};

/* The headcounts that count: the first of attended, expected, accepted, invited; countries before
 * people. */
#define HEADCOUNT_RANK(h) \
	"CASE " h ".counts WHEN 'attended' THEN 0 WHEN 'expected' THEN 2" \
	" WHEN 'accepted' THEN 4 ELSE 6 END + (" h ".unit = 'people')"
#define HEADCOUNT(value) \
	"(SELECT " value " FROM headcount AS h WHERE h.meeting = m.row" \
	" GROUP BY " HEADCOUNT_RANK("h") " ORDER BY " HEADCOUNT_RANK("h") " LIMIT 1)"

static const struct column columns[] = {
	{.name = "id", .sql = "m.id"},
	{.name = "title", .sql = "m.title"},
	{.name = "kind", .sql = "m.kind", .choices = kinds},
	{.name = "series", .sql = ID_OF("participant", "m.series"), .nullable = true},
	{.name = "ordinal", .sql = "m.ordinal", .type = VALUE_INTEGER, .nullable = true},
	{.name = "date", .sql = "m.date", .nullable = true},
	{.name = "place", .sql = "m.place", .nullable = true},
	{.name = "venue", .sql = "m.venue", .nullable = true},
	{.name = "country", .sql = "m.country", .nullable = true},
	{.name = "format", .sql = "m.format", .nullable = true, .choices = formats},
	{.name = "status", .sql = "m.status", .choices = statuses},
	{
		.name = "conveners",
		.type = VALUE_TEXTS,
		.sql = TEXTS_OF(
			"meeting_convener AS c JOIN participant AS p ON p.row = c.participant",
			"p.id", "c.meeting = m.row", "p.row"),
	},
	{.name = "part_of", .sql = ID_OF("meeting", "m.part_of"), .nullable = true},
	{.name = "note", .sql = "m.note", .nullable = true},
	COLUMN_SOURCE_IDS(KIND_MEETING, "m.row"),
	COLUMN_REPORTED(KIND_MEETING, "m.row"),
	COLUMNS_DATED("m"),
	{.name = "series_name", .sql = NAME_OF("m.series"), .nullable = true},
	{
		.name = "series_basis",
		.sql = "m.series_basis",
		.nullable = true,
		.choices = basis_choices,
	},
	{
		.name = "status_as_of",
		.nullable = true,
		.sql = "(SELECT s.published FROM citation AS c"
		       " JOIN fact AS f ON f.citation = c.row AND f.field = '/status'"
		       " JOIN source AS s ON s.row = c.source"
		       " WHERE c.kind = " KIND_MEETING " AND c.record = m.row AND c.path = ''"
		       " AND s.published_first IS NOT NULL"
		       " ORDER BY s.published_first DESC, s.published_last DESC, s.row LIMIT 1)",
	},
	{.name = "named_count", .sql = "m.named_count", .type = VALUE_INTEGER},
	{
		.name = "headcount_value",
		.sql = HEADCOUNT("min(h.value)"),
		.type = VALUE_INTEGER,
		.nullable = true,
	},
	{
		.name = "headcount_value_max",
		.sql = HEADCOUNT("max(h.value)"),
		.type = VALUE_INTEGER,
		.nullable = true,
	},
	{
		.name = "headcount_qualifier",
		.nullable = true,
		.choices = qualifier_choices,
		.sql = HEADCOUNT(
			"CASE WHEN min(h.value) = max(h.value) AND"
			" count(DISTINCT coalesce(h.qualifier, '')) = 1 THEN max(h.qualifier) END"),
	},
	{
		.name = "headcount_counts",
		.sql = HEADCOUNT("max(h.counts)"),
		.nullable = true,
		.choices = counts,
	},
	{
		.name = "headcount_unit",
		.sql = HEADCOUNT("max(h.unit)"),
		.nullable = true,
		.choices = units,
	},
	{
		.name = "aid_count",
		.type = VALUE_INTEGER,
		.sql = "(SELECT count(*) FROM aid WHERE aid.meeting = m.row)",
	},
	{.name = "previous", .sql = ID_OF("meeting", "m.previous"), .nullable = true},
	{.name = "next", .sql = ID_OF("meeting", "m.next"), .nullable = true},
};

/* Meetings that a participant has to do with, from a table that has them in the order of days. */
#define MEETINGS_OF(table, who) \
	"(SELECT part.meeting AS row, part.first_day, part.last_day, m.kind, m.series, m.status," \
	" m.format, m.country, m.place, m.venue, m.ordinal, m.title, m.named_count, m.date_min," \
	" m.date_max, m.date_basis, m.series_basis FROM " table " AS part" \
	" LEFT JOIN meeting AS m ON m.row = part.meeting WHERE part.scope = :" who ") AS m"

static const struct parameter parameters[] = {
	{
		.name = "series",
		.type = PARAMETER_RECORD,
		.record = RECORD_PARTICIPANT,
		.list = true,
		.sql = "m.series IN ({})",
		.sql_none = "m.series IS NULL",
		.by_day = true,
		.summary = "The group or organisation whose meeting it is",
	},
	{
		.name = "kind",
		.type = PARAMETER_CHOICE,
		.choices = kinds,
		.list = true,
		.sql = "m.kind IN ({})",
		.summary = "Kind of meeting",
	},
	{
		.name = "status",
		.type = PARAMETER_CHOICE,
		.choices = statuses,
		.list = true,
		.sql = "m.status IN ({})",
		.summary = "What became of it",
	},
	{
		.name = "format",
		.type = PARAMETER_CHOICE,
		.choices = formats,
		.list = true,
		.sql = "m.format IN ({})",
		.sql_none = "m.format IS NULL",
		.summary = "How they met",
	},
	{
		.name = "country",
		.type = PARAMETER_COUNTRY,
		.list = true,
		.sql = "m.country IN ({})",
		.sql_none = "m.country IS NULL",
		.summary = "Where it takes place",
	},
	{
		.name = "place",
		.type = PARAMETER_FOLDED,
		.list = true,
		.sql = "m.row IN (SELECT meeting FROM meeting_place WHERE folded IN ({}))",
		.sql_none = "m.place IS NULL AND m.venue IS NULL",
		.summary = "Town or venue, whole, without case",
	},
	{
		.name = "ordinal",
		.type = PARAMETER_INTEGER,
		.minimum = 1,
		.maximum = AMOUNT_MAX,
		.list = true,
		.sql = "m.ordinal IN ({})",
		.sql_none = "m.ordinal IS NULL",
		.summary = "Which of its series",
	},
	{
		.name = "participant",
		.type = PARAMETER_RECORD,
		.record = RECORD_PARTICIPANT,
		.list = true,
		.sql = "m.row IN (SELECT meeting FROM meeting_taken_part WHERE scope IN ({}))",
		.narrow = MEETINGS_OF("meeting_taken_part", "participant"),
		.summary = "Whoever has an entry of attendance; a country's persons count for it",
	},
	{
		.name = "convener",
		.type = PARAMETER_RECORD,
		.record = RECORD_PARTICIPANT,
		.list = true,
		.sql = "m.row IN (SELECT meeting FROM meeting_convened WHERE scope IN ({}))",
		.narrow = MEETINGS_OF("meeting_convened", "convener"),
		.summary = "Whoever convenes, hosts or invites; a country's persons count for it",
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

static const struct sort sorts[] = {
	{.name = "date", .nullable = true, .keys = {{.sql = "m.first_day"}, {.sql = "m.last_day"}}},
	{.name = "title", .keys = {{.sql = "m.title"}}},
	{.name = "series",
		.nullable = true,
		.keys = {{.sql = "m.series",
			.cursor = ID_OF("participant", "m.series"),
			.table = "participant"}}},
	{.name = "ordinal", .nullable = true, .keys = {{.sql = "m.ordinal"}}},
	{.name = "named_count", .keys = {{.sql = "m.named_count"}}},
};

static const struct key ties[] = {ID_KEY("m", "meeting")};

static const struct include includes[] = {
	INCLUDE_EVIDENCE(KIND_MEETING),
	{
		.name = "attendance",
		.resource = &attendance_resource,
		.sql = "SELECT row FROM attendance WHERE meeting = :row ORDER BY row",
	},
	{
		.name = "headcounts",
		.sql = "SELECT json_object('value', value, 'qualifier', qualifier, 'counts', counts,"
		       " 'unit', unit, 'source_ids', json(" TEXTS_OF(
			       "citation AS c JOIN source ON source.row = c.source",
			       "DISTINCT source.id",
			       "c.kind = " KIND_MEETING " AND c.record = h.meeting"
			       " AND c.path = '/headcounts/' || h.position",
			       "source.row") ")) FROM headcount AS h WHERE h.meeting = :row ORDER BY h.position",
	},
	{
		.name = "aid",
		.resource = &aid_resource,
		.sql = "SELECT row FROM aid WHERE meeting = :row ORDER BY row",
	},
	{
		.name = "claims",
		.resource = &claims_resource,
		.sql = "SELECT row FROM claim WHERE meeting = :row ORDER BY row",
	},
	INCLUDE_SOURCES(KIND_MEETING),
};

const struct resource meetings_resource = {
	.name = "meetings",
	.from = "meeting AS m",
	.alias = "m",
	.kind = RECORD_MEETING,
	.rendered = "meeting_line",
	.dated = "m",
	ROWS(columns),
	ROWS(parameters),
	ROWS(sorts),
	ROWS(ties),
	.tie_order = "m.row",
	ROWS(includes),
	.cites = CITES(KIND_MEETING, "m.row"),
	.search = FOUND(FOUND_MEETING, "m.row"),
};
