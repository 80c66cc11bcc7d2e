#include <udcg/handlers/common.h>
#include <udcg/handlers/handlers.h>

static choices types = {"meeting", "participant", "aid", "claim", "source", NULL};

static const struct column columns[] = {
	{.name = "type", .sql = "f.type", .choices = types},
	{.name = "id", .sql = "f.id"},
	{.name = "field", .sql = "f.field"},
	{.name = "byte_start", .sql = "f.byte_start", .type = VALUE_INTEGER},
	{.name = "byte_end", .sql = "f.byte_end", .type = VALUE_INTEGER},
	{.name = "char_start", .sql = "c.char_start", .type = VALUE_INTEGER, .nullable = true},
	{.name = "char_end", .sql = "c.char_end", .type = VALUE_INTEGER, .nullable = true},
	{.name = "paragraph", .sql = "c.paragraph", .type = VALUE_INTEGER, .nullable = true},
	{.name = "sha256", .sql = "c.sha256"},
	{.name = "basis", .sql = "c.basis", .choices = basis_choices},
	{.name = "reasoning", .sql = "c.reasoning", .nullable = true},
	{.name = "quote", .sql = "c.quote", .nullable = true},
};

/* Given by the path only. */
static const struct parameter parameters[] = {
	{
		.name = "source",
		.type = PARAMETER_RECORD,
		.record = RECORD_SOURCE,
		.list = true,
		.sql = "f.source IN ({})",
		.summary = "The document",
	},
};

static const struct sort sorts[] = {
	{.name = "byte_start", .keys = {{.sql = "f.byte_start"}}},
};

static const struct key ties[] = {{.sql = "f.byte_start"}, {.sql = "f.byte_end"}, {.sql = "f.type"},
	{.sql = "f.id"}, {.sql = "f.field"}};

const struct resource facts_resource = {
	.name = "facts",
	.from = "fact AS f JOIN citation AS c ON c.row = f.citation",
	.alias = "f",
	ROWS(columns),
	ROWS(parameters),
	ROWS(sorts),
	ROWS(ties),
	.tie_order = "f.byte_start, f.byte_end, f.type, f.id, f.field",
	.search = "(f.type, f.id) IN (SELECT document.type, document.id FROM search"
		  " JOIN search_document AS document ON document.row = search.rowid"
		  " WHERE search MATCH {})",
};
