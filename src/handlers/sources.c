#include <udcg/handlers/common.h>
#include <udcg/handlers/handlers.h>

static const struct column columns[] = {
	{.name = "id", .sql = "s.id"},
	{.name = "file", .sql = "s.file"},
	{.name = "publisher", .sql = "s.publisher", .nullable = true},
	{.name = "byline", .sql = "s.byline", .nullable = true},
	{.name = "language", .sql = "s.language", .nullable = true},
	{.name = "header_date", .sql = "s.header_date", .nullable = true},
	{
		.name = "header_date_trusted",
		.sql = "s.header_date_trusted",
		.type = VALUE_BOOLEAN,
		.nullable = true,
	},
	{.name = "published", .sql = "s.published", .nullable = true},
	{.name = "bytes", .sql = "s.bytes", .type = VALUE_INTEGER, .nullable = true},
	{.name = "sha256", .sql = "s.sha256", .nullable = true},
	{.name = "url", .sql = "s.url", .nullable = true},
	{.name = "note", .sql = "s.note", .nullable = true},
	COLUMN_SOURCE_IDS(KIND_SOURCE, "s.row"),
	COLUMN_REPORTED(KIND_SOURCE, "s.row"),
	{
		.name = "fact_count",
		.type = VALUE_INTEGER,
		.sql = "(SELECT count(*) FROM fact WHERE fact.source = s.row)",
	},
	{
		.name = "verify",
		.nullable = true,
		/* A file's name may hold a quote: it is closed, escaped and opened again. */
		.sql = "'echo ''' || s.sha256 || '  ' || replace(s.file, '''', '''\\''''')"
		       " || ''' | sha256sum -c'",
	},
};

static const struct sort sorts[] = {
	{.name = "id", .keys = {ID_KEY("s", "source")}},
	{
		.name = "published",
		.nullable = true,
		.keys = {{.sql = "s.published_first"}, {.sql = "s.published_last"}},
	},
};

static const struct key ties[] = {ID_KEY("s", "source")};

static const struct include includes[] = {INCLUDE_EVIDENCE(KIND_SOURCE)};

const struct resource sources_resource = {
	.name = "sources",
	.from = "source AS s",
	.alias = "s",
	.kind = RECORD_SOURCE,
	.rendered = "source_line",
	ROWS(columns),
	ROWS(sorts),
	ROWS(ties),
	.tie_order = "s.row",
	ROWS(includes),
	.cites = CITES(KIND_SOURCE, "s.row"),
	.search = FOUND(FOUND_SOURCE, "s.row"),
};
