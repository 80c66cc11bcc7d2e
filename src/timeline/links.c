#include <stdlib.h>
#include <udcg/base/json.h>

#include "links_internal.h"
#include "model.h"

static const char schema[] =
	"CREATE TABLE overlap (id TEXT, other TEXT, PRIMARY KEY (id, other)) STRICT, WITHOUT ROWID;"
	/* `relation` is the kind times SHAPE_FIELDS_MAX, plus the field. */
	"CREATE TABLE step (relation INTEGER, \"from\" INTEGER, \"to\" INTEGER,"
	" PRIMARY KEY (relation, \"from\", \"to\")) STRICT, WITHOUT ROWID;"
	/* What the search for circles has seen: `open` is on the way from its start to where it is. */
	"CREATE TABLE visit (relation INTEGER, row INTEGER, parent INTEGER, open INTEGER,"
	" PRIMARY KEY (relation, row)) STRICT, WITHOUT ROWID;";

static const char *const sql[LINK_STATEMENTS] = {
	[ADD_OVERLAP] = "INSERT OR IGNORE INTO overlap (id, other) VALUES (?1, ?2), (?2, ?1)",
	[OVERLAPS] = "SELECT other FROM overlap WHERE id = ?1 ORDER BY other",
	[ADD_STEP] = "INSERT OR IGNORE INTO step (relation, \"from\", \"to\") VALUES (?1, ?2, ?3)",
	[NEXT_START] = "SELECT relation, \"from\" FROM step WHERE (relation, \"from\") > (?1, ?2)"
		       " ORDER BY relation, \"from\" LIMIT 1",
	/* Only steps from which it goes on can be part of a circle. */
	[NEXT_STEP] = "SELECT \"to\" FROM step AS s WHERE relation = ?1 AND \"from\" = ?2"
		      " AND \"to\" > ?3 AND EXISTS (SELECT 1 FROM step AS n"
		      " WHERE n.relation = s.relation AND n.\"from\" = s.\"to\")"
		      " ORDER BY \"to\" LIMIT 1",
	[VISIT] = "SELECT parent, open FROM visit WHERE relation = ?1 AND row = ?2",
	[OPEN_VISIT] = "INSERT INTO visit (relation, row, parent, open) VALUES (?1, ?2, ?3, 1)",
	[CLOSE_VISIT] = "UPDATE visit SET open = 0 WHERE relation = ?1 AND row = ?2",
};

enum timeline_status links_open(struct staging *staging, struct links **ret_links)
{
	_cleanup_links_ struct links *links = calloc(1, sizeof(*links));
	if (!links)
		return TIMELINE_NO_MEMORY;
	links->staging = staging;
	struct database *database = staging_database(staging);
	enum store_status status = database_execute(database, schema);
	for (size_t i = 0; status == STORE_OK && i < LINK_STATEMENTS; i++)
		status = statement_prepare(database, bytes_of(sql[i]), &links->statements[i]);
	if (status != STORE_OK)
		return staging_result(staging, status);
	*ret_links = links;
	links = NULL;
	return TIMELINE_OK;
}

void links_free(struct links *links)
{
	if (!links)
		return;
	for (size_t i = 0; i < LINK_STATEMENTS; i++)
		statement_free(links->statements[i]);
	free(links);
}

void links_freep(struct links **links)
{
	links_free(*links);
}

enum timeline_status links_add_overlap(struct links *links, struct bytes id, struct bytes other)
{
	struct statement *add = links->statements[ADD_OVERLAP];
	links->overlaps++;
	statement_bind_text_at(add, 1, id);
	statement_bind_text_at(add, 2, other);
	return staging_result(links->staging, statement_run(add));
}

enum timeline_status links_append_overlaps(struct links *links, struct bytes id,
	struct strbuf *buffer)
{
	struct statement *overlaps = links->statements[OVERLAPS];
	size_t start = buffer->length;
	bool row = false;
	if (links->overlaps == 0)
		return TIMELINE_OK;
	statement_reset(overlaps);
	statement_bind_text_at(overlaps, 1, id);
	enum store_status status = statement_step(overlaps, &row);
	for (; status == STORE_OK && row; status = statement_step(overlaps, &row)) {
		strbuf_append_char(buffer, buffer->length > start ? ',' : '[');
		json_append_bytes(buffer, statement_text(overlaps, 0));
	}
	if (buffer->length > start)
		strbuf_append_char(buffer, ']');
	return buffer->failed ? TIMELINE_NO_MEMORY : staging_result(links->staging, status);
}

enum timeline_status links_add_step(struct links *links, enum record_kind kind, size_t field,
	int64_t from, int64_t to)
{
	struct statement *add = links->statements[ADD_STEP];
	statement_bind_integer_at(add, 1, (int64_t)kind * SHAPE_FIELDS_MAX + (int64_t)field);
	statement_bind_integer_at(add, 2, from);
	statement_bind_integer_at(add, 3, to);
	return staging_result(links->staging, statement_run(add));
}
