#include <udcg/handlers/common.h>
#include <udcg/handlers/handlers.h>

static const struct column columns[] = {
	{.name = "id", .sql = "p.id"},
	{.name = "kind", .sql = "p.kind", .choices = participant_kind_choices},
	{.name = "name", .sql = "p.name"},
	{
		.name = "aliases",
		.type = VALUE_TEXTS,
		.sql = TEXTS_OF("participant_alias", "alias", "participant = p.row", "position"),
	},
	{.name = "country", .sql = "p.country", .nullable = true},
	{
		.name = "titles",
		.type = VALUE_TEXTS,
		.sql = TEXTS_OF("participant_title", "title", "participant = p.row", "position"),
	},
	{
		.name = "members",
		.type = VALUE_TEXTS,
		.sql = TEXTS_OF(
			"group_member AS g JOIN participant AS member ON member.row = g.member",
			"member.id", "g.\"group\" = p.row", "member.row"),
	},
	{.name = "note", .sql = "p.note", .nullable = true},
	COLUMN_SOURCE_IDS(KIND_PARTICIPANT, "p.row"),
	COLUMN_REPORTED(KIND_PARTICIPANT, "p.row"),
	{.name = "meeting_count", .sql = "p.meeting_count", .type = VALUE_INTEGER},
	{.name = "attended_count", .sql = "p.attended_count", .type = VALUE_INTEGER},
	{.name = "first_date", .sql = "p.first_date", .nullable = true},
	{.name = "last_date", .sql = "p.last_date", .nullable = true},
	{.name = "aid_count", .sql = "p.aid_count", .type = VALUE_INTEGER},
};

/* One entry of attendance must meet all that is asked of entries. A LEFT JOIN costs nothing where no
 * condition speaks of the meeting. */
#define ENTRIES \
	"attendance AS a JOIN participant_scope AS s ON s.participant = a.participant" \
	" LEFT JOIN meeting AS m ON m.row = a.meeting"

static const struct parameter parameters[] = {
	{
		.name = "kind",
		.type = PARAMETER_CHOICE,
		.choices = participant_kind_choices,
		.list = true,
		.sql = "p.kind IN ({})",
		.summary = "What they are",
	},
	{
		.name = "country",
		.type = PARAMETER_COUNTRY,
		.list = true,
		.sql = "p.country IN ({})",
		.sql_none = "p.country IS NULL",
		.summary = "Their own country, or for a person the one represented",
	},
	{
		.name = "role",
		.type = PARAMETER_CHOICE,
		.choices = role_choices,
		.list = true,
		.sql_joint = "a.role IN ({})",
		.summary = "With an entry of attendance in this role",
	},
	{
		.name = "status",
		.type = PARAMETER_CHOICE,
		.choices = attendance_status_choices,
		.list = true,
		.sql_joint = "a.status IN ({})",
		.summary = "With an entry of attendance of this status",
	},
	{
		.name = "meeting",
		.type = PARAMETER_RECORD,
		.record = RECORD_MEETING,
		.list = true,
		.sql_joint = "a.meeting IN ({})",
		.summary = "With an entry of attendance at this meeting",
	},
	{
		.name = "series",
		.type = PARAMETER_RECORD,
		.record = RECORD_PARTICIPANT,
		.list = true,
		.sql_joint = "m.series IN ({})",
		.sql_none = "m.series IS NULL",
		.summary = "With an entry of attendance at a meeting of this series",
	},
};

static const struct sort sorts[] = {
	{.name = "id", .keys = {ID_KEY("p", "participant")}},
	{.name = "name", .keys = {{.sql = "p.name"}}},
	{.name = "kind", .keys = {{.sql = "p.kind"}}},
	{.name = "country", .nullable = true, .keys = {{.sql = "p.country"}}},
	{.name = "meeting_count", .keys = {{.sql = "p.meeting_count"}}},
	{.name = "first_date", .nullable = true, .keys = {{.sql = "p.first_date"}}},
};

static const struct key ties[] = {ID_KEY("p", "participant")};

static const struct include includes[] = {
	INCLUDE_EVIDENCE(KIND_PARTICIPANT),
	{
		.name = "member_participants",
		.resource = &participants_resource,
		.sql = "SELECT member FROM group_member WHERE \"group\" = :row ORDER BY member",
	},
	INCLUDE_SOURCES(KIND_PARTICIPANT),
};

const struct resource participants_resource = {
	.name = "participants",
	.from = "participant AS p",
	.alias = "p",
	.kind = RECORD_PARTICIPANT,
	.rendered = "participant_line",
	ROWS(columns),
	ROWS(parameters),
	.joint = "p.row IN (SELECT s.scope FROM " ENTRIES " WHERE {})",
	.joint_from = ENTRIES,
	.joint_row = "s.scope",
	ROWS(sorts),
	ROWS(ties),
	.tie_order = "p.row",
	ROWS(includes),
	.cites = CITES(KIND_PARTICIPANT, "p.row"),
	.search = FOUND(FOUND_PARTICIPANT, "p.row"),
};
