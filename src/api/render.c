#include "render.h"

#include <udcg/api/routes.h>
#include <udcg/api/row.h>

static enum store_status create_view(struct database *database, const struct resource *resource)
{
	_cleanup_strbuf_ struct strbuf sql = {0};
	strbuf_append_format(&sql, "CREATE VIEW \"api_%s\" AS SELECT ", resource->name);
	row_append_columns(resource, true, &sql);
	strbuf_append_format(&sql, " FROM %s", resource->from);
	return sql.failed ? STORE_NO_MEMORY : database_execute(database, sql.data);
}

static enum store_status prepare_rendering(struct database *database,
	const struct resource *resource, struct statement **ret_rows, struct statement **ret_insert)
{
	_cleanup_strbuf_ struct strbuf sql = {0};
	strbuf_append_format(&sql,
		"CREATE TABLE %s (row INTEGER PRIMARY KEY, line TEXT NOT NULL) STRICT",
		resource->rendered);
	enum store_status status =
		sql.failed ? STORE_NO_MEMORY : database_execute(database, sql.data);
	if (status != STORE_OK)
		return status;
	strbuf_clear(&sql);
	strbuf_append_format(&sql, "SELECT %s.row, ", resource->alias);
	row_append_columns(resource, false, &sql);
	strbuf_append_format(&sql, " FROM %s ORDER BY %s.row", resource->from, resource->alias);
	status = sql.failed ? STORE_NO_MEMORY
			    : statement_prepare(database, strbuf_bytes(&sql), ret_rows);
	if (status != STORE_OK)
		return status;
	strbuf_clear(&sql);
	strbuf_append_format(&sql, "INSERT INTO %s (row, line) VALUES (?1, ?2)",
		resource->rendered);
	return sql.failed ? STORE_NO_MEMORY
			  : statement_prepare(database, strbuf_bytes(&sql), ret_insert);
}

static enum store_status render(struct database *database, const struct resource *resource)
{
	_cleanup_statement_ struct statement *rows = NULL, *insert = NULL;
	_cleanup_strbuf_ struct strbuf line = {0};
	enum store_status status = prepare_rendering(database, resource, &rows, &insert);
	while (status == STORE_OK) {
		bool row;
		status = statement_step(rows, &row);
		if (status != STORE_OK || !row)
			break;
		strbuf_clear(&line);
		row_write(resource, "", rows, 1, &line);
		if (line.failed)
			return STORE_NO_MEMORY;
		statement_bind_integer_at(insert, 1, statement_integer(rows, 0));
		statement_bind_text_at(insert, 2, strbuf_bytes(&line));
		status = statement_run(insert);
	}
	return status;
}

/* Each resource once, though several routes show it. */
static const struct resource *resource_at(size_t number)
{
	const struct resource *resource = routes[number].resource;
	for (size_t i = 0; resource && i < number; i++)
		if (routes[i].resource == resource)
			return NULL;
	return resource;
}

enum store_status dataset_render(struct database *database)
{
	enum store_status status = database_execute(database, "BEGIN");
	for (size_t i = 0; i < route_count && status == STORE_OK; i++) {
		const struct resource *resource = resource_at(i);
		if (routes[i].prepare)
			status = routes[i].prepare(database);
		if (status != STORE_OK || !resource || !resource->from)
			continue;
		status = create_view(database, resource);
		if (status == STORE_OK && resource->rendered)
			status = render(database, resource);
	}
	return status == STORE_OK ? database_execute(database, "COMMIT; ANALYZE") : status;
}
