#include <udcg/handlers/common.h>
#include <udcg/handlers/handlers.h>

static choices types = {"meeting", "aid", "claim", NULL};

static const struct column columns[] = {
	{.name = "type", .sql = "c.type", .choices = types},
	{.name = "id", .sql = "c.id"},
	{.name = "date", .sql = "c.date", .nullable = true},
	COLUMNS_DATED("c"),
	COLUMN_REPORTED("c.kind", "c.record"),
	COLUMN_SOURCE_IDS("c.kind", "c.record"),
	{.name = "title", .sql = "c.title"},
	{
		.name = "href",
		.type = VALUE_LINK,
		.sql = "CASE c.type WHEN 'aid' THEN '/v1/aid/' WHEN 'claim' THEN '/v1/claims/'"
		       " ELSE '/v1/meetings/' END || c.id",
	},
};

static const struct parameter parameters[] = {
	{
		.name = "type",
		.type = PARAMETER_CHOICE,
		.choices = types,
		.list = true,
		.sql = "c.type IN ({})",
		.summary = "Kinds of record",
	},
};

static const struct sort sorts[] = {
	{
		.name = "date",
		.nullable = true,
		.keys = {{.sql = "c.first_day"}, {.sql = "c.last_day"}},
	},
};

static const struct key ties[] = {{.sql = "c.type"}, {.sql = "c.id"}};

const struct resource timeline_resource = {
	.name = "timeline",
	.from = "chronicle AS c",
	.alias = "c",
	.dated = "c",
	ROWS(columns),
	ROWS(parameters),
	ROWS(sorts),
	ROWS(ties),
	.tie_order = "c.row",
	.cites = "c.row IN (SELECT CASE kind WHEN " KIND_AID " THEN " FOUND_AID " WHEN " KIND_CLAIM
		 " THEN " FOUND_CLAIM " ELSE " FOUND_MEETING " END << 32 | record"
		 " FROM record_source WHERE source IN ({})"
		 " AND kind IN (" KIND_AID ", " KIND_CLAIM ", " KIND_MEETING "))",
	.search = "c.row IN (SELECT rowid & 0x7ffffffff FROM search WHERE search MATCH {})",
};
