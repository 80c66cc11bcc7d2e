#include "model.h"

#include <assert.h>
#include <string.h>

#include "rules.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FIELDS(array) .fields = (array), .count = COUNT(array)

const char timeline_format[] = "udcg-timeline/1";

static const char *const formats[] = {timeline_format, NULL};
static const char *const bases[] = {"stated", "derived", NULL};
static const char *const participant_kinds[] = {"person", "country", "organisation", "group", NULL};
static const char *const meeting_kinds[] = {"meeting", "call", "conference", NULL};
static const char *const meeting_formats[] = {"in_person", "virtual", "hybrid", NULL};
static const char *const meeting_statuses[] = {"planned", "held", "postponed", "cancelled", NULL};
static const char *const roles[] = {"chair", "participant", "accompanying", "speaker", NULL};
static const char *const attendance_statuses[] = {"invited", "accepted", "expected", "attended",
	"declined", "absent", NULL};
static const char *const modes[] = {"in_person", "remote", NULL};
static const char *const headcount_counts[] = {"invited", "accepted", "expected", "attended", NULL};
static const char *const headcount_units[] = {"countries", "people", NULL};
static const char *const qualifiers[] = {"exact", "about", "nearly", "more_than", "at_least",
	"up_to", NULL};
static const char *const aid_kinds[] = {"package", "cumulative", "remaining", NULL};
static const char *const categories[] = {"military", "financial", "humanitarian", "unspecified",
	NULL};
static const char *const verbs[] = {"announced", "signed", "pledged", "approved", "committed",
	"allocated", "provided", "delivered", NULL};
static const char *const claim_types[] = {"deployment", "force_level", "casualties", "count",
	"pledge", "request", "expectation", "policy", "event", NULL};

static const struct field header_fields[] = {
	{.name = "format", .type = FIELD_ENUM, .required = true, .choices = formats},
	{.name = "licence", .type = FIELD_TEXT, .required = true, .rule = rule_text},
	{.name = "released", .type = FIELD_TEXT, .required = true, .rule = rule_day},
	{.name = "title", .type = FIELD_TEXT, .required = true, .rule = rule_text},
};

const struct shape shape_header = {.name = "header", FIELDS(header_fields)};

static const struct field evidence_fields[] = {
	{.name = "basis", .type = FIELD_ENUM, .required = true, .choices = bases},
	{.name = "byte_end", .type = FIELD_INTEGER, .required = true, .min = 1, .max = INTEGER_MAX},
	{.name = "byte_start", .type = FIELD_INTEGER, .required = true, .max = INTEGER_MAX},
	{.name = "char_end", .type = FIELD_INTEGER, .min = 1, .max = INTEGER_MAX},
	{.name = "char_start", .type = FIELD_INTEGER, .max = INTEGER_MAX},
	{.name = "paragraph", .type = FIELD_INTEGER, .min = 1, .max = INTEGER_MAX},
	{.name = "quote", .type = FIELD_TEXT, .rule = rule_quote},
	{.name = "reasoning", .type = FIELD_TEXT, .rule = rule_text},
	{.name = "sha256", .type = FIELD_TEXT, .required = true, .rule = rule_sha256},
	{.name = "source", .type = FIELD_REFERENCE, .required = true, .target = RECORD_SOURCE},
	{.name = "supports", .type = FIELD_NAMES, .required = true},
};

const struct shape shape_evidence = {.name = "citation",
	.table = "citation",
	FIELDS(evidence_fields),
	.order = {"source", "byte_start", "byte_end"}};

#define FIELD_ID \
	{ \
		.name = "id", .type = FIELD_TEXT, .required = true, .uncited = true, \
		.rule = rule_id \
	}
#define FIELD_NOTE \
	{ \
		.name = "note", .type = FIELD_TEXT, .uncited = true, .rule = rule_text \
	}
#define FIELD_EVIDENCE \
	{ \
		.name = "evidence", .type = FIELD_OBJECTS, .required = true, .uncited = true, \
		.objects = &shape_evidence \
	}

static const struct field source_fields[] = {
	{.name = "byline", .type = FIELD_TEXT, .rule = rule_text},
	{.name = "bytes", .type = FIELD_INTEGER, .uncited = true, .min = 1, .max = INTEGER_MAX},
	{.name = "evidence", .type = FIELD_OBJECTS, .uncited = true, .objects = &shape_evidence},
	{.name = "file", .type = FIELD_TEXT, .required = true, .uncited = true, .rule = rule_file},
	{.name = "header_date", .type = FIELD_TEXT, .rule = rule_plain_date},
	{.name = "header_date_trusted", .type = FIELD_BOOLEAN},
	FIELD_ID,
	{.name = "language", .type = FIELD_TEXT, .rule = rule_language},
	FIELD_NOTE,
	{.name = "published", .type = FIELD_TEXT, .rule = rule_date, .columns = DATE_DAYS},
	{.name = "publisher", .type = FIELD_TEXT, .rule = rule_text},
	{.name = "sha256", .type = FIELD_TEXT, .uncited = true, .rule = rule_sha256},
	{.name = "url", .type = FIELD_TEXT, .rule = rule_url},
};

static const struct field participant_fields[] = {
	{.name = "aliases", .type = FIELD_TEXTS, .rule = rule_text, .table = "participant_alias"},
	{.name = "country", .type = FIELD_TEXT, .rule = rule_country},
	FIELD_EVIDENCE,
	FIELD_ID,
	{.name = "kind", .type = FIELD_ENUM, .required = true, .choices = participant_kinds},
	{.name = "members",
		.type = FIELD_REFERENCES,
		.acyclic = true,
		.target = RECORD_PARTICIPANT,
		.table = "group_member"},
	{.name = "name", .type = FIELD_TEXT, .required = true, .rule = rule_text},
	FIELD_NOTE,
	{.name = "titles", .type = FIELD_TEXTS, .rule = rule_text, .table = "participant_title"},
};

static const struct field attendance_fields[] = {
	FIELD_EVIDENCE,
	{.name = "mode", .type = FIELD_ENUM, .choices = modes},
	{.name = "participant",
		.type = FIELD_REFERENCE,
		.required = true,
		.target = RECORD_PARTICIPANT},
	{.name = "representative", .type = FIELD_TEXT, .rule = rule_text},
	{.name = "role", .type = FIELD_ENUM, .required = true, .choices = roles},
	{.name = "status", .type = FIELD_ENUM, .required = true, .choices = attendance_statuses},
};

static const struct shape shape_attendance = {.name = "attendance entry",
	.table = "attendance",
	FIELDS(attendance_fields),
	.order = {"participant", "representative"},
	.distinct = true};

static const struct field headcount_fields[] = {
	{.name = "counts", .type = FIELD_ENUM, .required = true, .choices = headcount_counts},
	FIELD_EVIDENCE,
	{.name = "qualifier", .type = FIELD_ENUM, .choices = qualifiers},
	{.name = "unit", .type = FIELD_ENUM, .required = true, .choices = headcount_units},
	{.name = "value", .type = FIELD_INTEGER, .required = true, .min = 1, .max = INTEGER_MAX},
};

static const struct shape shape_headcount = {.name = "headcount",
	.table = "headcount",
	FIELDS(headcount_fields)};

static const struct field meeting_fields[] = {
	{.name = "attendance",
		.type = FIELD_OBJECTS,
		.uncited = true,
		.objects = &shape_attendance},
	{.name = "conveners",
		.type = FIELD_REFERENCES,
		.target = RECORD_PARTICIPANT,
		.table = "meeting_convener"},
	{.name = "country", .type = FIELD_TEXT, .rule = rule_country},
	{.name = "date",
		.type = FIELD_TEXT,
		.grounded = true,
		.columns = DATE_BOUNDS,
		.rule = rule_date},
	FIELD_EVIDENCE,
	{.name = "format", .type = FIELD_ENUM, .choices = meeting_formats},
	{.name = "headcounts", .type = FIELD_OBJECTS, .uncited = true, .objects = &shape_headcount},
	FIELD_ID,
	{.name = "kind", .type = FIELD_ENUM, .required = true, .choices = meeting_kinds},
	FIELD_NOTE,
	{.name = "ordinal", .type = FIELD_INTEGER, .min = 1, .max = INTEGER_MAX},
	{.name = "part_of", .type = FIELD_REFERENCE, .acyclic = true, .target = RECORD_MEETING},
	{.name = "place", .type = FIELD_TEXT, .rule = rule_text},
	{.name = "series", .type = FIELD_REFERENCE, .grounded = true, .target = RECORD_PARTICIPANT},
	{.name = "status", .type = FIELD_ENUM, .required = true, .choices = meeting_statuses},
	{.name = "title", .type = FIELD_TEXT, .required = true, .rule = rule_text},
	{.name = "venue", .type = FIELD_TEXT, .rule = rule_text},
};

static const struct field aid_fields[] = {
	{.name = "amount", .type = FIELD_INTEGER, .required = true, .min = 1, .max = INTEGER_MAX},
	{.name = "announced_by", .type = FIELD_REFERENCE, .target = RECORD_PARTICIPANT},
	{.name = "category", .type = FIELD_ENUM, .required = true, .choices = categories},
	{.name = "claimant", .type = FIELD_REFERENCE, .target = RECORD_PARTICIPANT},
	{.name = "conflict_group", .type = FIELD_TEXT, .rule = rule_slug},
	{.name = "contained_in", .type = FIELD_REFERENCE, .acyclic = true, .target = RECORD_AID},
	{.name = "currency", .type = FIELD_TEXT, .required = true, .rule = rule_currency},
	{.name = "date",
		.type = FIELD_TEXT,
		.grounded = true,
		.columns = DATE_BOUNDS,
		.rule = rule_date},
	{.name = "deliver_by", .type = FIELD_TEXT, .rule = rule_date},
	{.name = "donor", .type = FIELD_REFERENCE, .target = RECORD_PARTICIPANT},
	FIELD_EVIDENCE,
	FIELD_ID,
	{.name = "items", .type = FIELD_TEXTS, .rule = rule_text, .table = "aid_item"},
	{.name = "kind", .type = FIELD_ENUM, .required = true, .choices = aid_kinds},
	{.name = "measure", .type = FIELD_TEXT, .rule = rule_slug},
	{.name = "mechanism", .type = FIELD_TEXT, .rule = rule_slug},
	{.name = "meeting", .type = FIELD_REFERENCE, .grounded = true, .target = RECORD_MEETING},
	FIELD_NOTE,
	{.name = "overlaps",
		.type = FIELD_REFERENCES,
		.target = RECORD_AID,
		.table = "aid_overlap"},
	{.name = "qualifier", .type = FIELD_ENUM, .choices = qualifiers},
	{.name = "recipient", .type = FIELD_REFERENCE, .target = RECORD_PARTICIPANT},
	{.name = "since", .type = FIELD_TEXT, .rule = rule_date},
	{.name = "since_text", .type = FIELD_TEXT, .rule = rule_text},
	{.name = "supersedes", .type = FIELD_REFERENCE, .acyclic = true, .target = RECORD_AID},
	{.name = "verb", .type = FIELD_ENUM, .choices = verbs},
};

static const struct field claim_fields[] = {
	{.name = "aid", .type = FIELD_REFERENCE, .target = RECORD_AID},
	{.name = "claimant", .type = FIELD_REFERENCE, .target = RECORD_PARTICIPANT},
	{.name = "conflict_group", .type = FIELD_TEXT, .rule = rule_slug},
	{.name = "contained_in", .type = FIELD_REFERENCE, .acyclic = true, .target = RECORD_CLAIM},
	{.name = "date",
		.type = FIELD_TEXT,
		.grounded = true,
		.columns = DATE_BOUNDS,
		.rule = rule_date},
	FIELD_EVIDENCE,
	{.name = "horizon", .type = FIELD_TEXT, .rule = rule_date},
	FIELD_ID,
	{.name = "meeting", .type = FIELD_REFERENCE, .grounded = true, .target = RECORD_MEETING},
	{.name = "negative", .type = FIELD_BOOLEAN, .required = true},
	FIELD_NOTE,
	{.name = "qualifier", .type = FIELD_ENUM, .choices = qualifiers},
	{.name = "representative", .type = FIELD_TEXT, .rule = rule_text},
	{.name = "statement", .type = FIELD_TEXT, .required = true, .rule = rule_text},
	{.name = "subject", .type = FIELD_REFERENCE, .target = RECORD_PARTICIPANT},
	{.name = "type", .type = FIELD_ENUM, .required = true, .choices = claim_types},
	{.name = "unit", .type = FIELD_TEXT, .rule = rule_text},
	{.name = "value", .type = FIELD_INTEGER, .min = -INTEGER_MAX, .max = INTEGER_MAX},
};

static const struct shape shapes[RECORD_KINDS + 1] = {
	[RECORD_SOURCE] = {.name = "source", .table = "source", FIELDS(source_fields)},
	[RECORD_PARTICIPANT] = {.name = "participant",
		.table = "participant",
		FIELDS(participant_fields)},
	[RECORD_MEETING] = {.name = "meeting", .table = "meeting", FIELDS(meeting_fields)},
	[RECORD_AID] = {.name = "aid", .table = "aid", FIELDS(aid_fields)},
	[RECORD_CLAIM] = {.name = "claim", .table = "claim", FIELDS(claim_fields)},
};

static const char *const list_names[RECORD_KINDS + 1] = {
	[RECORD_SOURCE] = "sources",
	[RECORD_PARTICIPANT] = "participants",
	[RECORD_MEETING] = "meetings",
	[RECORD_AID] = "aid",
	[RECORD_CLAIM] = "claims",
};

const struct shape *record_shape(enum record_kind kind)
{
	return &shapes[kind];
}

const char *record_kind_name(enum record_kind kind)
{
	return shapes[kind].name;
}

const char *record_list_name(enum record_kind kind)
{
	return list_names[kind];
}

enum record_kind record_kind_of(struct bytes name)
{
	for (enum record_kind kind = RECORD_SOURCE; kind <= RECORD_KINDS; kind++) {
		if (bytes_equal(name, bytes_of(shapes[kind].name)))
			return kind;
	}
	return 0;
}

enum record_kind record_kind_of_list(struct bytes name)
{
	for (enum record_kind kind = RECORD_SOURCE; kind <= RECORD_KINDS; kind++) {
		if (bytes_equal(name, bytes_of(list_names[kind])))
			return kind;
	}
	return 0;
}

/* bytes_compare without the length of `name`: most differ in their first letters. */
static int compare_name(struct bytes text, const char *name)
{
	for (size_t i = 0; i < text.length; i++) {
		int order = (unsigned char)text.data[i] - (unsigned char)name[i];
		if (order != 0)
			return order;
	}
	return name[text.length] == '\0' ? 0 : -1;
}

size_t shape_find(const struct shape *shape, struct bytes name)
{
	size_t low = 0, high = shape->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare_name(name, shape->fields[middle].name);
		if (order == 0)
			return middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return FIELD_NONE;
}

size_t shape_index(const struct shape *shape, const char *name)
{
	size_t index = shape_find(shape, bytes_of(name));
	assert(index != FIELD_NONE);
	return index;
}

bool field_is_list(const struct field *field)
{
	return field->type >= FIELD_REFERENCES;
}

size_t choice_find(const char *const *choices, struct bytes text)
{
	for (size_t i = 0; choices[i]; i++) {
		if (bytes_equal(text, bytes_of(choices[i])))
			return i;
	}
	return FIELD_NONE;
}
