#include "vocabulary.h"

#include <stdlib.h>
#include <string.h>
#include <udcg/api/query.h>
#include <udcg/api/row.h>
#include <udcg/base/arena.h>

/* One value of a filter. */
struct tally {
	struct cell value;
	int64_t count; /* 0: a free slot */
	int64_t last; /* the row that was counted last */
};

/* The values of one filter: open addressing, half of it free. */
struct values {
	const struct parameter *parameter;
	struct tally *slots;
	size_t size, used;
};

struct count {
	struct database *database;
	const struct resource *resource;
	struct values values[VOCABULARY_FILTERS_MAX];
	size_t value_count;
	struct arena arena;
};

static size_t hash(const struct cell *value)
{
	uint64_t hash = UINT64_C(14695981039346656037) ^ (uint64_t)value->number;
	for (size_t i = 0; i < value->text.length; i++)
		hash = (hash ^ (unsigned char)value->text.data[i]) * UINT64_C(1099511628211);
	return (size_t)(hash * UINT64_C(0x9E3779B97F4A7C15) >> 32);
}

static bool is_same(const struct cell *a, const struct cell *b)
{
	return a->known == b->known && a->number == b->number && bytes_equal(a->text, b->text);
}

static struct tally *find(const struct values *values, const struct cell *value)
{
	size_t at = hash(value) % values->size;
	while (values->slots[at].count && !is_same(&values->slots[at].value, value))
		at = (at + 1) % values->size;
	return &values->slots[at];
}

static bool grow(struct values *values)
{
	struct values larger = {
		.parameter = values->parameter,
		.size = values->size ? 2 * values->size : 64,
		.used = values->used,
	};
	larger.slots = calloc(larger.size, sizeof(*larger.slots));
	if (!larger.slots)
		return false;
	for (size_t i = 0; i < values->size; i++)
		if (values->slots[i].count)
			*find(&larger, &values->slots[i].value) = values->slots[i];
	free(values->slots);
	*values = larger;
	return true;
}

/* A row counts once for a value, though it may come several times, one after the other. */
static bool add(struct count *count, struct values *values, const struct cell *value, int64_t row)
{
	if (2 * values->used >= values->size && !grow(values))
		return false;
	struct tally *tally = find(values, value);
	if (!tally->count) {
		tally->value = *value;
		if (value->text.data)
			tally->value.text = arena_copy(&count->arena, value->text);
		if (value->text.data && !tally->value.text.data)
			return false;
		values->used++;
	} else if (tally->last == row) {
		return true;
	}
	tally->count++;
	tally->last = row;
	return true;
}

/* What `X IN ({})` compares. */
static bool append_compared(const char *condition, const char *alias, struct strbuf *sql)
{
	static const char tail[] = " IN ({})";
	size_t length = strlen(condition), skip = sizeof(tail) - 1;
	if (length < skip || strcmp(condition + length - skip, tail) != 0)
		return false;
	for (size_t i = 0; i < length - skip; i++)
		if (condition[i] == '@')
			strbuf_append_text(sql, alias);
		else
			strbuf_append_char(sql, condition[i]);
	return true;
}

static enum store_status walk(struct count *count, const struct strbuf *sql)
{
	_cleanup_statement_ struct statement *rows = NULL;
	enum store_status status = sql->failed
		? STORE_NO_MEMORY
		: statement_prepare(count->database, strbuf_bytes(sql), &rows);
	for (bool row = true; status == STORE_OK;) {
		status = statement_step(rows, &row);
		if (status != STORE_OK || !row)
			break;
		for (size_t i = 0; i < count->value_count; i++) {
			struct cell value = cell_read(rows, (int)i + 1);
			if (!add(count, &count->values[i], &value, statement_integer(rows, 0)))
				return STORE_NO_MEMORY;
		}
	}
	return status;
}

static enum store_status write_values(struct count *count, struct statement *insert)
{
	enum store_status status = STORE_OK;
	for (size_t i = 0; i < count->value_count; i++) {
		const struct values *values = &count->values[i];
		statement_bind_text_at(insert, 1, bytes_of(count->resource->name));
		statement_bind_text_at(insert, 2, bytes_of(values->parameter->name));
		for (size_t j = 0; j < values->size && status == STORE_OK; j++) {
			const struct tally *tally = &values->slots[j];
			if (!tally->count)
				continue;
			if (tally->value.known && !tally->value.text.data)
				statement_bind_integer_at(insert, 3, tally->value.number);
			else
				statement_bind_text_at(insert, 3, tally->value.text);
			statement_bind_integer_at(insert, 4, tally->count);
			status = statement_run(insert);
		}
	}
	return status;
}

/* The filters whose conditions are about the resource's own rows, or about those of its joint one. */
static enum store_status count_filters(struct count *count, const char *const *filters, bool joint)
{
	const struct resource *resource = count->resource;
	_cleanup_strbuf_ struct strbuf sql = {0};
	_cleanup_statement_ struct statement *insert = NULL;
	strbuf_append_format(&sql, "SELECT %s", joint ? resource->joint_row : resource->alias);
	strbuf_append_text(&sql, joint ? "" : ".row");
	for (; *filters; filters++) {
		const struct parameter *parameter =
			resource_find_parameter(resource, bytes_of(*filters));
		const char *condition = joint ? parameter->sql_joint : parameter->sql;
		if (!condition)
			continue;
		strbuf_append_text(&sql, ", ");
		if (!append_compared(condition, resource->dated ? resource->dated : "", &sql))
			return STORE_ERROR;
		count->values[count->value_count++].parameter = parameter;
	}
	if (!count->value_count)
		return STORE_OK;
	strbuf_append_format(&sql, " FROM %s", joint ? resource->joint_from : resource->from);
	if (joint)
		strbuf_append_format(&sql, " ORDER BY %s", resource->joint_row);
	enum store_status status = walk(count, &sql);
	if (status == STORE_OK)
		status = statement_prepare(count->database,
			BYTES_LITERAL("INSERT INTO vocabulary (resource, filter, value, count)"
				      " VALUES (?1, ?2, ?3, ?4)"),
			&insert);
	return status == STORE_OK ? write_values(count, insert) : status;
}

enum store_status vocabulary_count(struct database *database, const struct resource *resource,
	const char *const *filters)
{
	enum store_status status = STORE_OK;
	for (int joint = 0; joint < 2 && status == STORE_OK; joint++) {
		struct count count = {.database = database, .resource = resource};
		status = count_filters(&count, filters, joint);
		for (size_t i = 0; i < count.value_count; i++)
			free(count.values[i].slots);
		arena_free(&count.arena);
	}
	return status;
}
