#include "staging.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <udcg/base/text.h>
#include <udcg/store/statement.h>
#include <unistd.h>

static const char schema[] =
	"PRAGMA cache_size = -16384;"
	"BEGIN;"
	/* In the order of the file. */
	"CREATE TABLE record (n INTEGER PRIMARY KEY, kind INTEGER, id TEXT, json TEXT, sets TEXT,"
	" offset INTEGER, line INTEGER, in_list INTEGER, position INTEGER, trait INTEGER,"
	" named INTEGER) STRICT;"
	"CREATE TABLE name (kind INTEGER, id TEXT, n INTEGER, trait INTEGER,"
	" PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;"
	/* Only where the file's order is not the canonical one. */
	"CREATE TABLE rank (kind INTEGER, id TEXT, row INTEGER, n INTEGER, trait INTEGER,"
	" PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;";

static const char sql_add[] =
	"INSERT INTO record (n, kind, id, json, sets, offset, line, in_list, position, trait, named)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
static const char sql_name[] = "INSERT INTO name (kind, id, n, trait) VALUES (?1, ?2, ?3, ?4)";
static const char sql_line[] = "SELECT r.line FROM name AS m JOIN record AS r ON r.n = m.n"
			       " WHERE m.kind = ?1 AND m.id = ?2";
static const char sql_names[] = "SELECT kind, id, n, trait FROM name ORDER BY kind, id";
static const char sql_rank[] =
	"INSERT INTO rank (kind, id, row, n, trait) VALUES (?1, ?2, ?3, ?4, ?5)";
/* `row` is n where the file is in order: what staging_rank counted is taken off. */
static const char sql_find_in_order[] = "SELECT n, trait FROM name WHERE kind = ?1 AND id = ?2";
static const char sql_find[] = "SELECT row, trait FROM rank WHERE kind = ?1 AND id = ?2";
#define COLUMNS " r.kind, r.id, r.json, r.sets, r.offset, r.line, r.in_list, r.position, r.trait"
static const char sql_walk_in_order[] =
	"SELECT r.n," COLUMNS " FROM record AS r WHERE r.named ORDER BY r.n";
static const char sql_walk[] =
	"SELECT m.row," COLUMNS " FROM rank AS m JOIN record AS r ON r.n = m.n"
	" ORDER BY m.kind, m.id";
static const char sql_walk_others[] =
	"SELECT 0," COLUMNS " FROM record AS r WHERE NOT r.named ORDER BY r.n";

static const char sql_at_in_order[] =
	"SELECT r.n," COLUMNS " FROM record AS r WHERE r.kind = ?1 AND r.n = ?2";
static const char sql_rank_rows[] = "CREATE INDEX IF NOT EXISTS rank_row ON rank (kind, row)";
static const char sql_at[] = "SELECT m.row," COLUMNS " FROM rank AS m JOIN record AS r ON r.n = m.n"
			     " WHERE m.kind = ?1 AND m.row = ?2";

enum { CACHE_SIZE = 2048 };

/* What was found last, by a hash of the id. */
struct found {
	enum record_kind kind;
	size_t length;
	char id[SLUG_MAX];
	int64_t row, trait;
};

struct staging {
	struct database *database;
	struct faults *faults;
	struct statement *add, *name, *find, *walk, *at;
	int64_t records;
	int64_t before[RECORD_KINDS + 2]; /* named records of the kinds before; then all of them */
	size_t counts[RECORD_KINDS + 1];
	/* As long as the records came in canonical order. */
	bool in_order;
	enum record_kind last_kind;
	struct strbuf last_id;
	struct found cache[CACHE_SIZE];
};

struct database *staging_database(struct staging *staging)
{
	return staging->database;
}

enum timeline_status staging_result(struct staging *staging, enum store_status status)
{
	return status == STORE_OK ? TIMELINE_OK
				  : faults_store(staging->faults, staging->database, status);
}

static enum timeline_status prepare(struct staging *staging, const char *sql,
	struct statement **ret_statement)
{
	return staging_result(staging,
		statement_prepare(staging->database, bytes_of(sql), ret_statement));
}

enum timeline_status staging_open(const char *file, struct faults *faults,
	struct staging **ret_staging)
{
	_cleanup_staging_ struct staging *staging = calloc(1, sizeof(*staging));
	if (!staging)
		return TIMELINE_NO_MEMORY;
	staging->faults = faults;
	staging->in_order = true;
	if (file)
		unlink(file);
	enum store_status opened = database_create(file, &staging->database);
	if (opened != STORE_OK && opened != STORE_NO_MEMORY)
		return faults_errno(faults, file ? file : "scratch database");
	/* Nobody else needs its name, and nothing is left where the process is killed. */
	if (file)
		unlink(file);
	enum timeline_status status = staging_result(staging, opened);
	if (status == TIMELINE_OK)
		status = staging_result(staging, database_execute(staging->database, schema));
	if (status == TIMELINE_OK)
		status = prepare(staging, sql_add, &staging->add);
	if (status == TIMELINE_OK)
		status = prepare(staging, sql_name, &staging->name);
	if (status != TIMELINE_OK)
		return status;
	*ret_staging = staging;
	staging = NULL;
	return TIMELINE_OK;
}

void staging_free(struct staging *staging)
{
	if (!staging)
		return;
	statement_free(staging->add);
	statement_free(staging->name);
	statement_free(staging->find);
	statement_free(staging->walk);
	statement_free(staging->at);
	database_free(staging->database);
	strbuf_free(&staging->last_id);
	free(staging);
}

void staging_freep(struct staging **staging)
{
	staging_free(*staging);
}

static void note_order(struct staging *staging, enum record_kind kind, struct bytes id)
{
	if (!staging->in_order)
		return;
	staging->in_order = id.data
		&& (kind > staging->last_kind
			|| (kind == staging->last_kind
				&& bytes_compare(id, strbuf_bytes(&staging->last_id)) > 0));
	staging->last_kind = kind;
	strbuf_clear(&staging->last_id);
	strbuf_append_bytes(&staging->last_id, id);
	staging->in_order = staging->in_order && !staging->last_id.failed;
}

static enum timeline_status find_line(struct staging *staging, const struct staged *record,
	size_t *ret_line)
{
	_cleanup_statement_ struct statement *line = NULL;
	bool row = false;
	enum timeline_status status = prepare(staging, sql_line, &line);
	if (status != TIMELINE_OK)
		return status;
	statement_bind_integer_at(line, 1, record->kind);
	statement_bind_text_at(line, 2, record->id);
	status = staging_result(staging, statement_step(line, &row));
	if (status == TIMELINE_OK && row)
		*ret_line = (size_t)statement_integer(line, 0);
	return status;
}

/* Gives the record its name, unless it is taken. */
static enum timeline_status add_name(struct staging *staging, const struct staged *record,
	int64_t n, size_t *ret_taken_at)
{
	statement_bind_integer_at(staging->name, 1, record->kind);
	statement_bind_text_at(staging->name, 2, record->id);
	statement_bind_integer_at(staging->name, 3, n);
	statement_bind_integer_at(staging->name, 4, record->trait);
	enum store_status added = statement_run(staging->name);
	if (added == STORE_CONSTRAINT)
		return find_line(staging, record, ret_taken_at);
	if (added == STORE_OK)
		staging->counts[record->kind]++;
	return staging_result(staging, added);
}

enum timeline_status staging_add(struct staging *staging, const struct staged *record,
	size_t *ret_taken_at)
{
	enum timeline_status status = TIMELINE_OK;
	int64_t n = ++staging->records;
	bool named = record->id.data != NULL;
	*ret_taken_at = 0;
	note_order(staging, record->kind, record->id);
	if (named)
		status = add_name(staging, record, n, ret_taken_at);
	if (status != TIMELINE_OK)
		return status;

	statement_bind_integer_at(staging->add, 1, n);
	statement_bind_integer_at(staging->add, 2, record->kind);
	statement_bind_text_at(staging->add, 3, record->id);
	statement_bind_text_at(staging->add, 4, record->json);
	statement_bind_text_at(staging->add, 5, record->order);
	statement_bind_integer_at(staging->add, 6, (int64_t)record->place.offset);
	statement_bind_integer_at(staging->add, 7, (int64_t)record->place.line);
	statement_bind_integer_at(staging->add, 8, record->in_list);
	statement_bind_integer_at(staging->add, 9, (int64_t)record->index);
	statement_bind_integer_at(staging->add, 10, record->trait);
	statement_bind_integer_at(staging->add, 11, named && *ret_taken_at == 0);
	return staging_result(staging, statement_run(staging->add));
}

size_t staging_count(const struct staging *staging, enum record_kind kind)
{
	return staging->counts[kind];
}

/* Numbers the records of each kind by their ids. */
static enum timeline_status fill_rank(struct staging *staging)
{
	_cleanup_statement_ struct statement *names = NULL, *rank = NULL;
	int64_t rows[RECORD_KINDS + 1] = {0};
	enum timeline_status status = prepare(staging, sql_names, &names);
	if (status == TIMELINE_OK)
		status = prepare(staging, sql_rank, &rank);
	while (status == TIMELINE_OK) {
		bool more = false;
		status = staging_result(staging, statement_step(names, &more));
		if (status != TIMELINE_OK || !more)
			break;
		int64_t kind = statement_integer(names, 0);
		statement_bind_integer_at(rank, 1, kind);
		statement_bind_text_at(rank, 2, statement_text(names, 1));
		statement_bind_integer_at(rank, 3, ++rows[kind]);
		statement_bind_integer_at(rank, 4, statement_integer(names, 2));
		statement_bind_integer_at(rank, 5, statement_integer(names, 3));
		status = staging_result(staging, statement_run(rank));
	}
	return status;
}

enum timeline_status staging_rank(struct staging *staging)
{
	for (enum record_kind kind = RECORD_SOURCE; kind <= RECORD_KINDS; kind++)
		staging->before[kind + 1] = staging->before[kind] + (int64_t)staging->counts[kind];
	enum timeline_status status = staging->in_order ? TIMELINE_OK : fill_rank(staging);
	return status == TIMELINE_OK
		? prepare(staging, staging->in_order ? sql_find_in_order : sql_find, &staging->find)
		: status;
}

static struct found *cache_slot(struct staging *staging, enum record_kind kind, struct bytes id)
{
	uint32_t hash = 2166136261U ^ (uint32_t)kind;
	for (size_t i = 0; i < id.length; i++)
		hash = (hash ^ (unsigned char)id.data[i]) * 16777619U;
	return &staging->cache[(hash ^ hash >> 16) % CACHE_SIZE];
}

enum timeline_status staging_find(struct staging *staging, enum record_kind kind, struct bytes id,
	int64_t *ret_row, int64_t *ret_trait)
{
	struct found *slot = cache_slot(staging, kind, id);
	if (id.length > SLUG_MAX) {
		*ret_row = *ret_trait = 0;
		return TIMELINE_OK;
	}
	if (slot->kind != kind || slot->length != id.length
		|| memcmp(slot->id, id.data, id.length) != 0) {
		bool row = false;
		statement_reset(staging->find);
		statement_bind_integer_at(staging->find, 1, kind);
		statement_bind_text_at(staging->find, 2, id);
		enum store_status stepped = statement_step(staging->find, &row);
		if (stepped != STORE_OK)
			return staging_result(staging, stepped);
		slot->kind = kind;
		slot->length = id.length;
		memcpy(slot->id, id.data, id.length);
		slot->row = row ? statement_integer(staging->find, 0) : 0;
		slot->trait = row ? statement_integer(staging->find, 1) : 0;
		if (row && staging->in_order)
			slot->row -= staging->before[kind];
	}
	*ret_row = slot->row;
	*ret_trait = slot->trait;
	return TIMELINE_OK;
}

enum timeline_status staging_start(struct staging *staging, enum staging_walk walk)
{
	const char *sql = staging->in_order ? sql_walk_in_order : sql_walk;
	statement_free(staging->walk);
	staging->walk = NULL;
	return prepare(staging, walk == STAGING_OTHERS ? sql_walk_others : sql, &staging->walk);
}

/* The record that a statement stands on. */
static struct staged record_at(const struct staging *staging, const struct statement *statement)
{
	struct staged record = {
		.row = statement_integer(statement, 0),
		.kind = (enum record_kind)statement_integer(statement, 1),
		.id = statement_text(statement, 2),
		.json = statement_text(statement, 3),
		.order = statement_text(statement, 4),
		.place = {.offset = (uint64_t)statement_integer(statement, 5),
			.line = (size_t)statement_integer(statement, 6)},
		.in_list = statement_integer(statement, 7) != 0,
		.index = (size_t)statement_integer(statement, 8),
		.trait = statement_integer(statement, 9),
	};
	if (staging->in_order)
		record.row -= staging->before[record.kind];
	return record;
}

enum timeline_status staging_next(struct staging *staging, struct staged *ret_record,
	bool *ret_found)
{
	bool found = false;
	enum timeline_status status =
		staging_result(staging, statement_step(staging->walk, &found));
	if (status == TIMELINE_OK && found)
		*ret_record = record_at(staging, staging->walk);
	*ret_found = found;
	return status;
}

enum timeline_status staging_at(struct staging *staging, enum record_kind kind, int64_t row,
	struct staged *ret_record)
{
	bool found = false;
	enum timeline_status status = TIMELINE_OK;
	if (!staging->at && !staging->in_order)
		status =
			staging_result(staging, database_execute(staging->database, sql_rank_rows));
	if (status == TIMELINE_OK && !staging->at)
		status = prepare(staging, staging->in_order ? sql_at_in_order : sql_at,
			&staging->at);
	if (status != TIMELINE_OK)
		return status;
	statement_reset(staging->at);
	statement_bind_integer_at(staging->at, 1, kind);
	statement_bind_integer_at(staging->at, 2,
		staging->in_order ? row + staging->before[kind] : row);
	status = staging_result(staging, statement_step(staging->at, &found));
	assert(status != TIMELINE_OK || found);
	if (status == TIMELINE_OK)
		*ret_record = record_at(staging, staging->at);
	return status;
}
