#include "facts.h"

#include <stdlib.h>

static const char schema[] =
	"CREATE TABLE cited (source INTEGER, byte_start INTEGER, byte_end INTEGER, kind INTEGER,"
	" id TEXT, path TEXT, shape INTEGER, fields INTEGER, citation INTEGER) STRICT;";
static const char sql_add[] =
	"INSERT INTO cited (source, byte_start, byte_end, kind, id, path,"
	" shape, fields, citation) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char sql_all[] =
	"SELECT source, byte_start, byte_end, kind, id, path, shape, fields, citation FROM cited"
	" ORDER BY source, byte_start, byte_end";
static const char sql_fact[] =
	"INSERT INTO fact (source, byte_start, byte_end, type, id, field, citation)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

struct facts {
	struct staging *staging;
	struct statement *add;
};

enum timeline_status facts_open(struct staging *staging, struct facts **ret_facts)
{
	struct facts *facts = calloc(1, sizeof(*facts));
	if (!facts)
		return TIMELINE_NO_MEMORY;
	facts->staging = staging;
	struct database *database = staging_database(staging);
	enum store_status status = database_execute(database, schema);
	if (status == STORE_OK)
		status = statement_prepare(database, bytes_of(sql_add), &facts->add);
	if (status != STORE_OK) {
		facts_free(facts);
		return staging_result(staging, status);
	}
	*ret_facts = facts;
	return TIMELINE_OK;
}

void facts_free(struct facts *facts)
{
	if (!facts)
		return;
	statement_free(facts->add);
	free(facts);
}

/* The shapes that have evidence, numbered: those of the records by their kind. */
static const struct shape *numbered_shape(int64_t number)
{
	const struct shape *meeting = record_shape(RECORD_MEETING);
	if (number <= RECORD_KINDS)
		return record_shape((enum record_kind)number);
	const char *list = number == RECORD_KINDS + 1 ? "attendance" : "headcounts";
	return meeting->fields[shape_index(meeting, list)].objects;
}

static int64_t shape_number(const struct shape *shape)
{
	int64_t number = RECORD_SOURCE;
	while (numbered_shape(number) != shape)
		number++;
	return number;
}

enum timeline_status facts_add(struct facts *facts, const struct cited *cited)
{
	statement_bind_integer_at(facts->add, 1, cited->source);
	statement_bind_integer_at(facts->add, 2, cited->byte_start);
	statement_bind_integer_at(facts->add, 3, cited->byte_end);
	statement_bind_integer_at(facts->add, 4, cited->kind);
	statement_bind_text_at(facts->add, 5, cited->id);
	statement_bind_text_at(facts->add, 6, cited->path);
	statement_bind_integer_at(facts->add, 7, shape_number(cited->shape));
	statement_bind_integer_at(facts->add, 8, (int64_t)cited->fields);
	statement_bind_integer_at(facts->add, 9, cited->citation);
	return staging_result(facts->staging, statement_run(facts->add));
}

/* A row for each field that the citation at hand supports. */
static enum timeline_status write_fields(struct loading *loading, const struct statement *cited,
	struct statement *insert)
{
	const struct shape *shape = numbered_shape(statement_integer(cited, 6));
	uint64_t fields = (uint64_t)statement_integer(cited, 7);
	const char *type = record_kind_name((enum record_kind)statement_integer(cited, 3));
	enum timeline_status status = TIMELINE_OK;
	for (int column = 0; column < 3; column++)
		statement_bind_integer_at(insert, column + 1, statement_integer(cited, column));
	statement_bind_text_at(insert, 4, bytes_of(type));
	statement_bind_text_at(insert, 5, statement_text(cited, 4));
	statement_bind_integer_at(insert, 7, statement_integer(cited, 8));
	for (; status == TIMELINE_OK && fields != 0; fields &= fields - 1) {
		strbuf_clear(&loading->buffer);
		strbuf_append_bytes(&loading->buffer, statement_text(cited, 5));
		strbuf_append_char(&loading->buffer, '/');
		strbuf_append_text(&loading->buffer, shape->fields[__builtin_ctzll(fields)].name);
		if (loading->buffer.failed)
			return TIMELINE_NO_MEMORY;
		statement_bind_text_at(insert, 6, strbuf_bytes(&loading->buffer));
		status = loading_result(loading, statement_run(insert));
	}
	return status;
}

enum timeline_status facts_write(struct facts *facts, struct loading *loading)
{
	_cleanup_statement_ struct statement *cited = NULL, *insert = NULL;
	enum timeline_status status = loading_result(loading,
		statement_prepare(loading->database, bytes_of(sql_fact), &insert));
	if (status == TIMELINE_OK)
		status = staging_result(facts->staging,
			statement_prepare(staging_database(facts->staging), bytes_of(sql_all),
				&cited));
	while (status == TIMELINE_OK) {
		bool row = false;
		status = staging_result(facts->staging, statement_step(cited, &row));
		if (status != TIMELINE_OK || !row)
			break;
		status = write_fields(loading, cited, insert);
	}
	return status;
}
