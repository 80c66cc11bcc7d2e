#include <udcg/handlers/common.h>
#include <udcg/handlers/handlers.h>

static choices types = {"deployment", "force_level", "casualties", "count", "pledge", "request",
	"expectation", "policy", "event", NULL};

static const struct column columns[] = {
	{.name = "id", .sql = "k.id"},
	{.name = "type", .sql = "k.type", .choices = types},
	{.name = "statement", .sql = "k.statement"},
	{.name = "value", .sql = "k.value", .type = VALUE_INTEGER, .nullable = true},
	{.name = "unit", .sql = "k.unit", .nullable = true},
	{.name = "qualifier", .sql = "k.qualifier", .nullable = true, .choices = qualifier_choices},
	{.name = "claimant", .sql = ID_OF("participant", "k.claimant"), .nullable = true},
	{.name = "representative", .sql = "k.representative", .nullable = true},
	{.name = "subject", .sql = ID_OF("participant", "k.subject"), .nullable = true},
	{.name = "date", .sql = "k.date", .nullable = true},
	{.name = "horizon", .sql = "k.horizon", .nullable = true},
	{.name = "conflict_group", .sql = "k.conflict_group", .nullable = true},
	{.name = "negative", .sql = "k.negative", .type = VALUE_BOOLEAN},
	{.name = "contained_in", .sql = ID_OF("claim", "k.contained_in"), .nullable = true},
	{.name = "meeting", .sql = ID_OF("meeting", "k.meeting"), .nullable = true},
	{.name = "aid", .sql = ID_OF("aid", "k.aid"), .nullable = true},
	{.name = "note", .sql = "k.note", .nullable = true},
	COLUMN_SOURCE_IDS(KIND_CLAIM, "k.row"),
	COLUMN_REPORTED(KIND_CLAIM, "k.row"),
	COLUMNS_DATED("k"),
	{
		.name = "meeting_basis",
		.sql = "k.meeting_basis",
		.nullable = true,
		.choices = basis_choices,
	},
};

static const struct parameter parameters[] = {
	{
		.name = "type",
		.type = PARAMETER_CHOICE,
		.choices = types,
		.list = true,
		.sql = "k.type IN ({})",
		.summary = "What is claimed",
	},
	{
		.name = "claimant",
		.type = PARAMETER_RECORD,
		.record = RECORD_PARTICIPANT,
		.list = true,
		.sql = "k.claimant IN (" SCOPE ")",
		.sql_none = "k.claimant IS NULL",
		.summary = "Who says so; a country's persons count for it",
	},
	{
		.name = "subject",
		.type = PARAMETER_RECORD,
		.record = RECORD_PARTICIPANT,
		.list = true,
		.sql = "k.subject IN (" SCOPE ")",
		.sql_none = "k.subject IS NULL",
		.summary = "About whom; a country's persons count for it",
	},
	{
		.name = "conflicting",
		.type = PARAMETER_BOOLEAN,
		.sql = "(k.conflict_group IS NOT NULL) = {}",
		.summary = "Whether others contradict it",
	},
	{
		.name = "conflict_group",
		.type = PARAMETER_SLUG,
		.vocabulary = "SELECT conflict_group AS word FROM claim",
		.list = true,
		.sql = "k.conflict_group IN ({})",
		.sql_none = "k.conflict_group IS NULL",
		.summary = "Claims that contradict each other",
	},
	{
		.name = "negative",
		.type = PARAMETER_BOOLEAN,
		.sql = "k.negative = {}",
		.summary = "Whether it says that there is nothing",
	},
	{
		.name = "meeting",
		.type = PARAMETER_RECORD,
		.record = RECORD_MEETING,
		.list = true,
		.sql = "k.meeting IN ({})",
		.sql_none = "k.meeting IS NULL",
		.summary = "Where it was said",
	},
	{
		.name = "aid",
		.type = PARAMETER_RECORD,
		.record = RECORD_AID,
		.list = true,
		.sql = "k.aid IN ({})",
		.sql_none = "k.aid IS NULL",
		.summary = "The aid figure that it is about",
	},
};

static const struct sort sorts[] = {
	{.name = "date", .nullable = true, .keys = {{.sql = "k.first_day"}, {.sql = "k.last_day"}}},
	{.name = "type", .keys = {{.sql = "k.type"}}},
	{.name = "value", .nullable = true, .keys = {{.sql = "k.value"}}},
};

static const struct key ties[] = {ID_KEY("k", "claim")};

static const struct include includes[] = {
	INCLUDE_EVIDENCE(KIND_CLAIM),
	INCLUDE_SOURCES(KIND_CLAIM),
};

const struct resource claims_resource = {
	.name = "claims",
	.from = "claim AS k",
	.alias = "k",
	.kind = RECORD_CLAIM,
	.rendered = "claim_line",
	.dated = "k",
	ROWS(columns),
	ROWS(parameters),
	ROWS(sorts),
	ROWS(ties),
	.tie_order = "k.row",
	ROWS(includes),
	.cites = CITES(KIND_CLAIM, "k.row"),
	.search = FOUND(FOUND_CLAIM, "k.row"),
};
