#include "loading.h"

#include <string.h>
#include <udcg/base/text.h>

#include "documents.h"
#include "input.h"
#include "scan.h"

static const char sql_record[] = "INSERT INTO record (row, kind, id, json) VALUES (?1, ?2, ?3, ?4)";
static const char sql_record_source[] =
	"INSERT OR IGNORE INTO record_source (kind, record, source) VALUES (?1, ?2, ?3)";
/* Town and venue may be one. */
static const char sql_place[] =
	"INSERT OR IGNORE INTO meeting_place (folded, meeting) VALUES (?1, ?2)";

bool loading_writes(const struct loading *loading)
{
	return !fault_log_any(loading->log);
}

enum timeline_status loading_result(struct loading *loading, enum store_status status)
{
	return status == STORE_OK ? TIMELINE_OK
				  : faults_store(loading->log->faults, loading->database, status);
}

enum timeline_status loading_write(struct loading *loading, struct statement *statement)
{
	if (!loading_writes(loading))
		return TIMELINE_OK;
	return loading_result(loading, statement_run(statement));
}

static enum store_status prepare(struct loading *loading, const char *sql,
	struct statement **ret_statement)
{
	return statement_prepare(loading->database, bytes_of(sql), ret_statement);
}

/* A set is rows of (record, other record), a list that keeps its order (record, position, text).
 * Overlaps come from both sides. */
static enum store_status prepare_list(struct loading *loading, enum record_kind kind, size_t index)
{
	const struct field *field = &record_shape(kind)->fields[index];
	_cleanup_strbuf_ struct strbuf sql = {0};
	strbuf_append_format(&sql, "INSERT OR IGNORE INTO \"%s\" VALUES (?1, ?2%s)", field->table,
		field->type == FIELD_TEXTS ? ", ?3" : "");
	if (sql.failed)
		return STORE_NO_MEMORY;
	return prepare(loading, sql.data, &loading->lists[kind][index]);
}

static enum store_status prepare_kind(struct loading *loading, enum record_kind kind)
{
	const struct shape *shape = record_shape(kind);
	enum store_status status =
		table_prepare(loading->database, shape, "row", 1, &loading->records[kind]);
	for (size_t i = 0; status == STORE_OK && i < shape->count; i++) {
		if (shape->fields[i].table)
			status = prepare_list(loading, kind, i);
	}
	return status;
}

static enum store_status prepare_parts(struct loading *loading)
{
	const struct shape *meeting = record_shape(RECORD_MEETING);
	const struct {
		const char *leading;
		int count;
		const struct shape *shape;
		struct table *table;
	} parts[] = {
		{.leading = "row, meeting, position",
			.count = 3,
			.shape = meeting->fields[shape_index(meeting, "attendance")].objects,
			.table = &loading->attendance},
		{.leading = "meeting, position",
			.count = 2,
			.shape = meeting->fields[shape_index(meeting, "headcounts")].objects,
			.table = &loading->headcount},
		{.leading = "row, kind, record, path",
			.count = 4,
			.shape = &shape_evidence,
			.table = &loading->citation},
	};
	enum store_status status = STORE_OK;
	for (size_t i = 0; status == STORE_OK && i < sizeof(parts) / sizeof(parts[0]); i++)
		status = table_prepare(loading->database, parts[i].shape, parts[i].leading,
			parts[i].count, parts[i].table);
	return status;
}

enum timeline_status loading_prepare(struct loading *loading)
{
	digest_start(&loading->digest);
	enum store_status status = prepare(loading, sql_record, &loading->record);
	if (status == STORE_OK)
		status = prepare(loading, sql_record_source, &loading->record_source);
	if (status == STORE_OK)
		status = prepare(loading, sql_place, &loading->place);
	if (status == STORE_OK)
		status = prepare_parts(loading);
	for (enum record_kind kind = RECORD_SOURCE; status == STORE_OK && kind <= RECORD_KINDS;
		kind++)
		status = prepare_kind(loading, kind);
	return loading_result(loading, status);
}

void loading_free(struct loading *loading)
{
	for (enum record_kind kind = RECORD_SOURCE; kind <= RECORD_KINDS; kind++) {
		table_free(&loading->records[kind]);
		for (size_t i = 0; i < SHAPE_FIELDS_MAX; i++)
			statement_free(loading->lists[kind][i]);
	}
	table_free(&loading->attendance);
	table_free(&loading->headcount);
	table_free(&loading->citation);
	statement_free(loading->record);
	statement_free(loading->record_source);
	statement_free(loading->place);
	strbuf_free(&loading->json);
	strbuf_free(&loading->overlaps);
	strbuf_free(&loading->buffer);
	strbuf_free(&loading->texts.decoded);
}

/* What an export writes must be loadable again. */
static void check_overlaps(struct loading *loading)
{
	const struct path path = {.key = "overlaps"};
	struct scan ids = scan_inside(strbuf_bytes(&loading->overlaps));
	struct bytes id;
	size_t count = 0;
	while (scan_element(&ids, &id))
		count++;
	if (count > LIST_MAX)
		loading_fault(loading, &path,
			"has %zu entries with those of figures that name this one: at most 10,000 "
			"are allowed",
			count);
}

/* Makes overlaps mutual; gives the record's canonical form. */
static enum timeline_status complete(struct loading *loading, struct bytes *ret_json)
{
	const struct staged *staged = loading->staged;
	*ret_json = staged->json;
	strbuf_clear(&loading->overlaps);
	if (staged->kind != RECORD_AID)
		return TIMELINE_OK;
	enum timeline_status status =
		links_append_overlaps(loading->links, staged->id, &loading->overlaps);
	if (status != TIMELINE_OK || loading->overlaps.length == 0)
		return status;
	check_overlaps(loading);
	strbuf_clear(&loading->json);
	view_append_with(&loading->json, staged->json, "overlaps",
		strbuf_bytes(&loading->overlaps));
	if (loading->json.failed)
		return TIMELINE_NO_MEMORY;
	*ret_json = strbuf_bytes(&loading->json);
	return TIMELINE_OK;
}

static enum timeline_status write_json(struct loading *loading)
{
	const struct staged *staged = loading->staged;
	struct bytes json;
	enum timeline_status status = complete(loading, &json);
	if (status != TIMELINE_OK)
		return status;
	strbuf_clear(&loading->buffer);
	view_append_line(&loading->buffer, staged->kind, json);
	strbuf_append_char(&loading->buffer, '\n');
	if (loading->buffer.failed)
		return TIMELINE_NO_MEMORY;
	if (loading->buffer.length - 1 > INPUT_VALUE_MAX)
		loading_fault(loading, NULL, "is longer than 16 MiB as a line of the record form");
	digest_update(&loading->digest, loading->buffer.data, loading->buffer.length);
	statement_bind_integer_at(loading->record, 1, ++loading->record_row);
	statement_bind_integer_at(loading->record, 2, staged->kind);
	statement_bind_text_at(loading->record, 3, staged->id);
	statement_bind_text_at(loading->record, 4, json);
	return loading_write(loading, loading->record);
}

static enum timeline_status add_step(struct loading *loading, size_t field, int64_t to)
{
	const struct staged *staged = loading->staged;
	if (staged->row == 0 || to == 0)
		return TIMELINE_OK;
	return links_add_step(loading->links, staged->kind, field, staged->row, to);
}

static enum timeline_status write_references(struct loading *loading, size_t index,
	struct bytes list)
{
	const struct field *field = &record_shape(loading->staged->kind)->fields[index];
	struct statement *insert = loading->lists[loading->staged->kind][index];
	const struct path path = {.key = field->name};
	struct scan ids = scan_inside(list);
	struct bytes id;
	enum timeline_status status = TIMELINE_OK;
	for (size_t i = 0; status == TIMELINE_OK && scan_element(&ids, &id); i++) {
		const struct path at = {.parent = &path, .index = i};
		int64_t row, trait;
		status = loading_resolve(loading, &at, field->target, id, &row, &trait);
		if (status == TIMELINE_OK && field->acyclic)
			status = add_step(loading, index, row);
		if (status != TIMELINE_OK)
			return status;
		statement_bind_integer_at(insert, 1, loading->staged->row);
		statement_bind_integer_at(insert, 2, row);
		status = loading_write(loading, insert);
	}
	return status;
}

static enum timeline_status write_texts(struct loading *loading, const struct part *part,
	size_t index)
{
	struct statement *insert = loading->lists[loading->staged->kind][index];
	struct scan texts = scan_inside(part->view.values[index]);
	struct bytes text;
	enum timeline_status status = TIMELINE_OK;
	for (int64_t i = 0; status == TIMELINE_OK && scan_element(&texts, &text); i++) {
		statement_bind_integer_at(insert, 1, loading->staged->row);
		statement_bind_integer_at(insert, 2, i);
		statement_bind_text_at(insert, 3, scan_text(text, &loading->texts.decoded));
		status = loading_write(loading, insert);
	}
	return status;
}

/* Lists of ids and texts, and what the record's single references lead to. */
static enum timeline_status write_fields(struct loading *loading, const struct part *part)
{
	const struct shape *shape = part->view.shape;
	enum timeline_status status = TIMELINE_OK;
	for (size_t i = 0; status == TIMELINE_OK && i < shape->count; i++) {
		const struct field *field = &shape->fields[i];
		if (field->type == FIELD_REFERENCES)
			status = write_references(loading, i, part->view.values[i]);
		else if (field->type == FIELD_TEXTS)
			status = write_texts(loading, part, i);
		else if (field->type == FIELD_REFERENCE && field->acyclic)
			status = add_step(loading, i, part->rows[i]);
		/* Those that the other side wrote. */
		if (status == TIMELINE_OK && loading_writes(loading)
			&& strcmp(field->name, "overlaps") == 0)
			status = write_references(loading, i, strbuf_bytes(&loading->overlaps));
	}
	return status;
}

static enum timeline_status write_place(struct loading *loading, const struct part *meeting,
	const char *key)
{
	struct bytes place = view_value(&meeting->view, key);
	if (!place.data)
		return TIMELINE_OK;
	strbuf_clear(&loading->buffer);
	text_fold(&loading->buffer, scan_text(place, &loading->texts.decoded));
	if (loading->buffer.failed)
		return TIMELINE_NO_MEMORY;
	statement_bind_text_at(loading->place, 1, strbuf_bytes(&loading->buffer));
	statement_bind_integer_at(loading->place, 2, loading->staged->row);
	return loading_write(loading, loading->place);
}

static enum timeline_status write_meeting(struct loading *loading, const struct part *meeting)
{
	enum timeline_status status = loading_attendance(loading, meeting);
	if (status == TIMELINE_OK)
		status = loading_headcounts(loading, meeting);
	if (status == TIMELINE_OK)
		status = write_place(loading, meeting, "place");
	if (status == TIMELINE_OK)
		status = write_place(loading, meeting, "venue");
	return status;
}

static enum timeline_status write_row(struct loading *loading, struct part *part)
{
	struct table *table = &loading->records[loading->staged->kind];
	statement_bind_integer_at(table->insert, 1, loading->staged->row);
	table_bind(table, &part->view, part->rows, &part->bases, &loading->texts);
	return loading_write(loading, table->insert);
}

enum timeline_status loading_record(struct loading *loading, const struct staged *staged)
{
	struct part part = {0};
	enum timeline_status status = TIMELINE_OK;
	loading->staged = staged;
	/* So that nothing moves while texts are bound: what is decoded is no longer than its token,
	 * and no token is decoded more than twice. */
	strbuf_clear(&loading->texts.decoded);
	strbuf_reserve(&loading->texts.decoded, 2 * staged->json.length);
	if (loading->texts.decoded.failed)
		return TIMELINE_NO_MEMORY;

	if (staged->row != 0)
		status = write_json(loading);
	view_read(&part.view, record_shape(staged->kind), staged->json);
	if (status == TIMELINE_OK)
		status = loading_resolve_part(loading, &part);
	if (status == TIMELINE_OK && staged->kind == RECORD_SOURCE)
		status = documents_check_source(loading, &part);
	if (status == TIMELINE_OK)
		status = loading_cite(loading, &part);
	if (status == TIMELINE_OK)
		status = write_row(loading, &part);
	if (status == TIMELINE_OK)
		status = write_fields(loading, &part);
	if (status == TIMELINE_OK && staged->kind == RECORD_MEETING)
		status = write_meeting(loading, &part);
	return status;
}
